import type { NumberQuery, Page } from './number-index.ts';
import { NumberIndex, takePage } from './number-index.ts';
import type { Holder, PhoneNumber, Shown } from './numbers.ts';
import { isHeldBy } from './numbers.ts';
import { Schedule } from './schedule.ts';

const HOUR = 3_600_000;
/** How long a number stays in the deletion queue, in ms: 7 days (Amazon Chime SDK administrator guide). */
export const DELETION_WINDOW = 7 * 24 * HOUR;
/** How long an update of a calling name is pending, in ms: 72 hours (UpdatePhoneNumber, API reference). */
export const CALLING_NAME_UPDATE = 72 * HOUR;

type Named = Pick<Holder, 'name' | 'value'>;

/** The account's numbers: how they are found, and what the clock brings about for each. */
export class Inventory {
  readonly #now: () => number;
  readonly #purgeLateHours: number;
  readonly #byE164 = new Map<string, PhoneNumber>();
  readonly #index = new NumberIndex();
  readonly #convergences = new Schedule<PhoneNumber>();
  readonly #purges = new Schedule<PhoneNumber>();
  readonly #callingNames = new Schedule<PhoneNumber>();
  #queued = 0;

  constructor(now: () => number, purgeLateHours: number) {
    this.#now = now;
    this.#purgeLateHours = purgeLateHours;
  }

  get size(): number {
    this.#settle();
    return this.#byE164.size;
  }

  /** How many are in the deletion queue. */
  get queued(): number {
    this.#settle();
    return this.#queued;
  }

  get(e164: string): PhoneNumber | undefined {
    this.#settle();
    return this.#byE164.get(e164);
  }

  existing(e164: string): PhoneNumber {
    const number = this.get(e164);
    if (!number) throw new Error(`There is no number ${e164} in local Chime.`);
    return number;
  }

  items(): PhoneNumber[] {
    this.#settle();
    return [...this.#byE164.values()];
  }

  page(query: NumberQuery, after: number, limit: number): Page<Readonly<PhoneNumber>> {
    this.#settle();
    return takePage(this.#index.matching(query, after), limit);
  }

  /** How many numbers reads show with the holder. */
  countHeldBy(holder: Named): number {
    this.#settle();
    return this.#index.countHeldBy(holder);
  }

  /** The numbers that have the holder, or that reads still show with it. */
  heldBy(holder: Named): PhoneNumber[] {
    return this.items().filter((number) => isHeldBy(number, holder));
  }

  add(number: PhoneNumber): void {
    this.#byE164.set(number.e164, number);
    this.#index.place(number);
  }

  remove(number: PhoneNumber): void {
    if (number.queuedAt !== undefined) this.#queued -= 1;
    this.#byE164.delete(number.e164);
    this.#index.remove(number);
  }

  /**
   * Changes the number.
   * @param late what reads go on showing, for so many seconds (0: nothing)
   */
  change(number: PhoneNumber, change: Partial<PhoneNumber>, late?: { before: Shown; seconds: number }): void {
    const wasQueued = number.queuedAt !== undefined;
    const now = this.#now();
    Object.assign(number, change, { updatedAt: now });
    this.#queued += Number(number.queuedAt !== undefined) - Number(wasQueued);
    if (late) {
      const until = now + late.seconds * 1000;
      number.converging = late.seconds > 0 ? { ...late.before, until } : undefined;
      if (number.converging) this.#convergences.add(until, number);
    }
    if (change.callingNamePendingUntil) this.#callingNames.add(change.callingNamePendingUntil, number);
    this.#index.place(number);
  }

  /** Sees to the purge of a number in the deletion queue: 7 days (and `purgeLateHours`) after it was put there. */
  schedulePurge(number: PhoneNumber): void {
    if (number.queuedAt !== undefined) this.#purges.add(this.#purgeAt(number.queuedAt), number);
  }

  #purgeAt(queuedAt: number): number {
    return queuedAt + DELETION_WINDOW + this.#purgeLateHours * HOUR;
  }

  /** Does what the clock has brought about since the last look. */
  #settle(): void {
    const now = this.#now();
    for (const { at, item } of this.#convergences.due(now)) {
      if (item.converging?.until !== at || !this.#isHere(item)) continue;
      item.converging = undefined;
      this.#index.place(item);
    }
    for (const { at, item } of this.#callingNames.due(now)) {
      if (item.callingNamePendingUntil === at) item.callingNamePendingUntil = undefined;
    }
    for (const { at, item } of this.#purges.due(now)) {
      const stillDue = item.queuedAt !== undefined && this.#purgeAt(item.queuedAt) === at;
      if (stillDue && item.status === 'ReleaseInProgress' && this.#isHere(item)) this.remove(item);
    }
  }

  #isHere(number: PhoneNumber): boolean {
    return this.#byE164.get(number.e164) === number;
  }
}
