import { e164Of } from './e164.ts';
import { badRequest } from './errors.ts';

/** One request as the routes see it. */
export interface Call {
  /** The id in the path, percent-decoded once; '' where the path has none. */
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
  /** The members of the JSON body; none for an empty body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Reads a request body. Throws BadRequest where it is not a JSON object. */
export function readBody(text: string): Call['body'] {
  if (text === '') return {};
  const body = parse(text);
  if (!isRecord(body)) throw badRequest('The request body is not a JSON object.');
  return { ...body };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(badRequest('The request body is not JSON.'), { cause });
  }
}

/** The member of `BatchUpdatePhoneNumber` that names numbers, each with its change. */
export const UPDATE_ITEMS = 'UpdatePhoneNumberRequestItems';

/** What the request names, for the log: the id of the path, filter or ARN, and the numbers (E.164) of the body. */
export function targetsOf({ id, query, body }: Call): string[] {
  const items = Array.isArray(body[UPDATE_ITEMS]) ? body[UPDATE_ITEMS] : [];
  const updated = items.map((item: unknown) => isRecord(item) && item.PhoneNumberId);
  const listed = [body.E164PhoneNumbers, body.PhoneNumberIds].filter(Array.isArray).flat();
  return [id, query['filter-value'], query.arn, ...listed, ...updated]
    .filter((target): target is string => typeof target === 'string' && target !== '')
    .map(normal);
}

/** What the request says, the same whatever order and form its numbers are in. */
export function contentOf(call: Call): string {
  const query = Object.entries(call.query).sort();
  const body = Object.entries(call.body).sort();
  const sorted = body.map(([name, value]) => [name, Array.isArray(value) ? value.map(normal).sort() : value]);
  return JSON.stringify([normal(call.id), query, sorted]);
}

function normal(value: unknown): string {
  if (isRecord(value)) {
    const members = Object.entries(value).sort();
    return JSON.stringify(members.map(([name, member]) => [name, normal(member)]));
  }
  const text = String(value);
  return e164Of(text) ?? text;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
