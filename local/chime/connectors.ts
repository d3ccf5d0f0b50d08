import type { Configuration, ConfigurationChange } from './configuration.ts';
import { merge } from './configuration.ts';
import { connectorIdFrom } from './draw.ts';
import { Listing } from './listing.ts';
import type { Page } from './number-index.ts';

export interface NewConnector {
  /** Default: `connector-` and how many there were before. */
  readonly name?: string | undefined;
  /** The Region of the connector's media. Default us-east-1. */
  readonly awsRegion?: string | undefined;
  /** Set where Amazon Connect uses the connector. */
  readonly integrationType?: string | undefined;
}

/** One connector of the account. Times are epoch ms. */
export interface Connector {
  /** Place in the listing. */
  readonly serial: number;
  readonly voiceConnectorId: string;
  readonly name: string;
  readonly awsRegion: string;
  readonly integrationType: string | undefined;
  readonly configuration: Configuration;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The account's connectors in the order of their creation, with all that goes when they go. */
export class Connectors {
  readonly #seed: string;
  readonly #listing = new Listing<Connector>();
  #created = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  get size(): number {
    return this.#listing.size;
  }

  get(id: string): Connector | undefined {
    return this.#listing.get(id);
  }

  items(): Connector[] {
    return this.#listing.items();
  }

  page(after: number, limit: number): Page<Connector> {
    return this.#listing.page(after, limit);
  }

  /** The id follows from the seed and from how many connectors were made before. */
  create(at: number, { name, awsRegion = 'us-east-1', integrationType }: NewConnector): Connector {
    this.#created += 1;
    const serial = this.#created;
    const connector: Connector = {
      serial,
      voiceConnectorId: connectorIdFrom(this.#seed, 'connector', serial),
      name: name ?? `connector-${serial}`,
      awsRegion,
      integrationType,
      configuration: {},
      tags: {},
      createdAt: at,
      updatedAt: at,
    };
    this.#listing.set(connector.voiceConnectorId, connector);
    return connector;
  }

  configure(id: string, change: ConfigurationChange): void {
    const connector = this.existing(id);
    this.#listing.set(id, { ...connector, configuration: merge(connector.configuration, change) });
  }

  /** Replaces the tags as a whole. */
  setTags(id: string, tags: Connector['tags']): void {
    this.#listing.set(id, { ...this.existing(id), tags });
  }

  delete(id: string): void {
    this.#listing.delete(id);
  }

  existing(id: string): Connector {
    const connector = this.#listing.get(id);
    if (!connector) throw new Error(`There is no connector ${id} in local Chime.`);
    return connector;
  }
}
