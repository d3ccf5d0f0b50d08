import type { Connection, Edge } from './edge.ts';
import { retryStrategy } from './retry-strategy.ts';

/**
 * The settings that every SDK client here is made with. A call that gets no connection in 3 s (or in
 * `edge.requestTimeoutMs`, where that is less), or no answer in `edge.requestTimeoutMs`, counts as failed. What `connection`
 * leaves out (endpoint, Region, credentials) comes from the SDK's usual chain.
 */
export function clientSettings(edge: Edge, connection: Connection) {
  return {
    ...connection,
    retryStrategy: retryStrategy(edge),
    requestHandler: {
      connectionTimeout: Math.min(3_000, edge.requestTimeoutMs),
      requestTimeout: edge.requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  };
}
