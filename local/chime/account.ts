import type { Connector } from './connectors.ts';
import { Connectors } from './connectors.ts';
import { uuidFrom } from './draw.ts';
import type { NumberQuery, Page } from './number-index.ts';
import { NumberIndex, takePage } from './number-index.ts';
import type { Holder, PhoneNumber, PhoneNumberStatus, ProductType } from './numbers.ts';
import { typeOf } from './numbers.ts';
import { Schedule } from './schedule.ts';

const HOUR = 3_600_000;
/** How long a number stays in the deletion queue, in ms: 7 days (Amazon Chime SDK administrator guide). */
export const DELETION_WINDOW = 7 * 24 * HOUR;

export interface AccountOptions {
  /** The current time in epoch ms. It must not go back. */
  readonly now: () => number;
  readonly seed: string;
  readonly convergenceSeconds: number;
  readonly purgeLateHours: number;
}

export interface NewNumber {
  readonly e164: string;
  /** Associates the number with this connector at once. */
  readonly connectorId?: string | undefined;
  readonly productType?: ProductType | undefined;
  readonly callingName?: string | undefined;
}

/**
 * The account's connectors and numbers: what the routes act upon, and what tests read and change by hand.
 * It knows what each change does and what the clock brings about, not whether the service would allow the change
 * (see `rules.ts`). Naming a number or connector that does not exist is a mistake of the caller and throws.
 */
