import type { Account } from './account.ts';
import type { NewConnector } from './connectors.ts';

export interface SeedOptions extends NewConnector {
  /** How many numbers the connector has. */
  readonly numbers: number;
  /** E.164; the others follow upwards. Default: after the last number seeded, at first +1 206 555 0100. */
  readonly firstNumber?: string;
}

export interface SeededConnector {
  readonly voiceConnectorId: string;
  readonly e164s: readonly string[];
}

/** Fills the account without HTTP: connectors whose numbers are 10-digit North American ones in a row. */
export class Seeder {
  readonly #account: Account;
  #next = 12_065_550_100;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Throws where one of the numbers is in the account already. */
  seedConnector({ numbers, firstNumber, ...connector }: SeedOptions): SeededConnector {
    const first = firstNumber === undefined ? this.#next : Number(firstNumber);
    const { voiceConnectorId } = this.#account.addConnector(connector);
    const e164s = Array.from({ length: numbers }, (_, i) => `+${first + i}`);
    for (const e164 of e164s) this.#account.addNumber({ e164, connectorId: voiceConnectorId });
    this.#next = Math.max(this.#next, first + numbers);
    return { voiceConnectorId, e164s };
  }
}
