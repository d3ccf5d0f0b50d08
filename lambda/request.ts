import * as v from 'valibot';
import { maskNumbers } from './mask.ts';
import type { Blocker } from './plan.ts';
import { connectorIdPattern } from './ports.ts';

const missing = 'is missing';
const unknown = 'is not a field of the request';

const connectorId = v.pipe(
  v.string('must be a string'),
  v.regex(connectorIdPattern, 'must be 1 to 128 letters, digits or hyphens'),
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
  /** Carry on where an earlier run of this connector's teardown ended without finishing. */
  resume: v.optional(v.boolean('must be true or false')),
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

/** Faults that are told of one request: a state holds 256 KiB. */
const mostFaults = 50;

/** Every fault of a request at once, or the request. The input is untrusted: console, CLI and events all end up here. */
export function readRequest(input: unknown): { request: TeardownRequest } | { blockers: Blocker[] } {
  const result = v.safeParse(schema, input);
  if (result.success) return { request: result.output };
  const shown = result.issues.slice(0, mostFaults).map((issue) => asBlocker(issue, input));
  const others = result.issues.length - shown.length;
  return { blockers: others === 0 ? shown : [...shown, invalid(`There are ${others} faults more.`)] };
}

function asBlocker(issue: v.BaseIssue<unknown>, input: unknown): Blocker {
  const field = brief(v.getDotPath(issue) ?? 'input');
  const isAboutKey = issue.message === missing || issue.message === unknown;
  const value = isAboutKey ? '' : `, not ${show(issue.path ? issue.path.at(-1)?.value : input)}`;
  return invalid(`${field} ${issue.message}${value}.`);
}

function invalid(message: string): Blocker {
  const wayOut = `The fields are ${Object.keys(fields).join(', ')}; only voiceConnectorId is required.`;
  return { code: 'InvalidInput', message, wayOut };
}

function show(value: unknown): string {
  return brief(JSON.stringify(value) ?? String(value));
}

/** Short enough for a message, and without phone numbers: an input may be anything, of any length. */
function brief(value: string): string {
  const masked = maskNumbers(value.slice(0, 200));
  return masked.length > 80 ? `${masked.slice(0, 80)}…` : masked;
}
