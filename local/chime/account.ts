import type { ConfigurationChange } from './configuration.ts';
import type { Connector, NewConnector } from './connectors.ts';
import { Connectors } from './connectors.ts';
import { uuidFrom } from './draw.ts';
import type { Everything } from './everything.ts';
import { everythingOf } from './everything.ts';
import type { Group, NewGroup } from './groups.ts';
import { Groups } from './groups.ts';
import { CALLING_NAME_UPDATE, Inventory } from './inventory.ts';
import type { NumberQuery, Page } from './number-index.ts';
import type { Details, Holder, PhoneNumber, PhoneNumberStatus, ProductType } from './numbers.ts';
import { detailsAfter, typeOf } from './numbers.ts';
import type { NewSipRule, SipRule } from './sip-rules.ts';
import { SipRules } from './sip-rules.ts';
import type { ChimeSwitches } from './switches.ts';

type Delays = 'convergenceSeconds' | 'associationSeconds' | 'restoreSeconds' | 'purgeLateHours';

export interface AccountOptions extends Pick<ChimeSwitches, Delays | 'restoredNames'> {
  /** The current time in epoch ms. It must not go back. */
  readonly now: () => number;
  readonly seed: string;
}

export interface NewNumber {
  readonly e164: string;
  /** Associates the number with this connector at once. */
  readonly connectorId?: string | undefined;
  readonly productType?: ProductType | undefined;
  readonly name?: string | undefined;
  readonly callingName?: string | undefined;
}

/**
 * The account's connectors, groups, SIP rules and numbers: what the routes act upon, and what tests read and change by hand.
 * It knows what each change does and what the clock brings about, not whether the service would allow the change
 * (see `rules.ts`). Naming a number or connector that does not exist is a mistake of the caller and throws.
 */
