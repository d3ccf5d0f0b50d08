import type { Pace } from '../chime/pace.ts';
import type { Edge } from '../edge.ts';

/** The part of the SDK's retry contract (`RetryStrategyV2` of @smithy/types) that is used here; both SDKs share it. */
interface Token {
  getRetryCount(): number;
  getRetryDelay(): number;
  getRetryCost(): number | undefined;
}

/** What the SDK says of a failed call. */
interface Failure {
  readonly errorType: string;
  readonly retryAfterHint?: Date;
}

/** Attempts per call, the first included: a short throttle is ridden out in the function, a long one by the flow. */
const maxAttempts = 4;
/** The same after throttling, where a pace is kept: their turns together take 5 s at most. */
const maxPacedAttempts = 6;
/** Base of the back-off in ms, as the SDK's own standard mode has it: 1 s after a throttle, 50 ms after other trouble. */
const baseDelayMs = { THROTTLING: 1_000, TRANSIENT: 50 };
/** The longest single wait in ms, the SDK's own. */
const maxDelayMs = 20_000;

/**
 * The SDK's standard retries (what counts as throttling or passing trouble is still the SDK's to say), but asleep on
 * the edge's clock: so that the local run, in which time is virtual, waits as long as the cloud would, in no time.
 * Without a budget shared between calls: each call has its full attempts, and the flow's retry policies do the rest.
 *
 * @param pace how fast calls are made, where that is to be kept to: a call waits for its turn, and so does one that was
 *   throttled
 */
export function retryStrategy(
  { clock, random, attempts }: Pick<Edge, 'clock' | 'random' | 'attempts'>,
  pace?: Pace,
) {
  const token = (retries: number): Token => ({
    getRetryCount: () => retries,
    getRetryDelay: () => 0,
    getRetryCost: () => undefined,
  });
  return {
    mode: 'standard',
    acquireInitialRetryToken: async (): Promise<Token> => {
      await pace?.turn();
      return token(0);
    },
    refreshRetryTokenForRetry: async (
      last: Token,
      { errorType, retryAfterHint }: Failure,
    ): Promise<Token> => {
      const retries = last.getRetryCount() + 1;
      const isThrottled = errorType === 'THROTTLING';
      if (isThrottled) pace?.throttled();
      const isPaced = isThrottled && pace !== undefined;
      const isRetriable = isThrottled || errorType === 'TRANSIENT';
      // An answer of the service all the same: that there is no such thing, say.
      if (errorType === 'CLIENT_ERROR') pace?.accepted();
      const asked = retryAfterHint ? retryAfterHint.getTime() - Date.now() : 0;
      const most = attempts ?? (isPaced && asked <= 0 ? maxPacedAttempts : maxAttempts);
      if (!isRetriable || retries >= most) throw new Error('No attempt left for this call');
      const base = baseDelayMs[isThrottled ? 'THROTTLING' : 'TRANSIENT'];
      const backOff = isPaced ? 0 : random() * Math.min(base * 2 ** (retries - 1), maxDelayMs);
      await clock.sleep(Math.max(backOff, Math.min(asked, maxDelayMs)));
      await pace?.turn();
      return token(retries);
    },
    recordSuccess: (): void => pace?.accepted(),
  };
}
