import * as v from 'valibot';
import { type Blocker, overridable } from '../plan.ts';
import { connectorIdPattern } from '../ports.ts';
import { maskNumbers } from '../words/mask.ts';

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

const flag = v.boolean('must be true or false');

/** What both workflows can be asked. */
const shared = {
  /** The connector that it is about. */
  voiceConnectorId: connectorId,
  /** Answer with what would be done; change nothing. */
  dryRun: v.optional(flag),
  /** Who wants it, and why: kept in the ledger. */
  requestedBy: v.optional(text(256)),
  reason: v.optional(text(1024)),
};

const teardownFields = {
  ...shared,
  /** Carry on where an earlier run of this connector's teardown ended without finishing. */
  resume: v.optional(flag),
  /** How many numbers the caller believes the connector to have; any other count refuses the run. */
  expectedPhoneNumbers: v.optional(count),
  /** The fingerprint of the plan that was agreed to; any other refuses the run. */
  approvedPlan: v.optional(
    v.pipe(
      v.string('must be a string'),
      v.regex(/^sha256:[0-9a-f]{64}$/, 'must be the fingerprint of a plan'),
    ),
  ),
  /** Take the connector out of its Voice Connector groups before it is deleted. */
  detachFromGroups: v.optional(flag),
  /** Blockers that are not to refuse this run. */
  overrides: v.optional(
    v.array(
      v.picklist(overridable, `must be ${overridable.join(' or ')}: no other blocker can be overridden`),
      'must be a list of codes',
    ),
  ),
};

/** What a teardown may be asked; see the README for the meaning of each field. */
export type TeardownRequest = v.InferOutput<ReturnType<typeof v.object<typeof teardownFields>>>;

/** What a restore may be asked. */
export type RestoreRequest = v.InferOutput<ReturnType<typeof v.object<typeof shared>>>;

/** Who asks, and why, as far as the request says it. */
export function whoAsks({ requestedBy, reason }: Pick<RestoreRequest, 'requestedBy' | 'reason'>): {
  requestedBy?: string;
  reason?: string;
} {
  return {
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Faults that are told of one request: a state holds 256 KiB. */
const mostFaults = 50;

type Read<Request> = { request: Request } | { blockers: Blocker[] };

/**
 * Every fault of a request at once, or the request. The input is untrusted: console, CLI and events all end up here.
 *
 * @param requireApprovedPlan whether a run that changes something must say which plan was agreed to
 */
export function readTeardownRequest(input: unknown, requireApprovedPlan: boolean): Read<TeardownRequest> {
  const read = readerOf(teardownFields)(input);
  if (!requireApprovedPlan || !lacksApproval(input)) return read;
  const message =
    'approvedPlan is missing, and this deployment runs no teardown without it (setting requireApprovedPlan).';
  const wayOut = 'Look at a plan ("dryRun": true), and give its fingerprint as "approvedPlan".';
  const others = 'blockers' in read ? read.blockers : [];
  return { blockers: [...others, { code: 'InvalidInput', message, wayOut }] };
}

function lacksApproval(input: unknown): boolean {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  const { dryRun, approvedPlan } = input as Record<string, unknown>;
  return dryRun !== true && approvedPlan === undefined;
}

/** The same for a request to restore. */
export const readRestoreRequest: (input: unknown) => Read<RestoreRequest> = readerOf(shared);

function readerOf<Fields extends v.ObjectEntries>(fields: Fields) {
  const schema = v.pipe(
    v.custom<object>(
      (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
      'must be a JSON object',
    ),
    // Every unknown key is an issue of its own; `strictObject` would stop at the first.
    v.objectWithRest(fields, v.never(unknown), missing),
  );
  const wayOut = `The fields are ${Object.keys(fields).join(', ')}; only voiceConnectorId is required.`;
  const invalid = (message: string): Blocker => ({ code: 'InvalidInput', message, wayOut });
  return (input: unknown): Read<v.InferOutput<v.ObjectSchema<Fields, undefined>>> => {
    const result = v.safeParse(schema, input);
    if (result.success) return { request: result.output as v.InferOutput<v.ObjectSchema<Fields, undefined>> };
    const shown = result.issues.slice(0, mostFaults).map((issue) => invalid(saidOf(issue, input)));
    const others = result.issues.length - shown.length;
    return { blockers: others === 0 ? shown : [...shown, invalid(`There are ${others} faults more.`)] };
  };
}

function saidOf(issue: v.BaseIssue<unknown>, input: unknown): string {
  const field = brief(v.getDotPath(issue) ?? 'input');
  const isAboutKey = issue.message === missing || issue.message === unknown;
  const value = isAboutKey ? '' : `, not ${show(issue.path ? issue.path.at(-1)?.value : input)}`;
  return `${field} ${issue.message}${value}.`;
}

function show(value: unknown): string {
  return brief(JSON.stringify(value) ?? String(value));
}

/** Short enough for a message, and without phone numbers: an input may be anything, of any length. */
function brief(value: string): string {
  const masked = maskNumbers(value.slice(0, 200));
  return masked.length > 80 ? `${masked.slice(0, 80)}…` : masked;
}
