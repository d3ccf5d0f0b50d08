/** How a run ended, in an error and one sentence: what an operator reads in the console. */

import type { Failure, Interruption } from '../journey.ts';
import type { Blocker } from '../plan.ts';
import { maskNumbers } from '../words/mask.ts';

/** Error and cause, as the execution ends with them. */
export interface Said {
  readonly error: string;
  readonly cause: string;
}

/** Step Functions takes 256 characters of Error and 32,768 of Cause; a sentence should not come near. */
const longestError = 256;
const longestCause = 4_000;

/** What ended an execution from outside: Stop, its time-out, or an error that no state could catch. */
export function sayInterruption({ status, error, cause }: Interruption): Said {
  const told = messageIn(cause ?? '') ?? cause;
  const why = told ? `: ${told.replace(/\.$/, '')}` : '';
  const sentence = `The execution ended as ${status}${why}. Numbers in the deletion queue still go.`;
  return {
    error: shorten(maskNumbers(error || status), longestError),
    cause: shorten(maskNumbers(sentence), longestCause),
  };
}

/** Every reason to refuse in one error and one text, each code once. */
export function sayRefusal(blockers: readonly Blocker[]): Said {
  const codes = [...new Set(blockers.map(({ code }) => code))];
  const sentences = codes.map((code) =>
    sayBlockers(
      code,
      blockers.filter((blocker) => blocker.code === code),
    ),
  );
  return { error: shorten(codes.join(','), longestError), cause: shorten(sentences.join(' '), longestCause) };
}

/** What is wrong, all of it, then each way out once. */
function sayBlockers(code: string, blockers: readonly Blocker[]): string {
  const messages = blockers.map(({ message }) => message);
  const waysOut = new Set(blockers.map(({ wayOut }) => wayOut));
  return `${code}: ${[...messages, ...waysOut].join(' ')}`;
}

/**
 * Error and Cause as Catch hands them over. A failed Lambda function's Cause is a JSON text with the error's type,
 * message and stack, of which the message is what an operator wants; other Causes are plain text, or missing.
 */
export function sayFailure({ Error: error, Cause: cause }: Failure): Said {
  const message = messageIn(cause ?? '') ?? cause;
  const sentence = message ? message : `The step ended with ${error} and no further explanation.`;
  return { error: shorten(error, longestError), cause: shorten(maskNumbers(sentence), longestCause) };
}

function messageIn(cause: string): string | undefined {
  const report = parsed(cause);
  if (typeof report !== 'object' || report === null || !('errorMessage' in report)) return undefined;
  return typeof report.errorMessage === 'string' ? report.errorMessage : undefined;
}

/** What a JSON text says; undefined where it is none. */
export function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
