import type { Operation } from './operations.ts';
import { isChanging, operationNames } from './operations.ts';

/** One request as local Chime received it. Its status and what follows are filled in when it is answered. */
export interface RequestRecord {
  /** Order of arrival, from 1. */
  readonly sequence: number;
  /** Epoch ms of the clock that local Chime was given. */
  readonly at: number;
  readonly operation: Operation;
  /** The id in the path, the value of a filter, and the numbers (E.164) that the request names, in this order. */
  readonly target: readonly string[];
  /** Whether the operation is one that changes the account. */
  readonly changing: boolean;
  /** HTTP status; 0 while there is no answer, and for ever if the connection was broken or left hanging. */
  readonly status: number;
  /** `Code` of an error reply. */
  readonly errorCode?: string;
  /** The fault that the request met. */
  readonly fault?: string;
}

export type OpenRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

/** Every request since the server started, those with a fault included. */
export class RequestLog {
  readonly #records: OpenRecord[] = [];
  readonly #calls = Object.fromEntries(operationNames.map((name) => [name, 0])) as Record<Operation, number>;

  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  /** Requests by operation. */
  calls(): Record<Operation, number> {
    return { ...this.#calls };
  }

  /** Requests answered with 429. */
  get throttled(): number {
    return this.#records.filter(({ status }) => status === 429).length;
  }

  count(operation: Operation): number {
    return this.#calls[operation];
  }

  open(operation: Operation, target: readonly string[], at: number): OpenRecord {
    const record: OpenRecord = {
      sequence: this.#records.length + 1,
      at,
      operation,
      target,
      changing: isChanging(operation),
      status: 0,
    };
    this.#records.push(record);
    this.#calls[operation] += 1;
    return record;
  }
}
