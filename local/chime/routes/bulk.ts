import type { Call } from '../call.ts';
import { e164Of, isE164 } from '../e164.ts';
import type { NumberRefusal } from '../errors.ts';
import { badRequest } from '../errors.ts';
import type { Verdict } from '../rules.ts';
import { BULK_LIMIT } from '../rules.ts';
import type { ChimeSwitches } from '../switches.ts';
import { bulkJson } from '../wire.ts';
import type { Answer, NumberFaults, Service } from './route.ts';

/**
 * Reads the list of a bulk call as E.164 numbers. Throws BadRequest for the whole call where the list is missing,
 * empty or too long, or where one entry is no number (`%2B…` is one only where ids are asked for).
 */
export function readNumbers(
  { body }: Call,
  member: 'E164PhoneNumbers' | 'PhoneNumberIds',
  switches: ChimeSwitches,
): string[] {
  return readList(body, member, switches).map((entry) => {
    const fits = typeof entry === 'string' && (member === 'PhoneNumberIds' || isE164(entry));
    const e164 = fits ? e164Of(entry) : undefined;
    if (e164 === undefined) throw badRequest(`${member} has a malformed member: ${JSON.stringify(entry)}.`);
    return e164;
  });
}

/** Reads the list of a bulk call. Throws BadRequest where it is missing, empty or too long. */
export function readList(
  body: Call['body'],
  member: string,
  { overLimit }: Pick<ChimeSwitches, 'overLimit'>,
): readonly unknown[] {
  const list = body[member];
  if (!Array.isArray(list) || list.length === 0) throw badRequest(`${member} must not be empty.`);
  if (list.length > BULK_LIMIT && overLimit === 'refused') {
    throw badRequest(`${member} must have at most ${BULK_LIMIT} members, not ${list.length}.`);
  }
  return list;
}

/** Takes the numbers one by one: one that fails or is refused stays as it was, and the others go on. */
export function forEachNumber(
  numbers: readonly string[],
  { switches }: Service,
  faults: NumberFaults,
  step: { judge(e164: string): Verdict; act(e164: string): void },
): Answer {
  const refusals = new Map<string, NumberRefusal>();
  for (const e164 of numbers) {
    const verdict = faults.inBulk(e164) ?? step.judge(e164);
    if (verdict === 'go') step.act(e164);
    else if (verdict !== 'nothing') refusals.set(e164, verdict);
  }
  return { status: 200, json: bulkJson(refusals, switches) };
}
