import type { LocalChime } from '../local/chime/server.ts';
import type { VirtualClock } from '../local/clock.ts';
import type { Case } from './case.ts';
import type { Measured } from './measured.ts';

type UntilQueued = 'requestsUntilQueued' | 'secondsUntilQueued';

/** Watches local Chime: when the last number came into the deletion queue, and what is left in the end. */
export class QueueWatch {
  readonly #chime: LocalChime;
  #full: { seconds: number; requests: number } | undefined;

  /** @param numbers how many there are to be queued */
  constructor(chime: LocalChime, clock: VirtualClock, numbers: number) {
    this.#chime = chime;
    chime.hooks.afterEffect = ({ sequence, operation }) => {
      const isDelete = operation === 'BatchDeletePhoneNumber' || operation === 'DeletePhoneNumber';
      if (this.#full !== undefined || !isDelete || chime.remaining().queued < numbers) return;
      this.#full = { seconds: clock.elapsedSeconds, requests: sequence };
    };
  }

  /** To be asked when the work is done. */
  summary({
    contender,
    numbers,
    perSecond,
  }: Case): Pick<Measured, keyof Case | 'requests' | 'wasted' | 'isFinished' | 'left' | UntilQueued> {
    const { requests, throttled } = this.#chime;
    const remaining = this.#chime.remaining();
    const left = { connectors: remaining.connectors, numbers: remaining.numbers - remaining.queued };
    return {
      ...{ contender, numbers, perSecond: perSecond ?? null },
      requests: requests.length,
      wasted: throttled,
      requestsUntilQueued: this.#full?.requests ?? requests.length,
      secondsUntilQueued: this.#full?.seconds ?? null,
      isFinished: left.connectors === 0 && left.numbers === 0,
      left,
    };
  }
}
