import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import type { NumberRefusal } from '../errors.ts';
import type { Operation } from '../operations.ts';
import type { ChimeSwitches } from '../switches.ts';

/** What a route may know and use. */
export interface Service {
  readonly account: Account;
  readonly switches: ChimeSwitches;
  /** The most items on one page. */
  readonly pageLimit: number;
}

export interface Answer {
  readonly status: 200 | 202 | 204;
  /** Left out for 204. */
  readonly json?: object;
}

/** The faults that hit single numbers in this call. */
export interface NumberFaults {
  /** A permanent or transient error of one number of a bulk call. */
  inBulk(e164: string): NumberRefusal | undefined;
  /** A permanent error of the one number that the call is about. */
  alone(e164: string): NumberRefusal | undefined;
}

/** One operation: where it is found, and what it does. `run` throws ChimeError for an error of the whole call. */
export interface Route {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Fastify's pattern; the parameter is called `id`. */
  readonly path: string;
  /** The value of `?operation=` that tells it from others on the same path. */
  readonly select?: string;
  run(call: Call, service: Service, faults: NumberFaults): Answer;
}
