import { draw } from './draw.ts';
import type { ErrorCode, NumberRefusal } from './errors.ts';
import type { Operation } from './operations.ts';

/** Faults that a request may meet by chance, each with a probability from 0 to 1. */
const requestFaultKinds = [
  /** 429 ThrottledClientException; nothing happens. */
  'throttle',
  /** 500 ServiceFailureException; nothing happens. */
  'serviceFailure',
  /** 503 ServiceUnavailableException; nothing happens. */
  'unavailable',
  /** The connection breaks before anything happens. */
  'connectionReset',
  /** The request is carried out, then the connection breaks. */
  'replyLost',
  /** No answer until the server closes; nothing happens. */
  'hang',
  /** 200 with an empty body, which the SDK reads as success; nothing happens. */
  'emptyReply',
] as const;
type RequestFaultKind = (typeof requestFaultKinds)[number];

/** An error reply of the test's own making; nothing happens. */
interface ErrorReply {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** A reply that is not what the service sends: an HTML page of a proxy, truncated JSON, an empty body. */
export interface RawReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Carries the request out before the reply is spoilt. Default: nothing happens. */
  readonly carriedOut?: boolean;
}

export type ScriptableFault = RequestFaultKind | 'numberErrors' | ErrorReply | RawReply;

export interface FaultPlan extends Readonly<Partial<Record<RequestFaultKind, number>>> {
  /** Probability for each number of a bulk call to fail with a transient `ErrorCode`; the number is not changed. */
  readonly numberErrors?: number;
  /**
   * As many requests as the service takes: a bucket of `burst` tokens that fills by `perSecond`. Others get 429; nothing
   * happens. Counted before chance.
   */
  readonly rateLimit?: { readonly perSecond: number; readonly burst: number };
  /** Limits the probabilities above to these operations. */
  readonly only?: readonly Operation[];
  /** Numbers for which an operation always fails: per number in bulk calls, as the whole answer otherwise. */
  readonly permanent?: readonly {
    readonly operation: Operation;
    readonly e164: string;
    readonly code: ErrorCode;
    readonly message: string;
  }[];
  /** Faults at the `nth` request (from 1, since the server started) of an operation; they come before chance. */
  readonly script?: readonly {
    readonly operation: Operation;
    readonly nth: number;
    readonly fault: ScriptableFault;
  }[];
}

const transientCodes = ['Throttled', 'ServiceFailure', 'ServiceUnavailable'] as const;

/**
 * Decides which requests fail. Chance is a hash of seed, operation, content and how often the same operation had the
 * same content before - never the order of arrival - so that a seed gives the same faults whatever the concurrency.
 */
export class Faults {
  readonly #seed: string;
  readonly #now: () => number;
  readonly #attempts = new Map<string, number>();
  #plan: FaultPlan = {};
  #permanent = new Map<string, NumberRefusal>();
  #bucket = { tokens: 0, at: 0 };

  /** @param now epoch ms, for the rate limit */
  constructor(seed: string, plan: FaultPlan, now: () => number) {
    this.#seed = seed;
    this.#now = now;
    this.set(plan);
  }

  get plan(): FaultPlan {
    return this.#plan;
  }

  /** Replaces the whole plan from the next request on; `{}` ends all faults. Throws RangeError on a probability outside 0..1. */
  set(plan: FaultPlan): void {
    for (const kind of [...requestFaultKinds, 'numberErrors'] as const) {
      const probability = plan[kind] ?? 0;
      if (!(probability >= 0 && probability <= 1)) {
        throw new RangeError(`The probability of ${kind} must be from 0 to 1, not ${probability}.`);
      }
    }
    if (plan.rateLimit?.burst !== this.#plan.rateLimit?.burst)
      this.#bucket = { tokens: plan.rateLimit?.burst ?? 0, at: this.#now() };
    this.#plan = plan;
    this.#permanent = new Map(
      (plan.permanent ?? []).map(({ operation, e164, code, message }) => [
        `${operation} ${e164}`,
        { code, message },
      ]),
    );
  }

  /**
   * The fault of one request, if any.
   * @param content what the request says, whatever order it names the numbers in
   * @param nth how many requests of this operation there were, this one included
   */
  forRequest(operation: Operation, content: string, nth: number): ScriptableFault | 'rateLimit' | undefined {
    const attempt = this.#attempt(operation, content);
    const scripted = this.#plan.script?.find((entry) => entry.operation === operation && entry.nth === nth);
    if (scripted) return scripted.fault;
    if (this.#plan.rateLimit !== undefined && !this.#takeToken(this.#plan.rateLimit)) return 'rateLimit';
    if (!this.#mayHit(operation)) return undefined;
    return requestFaultKinds.find(
      (kind) => draw(this.#seed, kind, operation, content, attempt) < (this.#plan[kind] ?? 0),
    );
  }

  /** The transient error of one number in a bulk call, if any. `all` lets none pass. */
  forNumber(operation: Operation, e164: string, all: boolean): NumberRefusal | undefined {
    const attempt = this.#attempt(operation, e164);
    const probability = all ? 1 : this.#mayHit(operation) ? (this.#plan.numberErrors ?? 0) : 0;
    if (draw(this.#seed, 'numberErrors', operation, e164, attempt) >= probability) return undefined;
    const choice = Math.floor(draw(this.#seed, 'code', operation, e164, attempt) * transientCodes.length);
    return {
      code: transientCodes[choice] ?? 'ServiceFailure',
      message: `Phone number ${e164} could not be processed at this time.`,
    };
  }

  /** The permanent error of one number under one operation, if any. */
  permanent(operation: Operation, e164: string): NumberRefusal | undefined {
    return this.#permanent.get(`${operation} ${e164}`);
  }

  #takeToken({ perSecond, burst }: NonNullable<FaultPlan['rateLimit']>): boolean {
    const at = this.#now();
    const tokens = Math.min(burst, this.#bucket.tokens + ((at - this.#bucket.at) / 1_000) * perSecond);
    this.#bucket = { tokens: tokens >= 1 ? tokens - 1 : tokens, at };
    return tokens >= 1;
  }

  #mayHit(operation: Operation): boolean {
    return this.#plan.only?.includes(operation) ?? true;
  }

  #attempt(operation: Operation, content: string): number {
    const key = `${operation} ${content}`;
    const attempt = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempt);
    return attempt;
  }
}
