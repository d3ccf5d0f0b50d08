/**
 * What keeps a connector from being torn down whatever its numbers are: its protection tag, and calls. Both are looked at
 * twice: before the first change, and a week later before the delete.
 */
import { type Edge, required, requiredNumber } from '../edge.ts';
import type { CallsPort, Connector, Tags } from '../ports.ts';
import { dayMs } from '../window.ts';

/** How this deployment guards connectors: see the settings of the same names. */
export interface Guards {
  /** Key of the tag that protects a connector, whatever its value. */
  readonly protectionTag: string;
  /** For how many days there must have been no calls, 1 to 14; 0: calls are not looked at. */
  readonly quietDays: number;
}

/** The guards of this deployment, from the function's environment. */
export function guardsIn({ env }: Edge): Guards {
  return { protectionTag: required(env, 'PROTECTION_TAG'), quietDays: requiredNumber(env, 'QUIET_DAYS') };
}

/** Why a connector is protected, and by which of its tags where that is known; undefined where it is not. */
export function protectionOf(
  tags: Tags,
  { protectionTag }: Guards,
): { readonly why: string; readonly key?: string } | undefined {
  if (tags === 'unchecked') return undefined;
  if ('unreadable' in tags) return { why: `whether it is protected cannot be read (${tags.unreadable})` };
  // IAM compares the keys of tags without regard to case, and denies by this one: so does this.
  const key = Object.keys(tags.tags).find((each) => each.toLowerCase() === protectionTag.toLowerCase());
  return key === undefined ? undefined : { why: `it has the tag "${key}"`, key };
}

/** What it takes to know whether a connector is protected: the ARN says where to look. */
export function readableTags({ arn }: Connector): string {
  return arn === undefined
    ? 'Its tags must be readable, and the service gave no ARN to read them by.'
    : `Its tags must be readable, with chime:ListTagsForResource on ${arn}, the ARN that the service gave for it.`;
}

/** Since when calls count that keep a connector from being torn down. */
export function quietSince(now: Date, { quietDays }: Guards): Date {
  return new Date(now.getTime() - quietDays * dayMs);
}

/** Which calls there were, in words; undefined where there were none. Throws where metrics cannot be read. */
export async function callsOf(
  calls: CallsPort,
  connector: Connector,
  since: Date,
): Promise<string | undefined> {
  const count = await calls.callsSince(connector, since);
  if (count === 0) return undefined;
  const many = count === 1 ? 'one call' : `${count} calls`;
  return `At least ${many} went through connector ${connector.voiceConnectorId} since ${since.toISOString()}`;
}
