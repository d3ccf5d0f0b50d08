import { connectorIdFrom } from './draw.ts';
import type { Page } from './number-index.ts';
import { takePage } from './number-index.ts';
import { OrderedKeys } from './ordered-keys.ts';

/** One connector of the account. Times are epoch ms. */
export interface Connector {
  /** Place in the listing. */
  readonly serial: number;
  readonly voiceConnectorId: string;
  readonly name: string;
  readonly awsRegion: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The account's connectors in the order of their creation. */
export class Connectors {
  readonly #seed: string;
  readonly #byId = new Map<string, Connector>();
  readonly #bySerial = new Map<number, Connector>();
  readonly #order = new OrderedKeys();
  #created = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Connector | undefined {
    return this.#byId.get(id);
  }

  /** The id follows from the seed and from how many connectors were made before. */
  create(at: number, { name, awsRegion = 'us-east-1' }: { name?: string; awsRegion?: string }): Connector {
    this.#created += 1;
    const serial = this.#created;
    const connector = {
      serial,
      voiceConnectorId: connectorIdFrom(this.#seed, 'connector', serial),
      name: name ?? `connector-${serial}`,
      awsRegion,
      createdAt: at,
      updatedAt: at,
    };
    this.#byId.set(connector.voiceConnectorId, connector);
    this.#bySerial.set(serial, connector);
    this.#order.add(serial);
    return connector;
  }

  delete(connector: Connector): void {
    this.#byId.delete(connector.voiceConnectorId);
    this.#bySerial.delete(connector.serial);
    this.#order.delete(connector.serial);
  }

  page(after: number, limit: number): Page<Connector> {
    return takePage(this.#after(after), limit);
  }

  *#after(serial: number): Generator<Connector> {
    for (const key of this.#order.after(serial)) {
      const connector = this.#bySerial.get(key);
      if (connector) yield connector;
    }
  }
}
