/** What is still to come in a day, and what its time has come for. */
import type { Mishap, Place } from './day.ts';

export class Agenda {
  #open: readonly Mishap[];
  #effects = 0;
  readonly #entered = new Map<string, number>();

  constructor(mishaps: readonly Mishap[]) {
    this.#open = mishaps;
  }

  /** A change is about to be made, or was: to Chime or to the ledger, counted from 0 where it begins. */
  atEffect(side: 'before' | 'after'): Mishap[] {
    if (side === 'before') this.#effects += 1;
    const effect = this.#effects - 1;
    return this.#take(({ at }) => 'effect' in at && at.effect === effect && at.side === side);
  }

  /** An execution of a workflow enters a state. */
  atState({ machine, state }: Place): Mishap[] {
    const key = `${machine}: ${state}`;
    const nth = (this.#entered.get(key) ?? 0) + 1;
    this.#entered.set(key, nth);
    return this.#take(
      ({ at }) => 'state' in at && at.machine === machine && at.state === state && at.nth === nth,
    );
  }

  /** What has a time of its own. */
  get timed(): readonly { readonly mishap: Mishap; readonly hours: number }[] {
    return this.#open.flatMap((mishap) => ('hours' in mishap.at ? [{ mishap, hours: mishap.at.hours }] : []));
  }

  /** Whether it is still to come; from now on it is not. */
  take(mishap: Mishap): boolean {
    return this.#take((each) => each === mishap).length > 0;
  }

  /** Nothing more is to come. */
  clear(): void {
    this.#open = [];
  }

  #take(is: (mishap: Mishap) => boolean): Mishap[] {
    const taken = this.#open.filter(is);
    if (taken.length > 0) this.#open = this.#open.filter((mishap) => !taken.includes(mishap));
    return taken;
  }
}
