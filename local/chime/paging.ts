import { digest } from './draw.ts';
import { badRequest } from './errors.ts';

/** Which part of a listing a request asks for. */
export interface PageRequest {
  /** The last key of the page before; 0 for the first page. */
  readonly after: number;
  /** Items on the page. */
  readonly limit: number;
}

type Query = Readonly<Record<string, string>>;

/**
 * Reads `max-results` (1..pageLimit; a full page if left out) and `next-token`.
 * The token names the last key of the page before, so that it stays right while the listing changes. It belongs to
 * one operation with one set of filters: with others, or made up, it is a 400.
 */
export function readPage(operation: string, query: Query, pageLimit: number): PageRequest {
  const size = query['max-results'];
  const limit = size === undefined ? pageLimit : Number(size);
  if (!Number.isInteger(limit) || limit < 1 || limit > pageLimit) {
    throw badRequest(`max-results must be from 1 to ${pageLimit}, not ${size}.`);
  }
  const token = query['next-token'];
  if (token === undefined) return { after: 0, limit };
  const [key, mark] = Buffer.from(token, 'base64url').toString().split('.');
  const after = Number(key);
  if (!Number.isInteger(after) || mark !== markOf(operation, query, after)) {
    throw badRequest('The next token is not valid for this request.');
  }
  return { after, limit };
}

/** The member `NextToken` of a reply: left out on the last page. */
export function nextToken(operation: string, query: Query, next: number | undefined): { NextToken?: string } {
  if (next === undefined) return {};
  return { NextToken: Buffer.from(`${next}.${markOf(operation, query, next)}`).toString('base64url') };
}

function markOf(operation: string, query: Query, key: number): string {
  const filters = Object.entries(query).filter(([name]) => name !== 'next-token' && name !== 'max-results');
  return digest(operation, key, ...filters.sort().flat())
    .toString('hex')
    .slice(0, 12);
}
