/**
 * Which numbers there are, without the rest of what is known of them: what order and duplicates are told by, in the memory of a
 * number of JavaScript each, so that a step can go over 100,000 of them page by page.
 */
import { numberKey } from './chime/number-key.ts';

/** The digits of a number (E.164 has at most 15, which a `number` holds exactly), or its key where it is no such number. */
export type RollKey = number | string;

/** The same key for every form in which a number is written. */
export function rollKey(idOrE164: string): RollKey {
  const key = numberKey(idOrE164);
  return /^\+[1-9]\d{0,14}$/.test(key) ? Number(key) : key;
}

/** The numbers (E.164) behind keys, sorted as texts are, without making a list of texts. */
export function* sorted(keys: Iterable<RollKey>): Generator<string> {
  const digits: number[] = [];
  const others: string[] = [];
  for (const key of keys) {
    if (typeof key === 'number') digits.push(key);
    else others.push(key);
  }
  // "12" comes before "123", and that before "13".
  for (const each of digits.sort((a, b) => filledUp(a) - filledUp(b) || a - b)) yield `+${each}`;
  yield* others.sort();
}

/** A number of at most 15 digits, with zeros behind it. */
function filledUp(digits: number): number {
  let filled = digits;
  while (filled < 1e14) filled *= 10;
  return filled;
}