export class Account {
  readonly #options: AccountOptions;
  readonly #connectors: Connectors;
  readonly #numbers = new Map<string, PhoneNumber>();
  readonly #index = new NumberIndex();
  readonly #convergences = new Schedule<PhoneNumber>();
  readonly #purges = new Schedule<PhoneNumber>();
  #added = 0;
  #queued = 0;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#connectors = new Connectors(options.seed);
  }

  /** A copy of the number as it really is (reads may still show an older association); undefined if there is none. */
  number(e164: string): Readonly<PhoneNumber> | undefined {
    this.#settle();
    const number = this.#numbers.get(e164);
    return number && { ...number };
  }

  connector(id: string): Connector | undefined {
    return this.#connectors.get(id);
  }

  /** One page of numbers after the serial `after` (0: from the start). */
  numbers(query: NumberQuery, after: number, limit: number): Page<Readonly<PhoneNumber>> {
    this.#settle();
    return takePage(this.#index.matching(query, after), limit);
  }

  /** One page of connectors after the serial `after` (0: from the start). */
  connectors(after: number, limit: number): Page<Connector> {
    return this.#connectors.page(after, limit);
  }

  /** How many numbers reads show on the connector. */
  numbersOn(connectorId: string): number {
    this.#settle();
    return this.#index.countHeldBy({ name: 'VoiceConnectorId', value: connectorId });
  }

  /** Connectors, numbers that are not purged (those in the deletion queue among them), and those in the queue. */
  remaining(): { connectors: number; numbers: number; queued: number } {
    this.#settle();
    return { connectors: this.#connectors.size, numbers: this.#numbers.size, queued: this.#queued };
  }

  addConnector(options: { name?: string; awsRegion?: string } = {}): Connector {
    return this.#connectors.create(this.#now(), options);
  }

  /** Deletes the connector; its numbers stay behind, unassigned at once. */
  deleteConnector(id: string): void {
    this.#settle();
    const connector = this.#connectors.get(id);
    if (!connector) throw new Error(`There is no connector ${id} in local Chime.`);
    const query = { holder: { name: 'VoiceConnectorId', value: id } } as const;
    for (const number of takePage(this.#index.matching(query, 0), Number.POSITIVE_INFINITY).items) {
      const assigned = number.holder ? 'Unassigned' : number.status;
      this.#change(number, { holder: undefined, converging: undefined, status: assigned });
    }
    this.#connectors.delete(connector);
  }

  addNumber({ e164, connectorId, productType = 'VoiceConnector', callingName }: NewNumber): void {
    this.#settle();
    if (this.#numbers.has(e164)) throw new Error(`${e164} is in local Chime already.`);
    this.#added += 1;
    const now = this.#now();
    const number: PhoneNumber = {
      serial: this.#added,
      e164,
      type: typeOf(e164),
      productType,
      orderId: uuidFrom(this.#options.seed, 'order', e164),
      createdAt: now,
      callingName,
      updatedAt: now,
      status: connectorId ? 'Assigned' : 'Unassigned',
      holder: connectorId ? { name: 'VoiceConnectorId', value: connectorId, since: now } : undefined,
      queuedAt: undefined,
      converging: undefined,
    };
    this.#numbers.set(e164, number);
    this.#index.place(number);
  }

  /** Takes the number out of the account at once, as its purge or a port-out does. */
  removeNumber(e164: string): void {
    this.#remove(this.#existing(e164));
  }

  /** Gives the number to a holder, whoever had it; a number in the deletion queue leaves it. */
  associate(e164: string, value: string, name: Holder['name'] = 'VoiceConnectorId'): void {
    this.#change(this.#existing(e164), {
      status: 'Assigned',
      holder: { name, value, since: this.#now() },
      queuedAt: undefined,
      converging: undefined,
    });
  }

  /** Takes the number from its holder; reads show that after `convergenceSeconds`. */
  disassociate(e164: string): void {
    const number = this.#existing(e164);
    const { holder, updatedAt } = number;
    const until = this.#now() + this.#options.convergenceSeconds * 1000;
    const converging = holder && until > this.#now() ? { until, holder, updatedAt } : undefined;
    if (converging) this.#convergences.add(until, number);
    this.#change(number, { status: 'Unassigned', holder: undefined, converging });
  }

  /** Puts the number into the deletion queue; 7 days (and `purgeLateHours`) later it is gone. */
  queue(e164: string): void {
    const number = this.#existing(e164);
    this.#change(number, {
      status: 'ReleaseInProgress',
      holder: undefined,
      converging: undefined,
      queuedAt: this.#now(),
    });
    this.#purges.add(this.#purgeAt(this.#now()), number);
  }

  /** Takes the number out of the deletion queue, unassigned. */
  restore(e164: string): void {
    this.#change(this.#existing(e164), { status: 'Unassigned', queuedAt: undefined });
  }

  /** Sets a status that no operation here leads to, such as `PortinInProgress`, or `ReleaseFailed` (then it is not purged). */
  setStatus(e164: string, status: PhoneNumberStatus): void {
    const number = this.#existing(e164);
    this.#change(number, { status });
    if (status === 'ReleaseInProgress' && number.queuedAt !== undefined) {
      this.#purges.add(this.#purgeAt(number.queuedAt), number);
    }
  }

  #now(): number {
    return this.#options.now();
  }

  #purgeAt(queuedAt: number): number {
    return queuedAt + DELETION_WINDOW + this.#options.purgeLateHours * HOUR;
  }

  #existing(e164: string): PhoneNumber {
    this.#settle();
    const number = this.#numbers.get(e164);
    if (!number) throw new Error(`There is no number ${e164} in local Chime.`);
    return number;
  }

  #change(number: PhoneNumber, change: Partial<PhoneNumber>): void {
    const wasQueued = number.queuedAt !== undefined;
    Object.assign(number, change, { updatedAt: this.#now() });
    this.#queued += Number(number.queuedAt !== undefined) - Number(wasQueued);
    this.#index.place(number);
  }

  #remove(number: PhoneNumber): void {
    if (number.queuedAt !== undefined) this.#queued -= 1;
    this.#numbers.delete(number.e164);
    this.#index.remove(number);
  }

  /** Does what the clock has brought about since the last look. */
  #settle(): void {
    const now = this.#now();
    for (const { at, item } of this.#convergences.due(now)) {
      if (item.converging?.until !== at || !this.#isHere(item)) continue;
      item.converging = undefined;
      this.#index.place(item);
    }
    for (const { at, item } of this.#purges.due(now)) {
      const stillDue = item.queuedAt !== undefined && this.#purgeAt(item.queuedAt) === at;
      if (stillDue && item.status === 'ReleaseInProgress' && this.#isHere(item)) this.#remove(item);
    }
  }

  #isHere(number: PhoneNumber): boolean {
    return this.#numbers.get(number.e164) === number;
  }
}