export class Account {
  readonly groups: Groups;
  readonly sipRules: SipRules;
  readonly #options: AccountOptions;
  readonly #connectors: Connectors;
  readonly #numbers: Inventory;
  #added = 0;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#connectors = new Connectors(options.seed);
    this.#numbers = new Inventory(options.now, options.purgeLateHours);
    this.groups = new Groups(options.seed, options.now);
    this.sipRules = new SipRules(options.seed);
  }

  /** A copy of the number as it really is (reads may still show an older association); undefined if there is none. */
  number(e164: string): Readonly<PhoneNumber> | undefined {
    const number = this.#numbers.get(e164);
    return number && { ...number };
  }

  connector(id: string): Connector | undefined {
    return this.#connectors.get(id);
  }

  /** One page of numbers after the serial `after` (0: from the start). */
  numbers(query: NumberQuery, after: number, limit: number): Page<Readonly<PhoneNumber>> {
    return this.#numbers.page(query, after, limit);
  }

  /** One page of connectors after the serial `after` (0: from the start). */
  connectors(after: number, limit: number): Page<Connector> {
    return this.#connectors.page(after, limit);
  }

  /** How many numbers reads show on the connector. */
  numbersOn(connectorId: string): number {
    return this.#numbers.countHeldBy({ name: 'VoiceConnectorId', value: connectorId });
  }

  /** Connectors, numbers that are not purged (those in the deletion queue among them), and those in the queue. */
  remaining(): { connectors: number; numbers: number; queued: number } {
    const { size: numbers, queued } = this.#numbers;
    return { connectors: this.#connectors.size, numbers, queued };
  }

  /** Whether a number has this holder, or reads still show it there. */
  holds(holder: Pick<Holder, 'name' | 'value'>): boolean {
    return this.#numbers.heldBy(holder).length > 0;
  }

  /** The whole account as it really is, whatever reads show yet; without times. */
  everything(): Everything {
    return everythingOf({
      connectors: this.#connectors.items(),
      groups: this.groups.items(),
      sipRules: this.sipRules.items(),
      numbers: this.#numbers.items(),
    });
  }

  addConnector(options: NewConnector = {}): Connector {
    return this.#connectors.create(this.#now(), options);
  }

  /** Sets parts of the connector's configuration; `undefined` removes one. */
  configure(connectorId: string, change: ConfigurationChange): void {
    this.#connectors.configure(connectorId, change);
  }

  /** Adds tags to the connector; a key that it has gets the new value. */
  tag(connectorId: string, tags: Readonly<Record<string, string>>): void {
    this.#connectors.setTags(connectorId, { ...this.#connectors.existing(connectorId).tags, ...tags });
  }

  untag(connectorId: string, ...keys: readonly string[]): void {
    const tags = Object.entries(this.#connectors.existing(connectorId).tags);
    this.#connectors.setTags(connectorId, Object.fromEntries(tags.filter(([key]) => !keys.includes(key))));
  }

  /** Deletes the connector with its configuration and memberships; its numbers stay behind, unassigned at once. */
  deleteConnector(id: string): void {
    this.#connectors.existing(id);
    for (const number of this.#numbers.heldBy({ name: 'VoiceConnectorId', value: id })) {
      const status = number.holder ? 'Unassigned' : number.status;
      this.#numbers.change(number, { holder: undefined, converging: undefined, status });
    }
    this.groups.leave(id);
    this.#connectors.delete(id);
  }

  addGroup(group: NewGroup): Group {
    return this.groups.create(group);
  }

  addSipRule(rule: NewSipRule): SipRule {
    return this.sipRules.create(this.#now(), rule);
  }

  removeSipRule(id: string): void {
    this.sipRules.delete(id);
  }

  addNumber({ e164, connectorId, productType = 'VoiceConnector', name, callingName }: NewNumber): void {
    if (this.#numbers.get(e164)) throw new Error(`${e164} is in local Chime already.`);
    this.#added += 1;
    const now = this.#now();
    const number: PhoneNumber = {
      serial: this.#added,
      e164,
      type: typeOf(e164),
      orderId: uuidFrom(this.#options.seed, 'order', e164),
      createdAt: now,
      productType,
      name,
      callingName,
      callingNamePendingUntil: undefined,
      updatedAt: now,
      status: connectorId ? 'Assigned' : 'Unassigned',
      holder: connectorId ? { name: 'VoiceConnectorId', value: connectorId, since: now } : undefined,
      queuedAt: undefined,
      converging: undefined,
    };
    this.#numbers.add(number);
  }

  /** Takes the number out of the account at once, as its purge or a port-out does. */
  removeNumber(e164: string): void {
    this.#numbers.remove(this.#numbers.existing(e164));
  }

  /**
   * Gives the number to a holder, whoever had it; a number in the deletion queue leaves it. Reads show that after
   * `associationSeconds`.
   */
  associate(e164: string, value: string, name: Holder['name'] = 'VoiceConnectorId'): void {
    const number = this.#numbers.existing(e164);
    const { updatedAt } = number;
    const holder = { name, value, since: this.#now() };
    const before = { status: 'Unassigned', holder: undefined, queuedAt: undefined, updatedAt } as const;
    const late = { before, seconds: this.#options.associationSeconds };
    this.#numbers.change(number, { status: 'Assigned', holder, queuedAt: undefined }, late);
  }

  /** Takes the number from its holder; reads show that after `convergenceSeconds`. */
  disassociate(e164: string): void {
    const number = this.#numbers.existing(e164);
    const { holder, updatedAt } = number;
    const before = { status: 'Assigned', holder, queuedAt: undefined, updatedAt } as const;
    const late = { before, seconds: holder ? this.#options.convergenceSeconds : 0 };
    this.#numbers.change(number, { status: 'Unassigned', holder: undefined }, late);
  }

  /** Puts the number into the deletion queue; 7 days (and `purgeLateHours`) later it is gone. */
  queue(e164: string): void {
    const number = this.#numbers.existing(e164);
    const names = { name: undefined, callingName: undefined, callingNamePendingUntil: undefined };
    this.#numbers.change(number, {
      status: 'ReleaseInProgress',
      holder: undefined,
      converging: undefined,
      queuedAt: this.#now(),
      ...(this.#options.restoredNames === 'dropped' ? names : {}),
    });
    this.#numbers.schedulePurge(number);
  }

  /** Takes the number out of the deletion queue, unassigned; reads show that after `restoreSeconds`. */
  restore(e164: string): void {
    const number = this.#numbers.existing(e164);
    const { status, holder, queuedAt, updatedAt } = number;
    const before = { status, holder, queuedAt, updatedAt };
    const late = { before, seconds: this.#options.restoreSeconds };
    this.#numbers.change(number, { status: 'Unassigned', queuedAt: undefined }, late);
  }

  /** Sets names by hand, a calling name without the time that the service takes for it; '' removes one. */
  rename(e164: string, names: Pick<Details, 'name' | 'callingName'>): void {
    const number = this.#numbers.existing(e164);
    const settled = names.callingName === undefined ? {} : { callingNamePendingUntil: undefined };
    this.#numbers.change(number, { ...detailsAfter(number, names), ...settled });
  }

  /** Changes details as the service does: a calling name is pending for 72 hours. */
  update(e164: string, details: Details): void {
    const number = this.#numbers.existing(e164);
    const until = this.#now() + CALLING_NAME_UPDATE;
    const pending = details.callingName === undefined ? {} : { callingNamePendingUntil: until };
    this.#numbers.change(number, { ...detailsAfter(number, details), ...pending });
  }

  /** Sets a status that no operation here leads to, such as `PortinInProgress`, or `ReleaseFailed` (then it is not purged). */
  setStatus(e164: string, status: PhoneNumberStatus): void {
    const number = this.#numbers.existing(e164);
    this.#numbers.change(number, { status });
    if (status === 'ReleaseInProgress') this.#numbers.schedulePurge(number);
  }

  #now(): number {
    return this.#options.now();
  }
}
