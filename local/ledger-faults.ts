import type { ServerResponse } from 'node:http';
import { draw } from './chime/draw.ts';

/** What a request to the local DynamoDB may meet, each with a probability from 0 to 1. */
const ledgerFaultKinds = [
  /** 400 ProvisionedThroughputExceededException; nothing happens. */
  'throttle',
  /** 500 InternalServerError; nothing happens. */
  'serviceFailure',
  /** The connection breaks before anything happens. */
  'connectionReset',
  /** The request is carried out, then the connection breaks: a conditional write that is sent again finds itself done. */
  'replyLost',
] as const;
export type LedgerFaultKind = (typeof ledgerFaultKinds)[number];
export type LedgerFaultPlan = Readonly<Partial<Record<LedgerFaultKind, number>>>;

/** Decides which requests fail, by a hash of the seed, the operation, its length and how often that came before. */
export class LedgerFaults {
  readonly #seed: string;
  readonly #attempts = new Map<string, number>();
  readonly #injected = new Map<LedgerFaultKind, number>();
  #plan: LedgerFaultPlan;

  constructor(seed: string, plan: LedgerFaultPlan = {}) {
    this.#seed = seed;
    this.#plan = plan;
  }

  /** Replaces the whole plan from the next request on; `{}` ends all faults. */
  set(plan: LedgerFaultPlan): void {
    this.#plan = plan;
  }

  /** How many requests have met each kind. */
  get injected(): Readonly<Partial<Record<LedgerFaultKind, number>>> {
    return Object.fromEntries(this.#injected);
  }

  /** @param length bytes of the request: what tells its content from another's, without reading it */
  forRequest(operation: string, length: number): LedgerFaultKind | undefined {
    const key = `${operation} ${length}`;
    const attempt = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempt);
    const kind = ledgerFaultKinds.find(
      (each) => draw(this.#seed, 'ledger', each, key, attempt) < (this.#plan[each] ?? 0),
    );
    if (kind !== undefined) this.#injected.set(kind, (this.#injected.get(kind) ?? 0) + 1);
    return kind;
  }
}

const refusals = {
  throttle: { status: 400, type: 'ProvisionedThroughputExceededException', message: 'Rate exceeded.' },
  serviceFailure: { status: 500, type: 'InternalServerError', message: 'Internal server error.' },
} as const;

/** Answers as DynamoDB refuses. */
export function refuse(response: ServerResponse, kind: keyof typeof refusals): void {
  const { status, type, message } = refusals[kind];
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }));
}
