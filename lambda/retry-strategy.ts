import type { Edge } from './edge.ts';

/** The part of the SDK's retry contract (`RetryStrategyV2` of @smithy/types) that is used here; both SDKs share it. */
interface Token {
  getRetryCount(): number;
  getRetryDelay(): number;
  getRetryCost(): number | undefined;
}

/** Attempts per call, the first included: a short throttle is ridden out in the function, a long one by the flow. */
const maxAttempts = 4;
/** Base of the back-off in ms, as the SDK's own standard mode has it: 1 s after a throttle, 50 ms after other trouble. */
const baseDelayMs = { THROTTLING: 1_000, TRANSIENT: 50 };
/** The longest single wait in ms, the SDK's own. */
const maxDelayMs = 20_000;

/**
 * The SDK's standard retries (what counts as throttling or passing trouble is still the SDK's to say), but asleep on
 * the edge's clock: so that the local run, in which time is virtual, waits as long as the cloud would, in no time.
 * Without a budget shared between calls: each call has its full attempts, and the flow's retry policies do the rest.
 */
export function retryStrategy({
  clock,
  random,
  attempts = maxAttempts,
}: Pick<Edge, 'clock' | 'random' | 'attempts'>) {
  const token = (retries: number): Token => ({
    getRetryCount: () => retries,
    getRetryDelay: () => 0,
    getRetryCost: () => undefined,
  });
  return {
    mode: 'standard',
    acquireInitialRetryToken: async (): Promise<Token> => token(0),
    refreshRetryTokenForRetry: async (
      last: Token,
      failure: { errorType: string; retryAfterHint?: Date },
    ): Promise<Token> => {
      const retries = last.getRetryCount() + 1;
      const isRetriable = failure.errorType === 'THROTTLING' || failure.errorType === 'TRANSIENT';
      if (!isRetriable || retries >= attempts) throw new Error('No attempt left for this call');
      const base = baseDelayMs[failure.errorType === 'THROTTLING' ? 'THROTTLING' : 'TRANSIENT'];
      const backOff = random() * Math.min(base * 2 ** (retries - 1), maxDelayMs);
      const asked = failure.retryAfterHint ? failure.retryAfterHint.getTime() - Date.now() : 0;
      await clock.sleep(Math.max(backOff, Math.min(asked, maxDelayMs)));
      return token(retries);
    },
    recordSuccess: (): void => undefined,
  };
}
