import type { VirtualClock } from '../local/clock.ts';

/** Lets requests go one by one, each as soon as the service's bucket of tokens has one for it when it arrives. */
export class Turns {
  readonly #clock: VirtualClock;
  readonly #perSecond: number | undefined;
  readonly #latencyMs: number;
  #tokens: number;
  #at: number;

  /**
   * @param perSecond the limit, which is also what the bucket holds; undefined: none
   * @param latencyMs how long a request takes to arrive
   */
  constructor(clock: VirtualClock, perSecond: number | undefined, latencyMs: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#latencyMs = latencyMs;
    this.#tokens = perSecond ?? 0;
    this.#at = clock.now().getTime();
  }

  async next(): Promise<void> {
    if (this.#perSecond === undefined) return;
    let [at, tokens] = this.#onArrival(this.#perSecond);
    while (tokens < 1) {
      await this.#clock.sleep(Math.ceil(((1 - tokens) / this.#perSecond) * 1_000));
      [at, tokens] = this.#onArrival(this.#perSecond);
    }
    this.#tokens = tokens - 1;
    this.#at = at;
  }

  /** When a request would arrive that is sent now, and what the bucket would hold then. */
  #onArrival(perSecond: number): [at: number, tokens: number] {
    const at = this.#clock.now().getTime() + this.#latencyMs;
    return [at, Math.min(perSecond, this.#tokens + ((at - this.#at) / 1_000) * perSecond)];
  }
}
