import { uuidFrom } from './draw.ts';
import { Listing } from './listing.ts';
import type { Page } from './number-index.ts';

/** AWS's `CallDistributionType` enumeration. */
export const callDistributionTypes = ['LoadBalancedDistribution', 'PriorityWeightedDistribution'] as const;
type CallDistributionType = (typeof callDistributionTypes)[number];

/** One member of a group. */
export interface GroupItem {
  readonly voiceConnectorId: string;
  /** 1..99; calls go to the lowest first. */
  readonly priority: number;
}

export interface NewGroup {
  readonly name: string;
  readonly items: readonly GroupItem[];
  readonly callDistributionType?: CallDistributionType | undefined;
}

/** One Voice Connector group of the account. Times are epoch ms. */
export interface Group extends NewGroup {
  /** Place in the listing. */
  readonly serial: number;
  readonly voiceConnectorGroupId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The account's Voice Connector groups in the order of their creation. */
export class Groups {
  readonly #seed: string;
  readonly #now: () => number;
  readonly #listing = new Listing<Group>();
  #created = 0;

  constructor(seed: string, now: () => number) {
    this.#seed = seed;
    this.#now = now;
  }

  get(id: string): Group | undefined {
    return this.#listing.get(id);
  }

  items(): Group[] {
    return this.#listing.items();
  }

  page(after: number, limit: number): Page<Group> {
    return this.#listing.page(after, limit);
  }

  /** The id follows from the seed and from how many groups were made before. */
  create({ name, items, callDistributionType }: NewGroup): Group {
    this.#created += 1;
    const serial = this.#created;
    const now = this.#now();
    const group: Group = {
      serial,
      voiceConnectorGroupId: uuidFrom(this.#seed, 'group', serial),
      name,
      items,
      callDistributionType,
      createdAt: now,
      updatedAt: now,
    };
    this.#listing.set(group.voiceConnectorGroupId, group);
    return group;
  }

  /** Replaces name and items, and the distribution where it is given. */
  update(id: string, { name, items, callDistributionType }: NewGroup): void {
    const group = this.#listing.get(id);
    if (!group) throw new Error(`There is no group ${id} in local Chime.`);
    const distribution = callDistributionType ?? group.callDistributionType;
    const updatedAt = this.#now();
    this.#listing.set(id, { ...group, name, items, callDistributionType: distribution, updatedAt });
  }

  /** The groups that the connector is a member of. */
  with(voiceConnectorId: string): Group[] {
    return this.items().filter(({ items }) =>
      items.some((item) => item.voiceConnectorId === voiceConnectorId),
    );
  }

  /** Takes the connector out of every group. */
  leave(voiceConnectorId: string): void {
    for (const group of this.with(voiceConnectorId)) {
      const items = group.items.filter((item) => item.voiceConnectorId !== voiceConnectorId);
      this.update(group.voiceConnectorGroupId, { name: group.name, items });
    }
  }
}
