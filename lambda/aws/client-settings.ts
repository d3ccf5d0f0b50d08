import type { Connection, Edge } from '../edge.ts';
import { retryStrategy } from './retry-strategy.ts';

/**
 * The settings that every SDK client here is made with. What `connection` leaves out (endpoint, Region, credentials) comes
 * from the SDK's usual chain.
 *
 * @param retries how failed calls are tried again; by default `retryStrategy`
 */
export function clientSettings(edge: Edge, connection: Connection, retries = retryStrategy(edge)) {
  return { requestHandler: timeOuts(edge), ...connection, retryStrategy: retries };
}

/** A call that gets no connection in 3 s (or in `requestTimeoutMs`, where that is less), or no answer in that, counts as failed. */
export function timeOuts({ requestTimeoutMs }: Pick<Edge, 'requestTimeoutMs'>) {
  return {
    connectionTimeout: Math.min(3_000, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
  };
}
