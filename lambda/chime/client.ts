/** The client that all operations of Chime share, and what they share in reading its answers. */
import { ChimeClient } from '#chime-api';
import { mapped } from '../aws/aws-error.ts';
import { clientSettings } from '../aws/client-settings.ts';
import { countRequests } from '../aws/measure.ts';
import { retryStrategy } from '../aws/retry-strategy.ts';
import type { Edge } from '../edge.ts';
import { MalformedReply, ServiceError } from '../errors.ts';
import { Pace } from './pace.ts';

/** The client. It keeps to `pace`, which lives as long as itself. */
export function connectChime(edge: Edge, pace = new Pace(edge.clock)): ChimeClient {
  const client = new ChimeClient(clientSettings(edge, edge.chime, retryStrategy(edge, pace)));
  if (edge.metrics !== undefined) countRequests(client, edge.metrics);
  return client;
}

/** Makes a call; undefined where the service answers that there is no such thing. */
export async function orUndefinedIfNotFound<T>(
  send: () => Promise<T>,
  doing: string,
): Promise<T | undefined> {
  try {
    return await mapped(send, doing);
  } catch (error) {
    if (error instanceof ServiceError && error.name === 'NotFoundException') return undefined;
    throw error;
  }
}

/** One page of a list as the service gives it. */
export interface WirePage<Item> {
  readonly items: readonly Item[] | undefined;
  readonly NextToken?: string | undefined;
}

/**
 * Reads a list page by page.
 *
 * @param read asks for one page; its argument is `NextToken` as a request carries it, empty for the first page
 * @throws MalformedReply where a page holds no list, or names itself as the next
 */
export async function* pagesOf<Item>(
  doing: string,
  read: (token: { NextToken?: string }) => Promise<WirePage<Item>>,
): AsyncGenerator<readonly Item[]> {
  let token: string | undefined;
  do {
    const reply = await mapped(() => read(token === undefined ? {} : { NextToken: token }), doing);
    if (reply.items === undefined) throw new MalformedReply(`${doing}: the answer holds no list`);
    yield reply.items;
    if (token !== undefined && reply.NextToken === token) {
      throw new MalformedReply(`${doing}: the service gave the same page token twice`);
    }
    token = reply.NextToken || undefined;
  } while (token !== undefined);
}
