import * as v from 'valibot';
import { maskNumbers } from './mask.ts';
import type { Blocker } from './plan.ts';

const missing = 'is missing';
const unknown = 'is not a field of the request';

const connectorId = v.pipe(
  v.string('must be a string'),
  v.regex(/^[A-Za-z0-9-]{1,128}$/, 'must be 1 to 128 letters, digits or hyphens'),
);
const count = v.pipe(
  v.number('must be a whole number, 0 or more'),
  v.safeInteger('must be a whole number, 0 or more'),
  v.minValue(0, 'must be a whole number, 0 or more'),
);
const text = (most: number) =>
  v.pipe(v.string('must be a string'), v.maxLength(most, `must be at most ${most} characters long`));

const fields = {
  /** The connector to retire. */
  voiceConnectorId: connectorId,
  /** Answer with the plan and write nothing. */
  dryRun: v.optional(v.boolean('must be true or false')),
  /** How many numbers the caller believes the connector to have; any other count refuses the run. */
  expectedPhoneNumbers: v.optional(count),
  /** Who wants it, and why: kept in the ledger. */
  requestedBy: v.optional(text(256)),
  reason: v.optional(text(1024)),
};

const schema = v.pipe(
  v.custom<object>(
    (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
    'must be a JSON object',
  ),
  // Every unknown key is an issue of its own; `strictObject` would stop at the first.
  v.objectWithRest(fields, v.never(unknown), missing),
);

/** What a run may be asked; see the README for the meaning of each field. */
export type TeardownRequest = v.InferOutput<ReturnType<typeof v.object<typeof fields>>>;

/** Every fault of a request at once, or the request. The input is untrusted: console, CLI and events all end up here. */
export function readRequest(input: unknown): { request: TeardownRequest } | { blockers: Blocker[] } {
  const result = v.safeParse(schema, input);
  if (result.success) return { request: result.output };
  return { blockers: result.issues.map((issue) => asBlocker(issue, input)) };
}

function asBlocker(issue: v.BaseIssue<unknown>, input: unknown): Blocker {
  const field = brief(v.getDotPath(issue) ?? 'input');
  const isAboutKey = issue.message === missing || issue.message === unknown;
  const value = isAboutKey ? '' : `, not ${show(issue.path?.at(-1)?.value ?? input)}`;
  return {
    code: 'InvalidInput',
    message: `${field} ${issue.message}${value}.`,
    wayOut: `The fields are ${Object.keys(fields).join(', ')}; only voiceConnectorId is required.`,
  };
}

function show(value: unknown): string {
  return brief(JSON.stringify(value) ?? String(value));
}

/** Short enough for a message, and without phone numbers: an input may be anything, of any length. */
function brief(value: string): string {
  const masked = maskNumbers(value.slice(0, 200));
  return masked.length > 80 ? `${masked.slice(0, 80)}…` : masked;
}
