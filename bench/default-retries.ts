import type { VirtualClock } from '../local/clock.ts';

/** The part of the SDK's retry contract (`RetryStrategyV2` of @smithy/types) that is used here. */
interface Token {
  getRetryCount(): number;
  getRetryDelay(): number;
  getRetryCost(): number | undefined;
}

/** Attempts of a call, the first among them (`DEFAULT_MAX_ATTEMPTS`). */
const maxAttempts = 3;
/** Base of the back-off in ms (`Retry.throttlingDelay`, `Retry.delay`), and the longest wait (`MAXIMUM_RETRY_DELAY`). */
const baseMs = { THROTTLING: 1_000, TRANSIENT: 50 };
const longestMs = 20_000;
/** What a client may spend on retries (`INITIAL_RETRY_TOKENS`), and what each costs (`Retry.throttlingCost`, `Retry.cost`). */
const budget = 500;
const costs = { THROTTLING: 5, TRANSIENT: 14 };

/**
 * What an SDK client does by itself when it is told nothing about retries: `StandardRetryStrategy` of @smithy/core 3.41.0
 * (`dist-es/submodules/retry/util-retry`), which @aws-sdk/client-chime-sdk-voice 3.1142.0 comes with. The original sleeps
 * in real time; this one on the virtual clock.
 */
export class DefaultRetries {
  readonly mode = 'standard';
  readonly #clock: Pick<VirtualClock, 'sleep'>;
  readonly #random: () => number;
  #left = budget;

  constructor(clock: Pick<VirtualClock, 'sleep'>, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** What may still be spent. */
  getCapacity(): number {
    return this.#left;
  }

  async acquireInitialRetryToken(): Promise<Token> {
    return tokenOf(0, undefined);
  }

  async refreshRetryTokenForRetry(last: Token, { errorType }: { errorType: string }): Promise<Token> {
    const retries = last.getRetryCount();
    const isRetriable = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
    if (!isRetriable || retries + 1 >= maxAttempts || this.#left < costs[errorType])
      throw new Error('No retry token available');
    this.#left -= costs[errorType];
    const backOff = this.#random() * Math.min(baseMs[errorType] * 2 ** retries, longestMs);
    await this.#clock.sleep(Math.floor(backOff));
    return tokenOf(retries + 1, costs[errorType]);
  }

  recordSuccess(token: Token): void {
    this.#left = Math.min(budget, this.#left + (token.getRetryCost() ?? 1));
  }
}

function tokenOf(count: number, cost: number | undefined): Token {
  return { getRetryCount: () => count, getRetryDelay: () => 0, getRetryCost: () => cost };
}
