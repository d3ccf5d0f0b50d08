/** Step: records how the run ended, and says it in one sentence. The last step on every path. */
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { LedgerMismatch } from './errors.ts';
import type { Closing, Ending, Failure } from './journey.ts';
import { connectLedger, updateTeardown } from './ledger.ts';
import { maskNumbers } from './mask.ts';
import type { Blocker } from './plan.ts';
import type { LedgerPort } from './ports.ts';

/** Step Functions takes 256 characters of Error and 32,768 of Cause; a sentence should not come near. */
const longestError = 256;
const longestCause = 4_000;

interface Ports {
  readonly ledger: Pick<LedgerPort, 'updateTeardown'>;
  readonly clock: Clock;
}

export const closeTeardown =
  ({ ledger, clock }: Ports): Step<Ending, Closing> =>
  async (ending) => {
    if (ending.outcome === 'refused') return { outcome: 'refused', ...sayRefusal(ending.state.blockers) };
    const endedAt = clock.now().toISOString();
    const { execution } = ending;
    if (ending.outcome === 'deleted') {
      const { voiceConnectorId, name, phoneNumbers, plan } = ending.state;
      await ledger.updateTeardown(voiceConnectorId, execution.id, { phase: 'deleted', endedAt });
      return { outcome: 'deleted', voiceConnectorId, name, phoneNumbers, plan };
    }
    const failure = sayFailure(ending.state.failure);
    const voiceConnectorId = ending.state.voiceConnectorId ?? askedFor(ending.state.request);
    if (voiceConnectorId !== undefined) {
      await recordIfHeld(() =>
        ledger.updateTeardown(voiceConnectorId, execution.id, { phase: 'failed', endedAt, ...failure }),
      );
    }
    return { outcome: 'failed', ...failure };
  };

/** A run that failed before it opened a teardown, or that has lost it to another, has nothing to record. */
async function recordIfHeld(record: () => Promise<void>): Promise<void> {
  try {
    await record();
  } catch (error) {
    if (!(error instanceof LedgerMismatch)) throw error;
  }
}

function sayRefusal(blockers: readonly Blocker[]): { error: string; cause: string } {
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
function sayFailure({ Error: error, Cause: cause }: Failure): { error: string; cause: string } {
  const message = messageIn(cause) ?? cause;
  const sentence = message ? message : `The step ended with ${error} and no further explanation.`;
  return { error: shorten(error, longestError), cause: shorten(maskNumbers(sentence), longestCause) };
}

function messageIn(cause: string | undefined): string | undefined {
  try {
    const parsed: unknown = JSON.parse(cause ?? '');
    if (typeof parsed !== 'object' || parsed === null || !('errorMessage' in parsed)) return undefined;
    return typeof parsed.errorMessage === 'string' ? parsed.errorMessage : undefined;
  } catch {
    return undefined;
  }
}

function askedFor(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || !('voiceConnectorId' in request)) return undefined;
  const { voiceConnectorId } = request;
  return typeof voiceConnectorId === 'string' && voiceConnectorId !== '' ? voiceConnectorId : undefined;
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export const connect = (edge: Edge): Step<Ending, Closing> =>
  closeTeardown({ ledger: { updateTeardown: updateTeardown(connectLedger(edge)) }, clock: edge.clock });

export const handler = onLambda(connect);
