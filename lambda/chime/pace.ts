/**
 * How fast Chime is called. Nobody publishes the rates that it takes, so a client finds out: a few calls go as they come,
 * then it begins gently, grows faster as long as all goes well, and slows down where a call is throttled - by a lot at first,
 * when it knows nothing, by less each time after. A caller that keeps to its turns spends few requests on being refused.
 *
 * The constants were found by trying many against token buckets of 2 to 10 requests a second, with bursts of 1 to 20, for at
 * most a tenth of the requests refused, in at most 1.15 times the shortest time; `npm run bench` shows what they do.
 *
 * Like the clients, it lives as long as the function's environment.
 */
import type { Edge } from '../edge.ts';

/** How many calls go as they come where a client has been told nothing, and requests a second that it goes on with. */
const firstCalls = 20;
const gentle = 10;
/**
 * The slowest and the fastest that a client becomes, in requests a second. No slower: where others use up what the account may
 * ask, giving way costs hours, and gains nothing.
 */
const slowest = 2;
const fastest = 50;
/** By how much the rate grows with each call that is taken, as long as nothing was throttled. */
const growth = 0.08;
/** After the first throttle it grows by at most as much, and after every further one by 0.2 of that: the rate is known better. */
const searching = { growth: 0.24, shrinks: 0.2 };
/** What is cut off the rate at the first throttle, beyond the least cut; every further time it is 0.83 of that. */
const cut = { first: 0.5, shrinks: 0.83, least: 0.06 };
/** When little is known but growing: with the n-th call since the last throttle the rate grows by 0.6 % × (1 + (n / 30)²). */
const probing = { growth: 0.006, calls: 30 };
/** As many throttles as this in a row, with no call taken between, say that the service takes less now; fewer may be chance. */
const inARow = 3;
/** How long a client has rested that somebody else may have made a call for, in ms. */
const restMs = 1_000;
/** How much of the time between two turns is waited for after a throttle. */
const pause = 0.75;
/** How many throttles a rate counts as tried by that another function has found. */
const handedOn = 10;

/** Spaces the calls of one client at the rate that the service takes, as far as that is found out. */
export class Pace {
  readonly #clock: Edge['clock'];
  readonly #least: number;
  #rate = gentle;
  /** How many throttles have taught it, since the service last changed. */
  #lessons = 0;
  #throttlesInARow = 0;
  /** Calls taken since the last throttle. */
  #taken = 0;
  /** Calls that may still go as they come. */
  #free = firstCalls;
  /** Epoch ms of the next turn. */
  #next = 0;
  /** Epoch ms of the last turns, at most six. */
  #turns: number[] = [];

  /** @param least requests a second below which it never goes; default 2 */
  constructor(clock: Edge['clock'], least = slowest) {
    this.#least = least;
    this.#clock = clock;
  }

  /** Requests a second that the service takes, rounded to tenths; 0 as long as no call was throttled. */
  get found(): number {
    return this.#lessons === 0 ? 0 : Math.round(Math.min(this.#rate, this.#actual()) * 10) / 10;
  }

  /** Begins at a rate that another function has found (0: none); it is not listened to where this one has made calls. */
  beginAt(rate: number): void {
    if (!(rate > 0) || this.#turns.length > 0) return;
    this.#rate = this.#clamped(rate);
    this.#lessons = handedOn;
    this.#free = 0;
  }

  /** Waits for the next turn: at this rate, after all that were given out before. */
  async turn(): Promise<void> {
    const now = this.#clock.now().getTime();
    if (this.#free > 0) {
      this.#free -= 1;
      this.#turns = [...this.#turns.slice(-5), now];
      return;
    }
    const hasRested = this.#next + restMs < now;
    // Where the rate is tight, another function may have made a call just now.
    const earliest = hasRested && this.#lessons > 0 ? now + this.#interval : now;
    const at = Math.max(earliest, this.#next);
    this.#next = at + this.#interval;
    this.#turns = [...this.#turns.slice(-5), at];
    if (at > now) await this.#clock.sleep(at - now);
  }

  /** A call was not throttled. */
  accepted(): void {
    this.#taken += 1;
    this.#rate = this.#clamped(this.#rate * (1 + this.#growth()));
  }

  /** A call was throttled. */
  throttled(): void {
    this.#throttlesInARow = this.#taken === 0 ? this.#throttlesInARow + 1 : 1;
    const hasChanged = this.#throttlesInARow >= inARow && this.#lessons >= handedOn;
    this.#lessons = (hasChanged ? 2 : this.#lessons) + 1;
    const share = cut.first * cut.shrinks ** (this.#lessons - 1) + cut.least;
    this.#rate = this.#clamped(Math.min(this.#rate, this.#actual()) * (1 - share));
    this.#taken = 0;
    this.#free = 0;
    this.#next = Math.max(this.#next, this.#clock.now().getTime() + pause * this.#interval);
  }

  /** Ms between two turns. */
  get #interval(): number {
    return 1_000 / this.#rate;
  }

  #growth(): number {
    if (this.#lessons === 0) return growth;
    const search = searching.growth * searching.shrinks ** (this.#lessons - 1);
    const probe = probing.growth * (1 + (this.#taken / probing.calls) ** 2);
    return Math.min(growth, Math.max(search, probe));
  }

  /** The rate at which calls were really made of late: a slow service is asked less often than it would be allowed. */
  #actual(): number {
    const gaps = this.#turns.slice(1).map((at, index) => at - (this.#turns[index] ?? at));
    return gaps.length === 0 ? this.#rate : 1_000 / Math.max(1, Math.min(...gaps));
  }

  #clamped(rate: number): number {
    return Math.min(fastest, Math.max(this.#least, rate));
  }
}
