import type { BulkReply, PhoneNumber } from '../ports.ts';
import { maskNumbers } from '../words/mask.ts';
import { numberKey } from './number-key.ts';

/** How much of AWS's message about a number is kept: 500 of them share a ledger item of 400 KB. */
const longestMessage = 200;

/** An entry of `PhoneNumberErrors`. */
interface WireError {
  readonly PhoneNumberId?: string | undefined;
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

/** What a bulk call did to the numbers that it was about, by the `PhoneNumberErrors` of its 200 reply. */
export function asBulkReply(
  asked: readonly PhoneNumber[],
  errors: readonly WireError[] | undefined,
): BulkReply {
  const refusals = new Map(
    (errors ?? []).map(({ PhoneNumberId = '', ErrorCode = 'Unknown', ErrorMessage = 'no message' }) => [
      numberKey(PhoneNumberId),
      { code: ErrorCode, message: maskNumbers(ErrorMessage).slice(0, longestMessage) },
    ]),
  );
  const known = new Set(asked.flatMap(({ id, e164 }) => [numberKey(id), numberKey(e164)]));
  const isMuddled = [...refusals.keys()].some((key) => !known.has(key));
  return {
    account: errors === undefined ? 'missing' : isMuddled ? 'muddled' : 'complete',
    refusalOf: ({ id, e164 }) => refusals.get(numberKey(e164)) ?? refusals.get(numberKey(id)),
  };
}
