/** Step: records how the run ended, and says it in one sentence. The last step on every path. */
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { LockLost } from './errors.ts';
import type { Closing, Ending, Failure, Interruption } from './journey.ts';
import { closeTeardown as close, connectLedger, readTeardown } from './ledger.ts';
import { maskNumbers } from './mask.ts';
import type { Blocker } from './plan.ts';
import { connectorIdPattern } from './ports.ts';
import type { LedgerPort, TeardownChange } from './teardown.ts';

/** Step Functions takes 256 characters of Error and 32,768 of Cause; a sentence should not come near. */
const longestError = 256;
const longestCause = 4_000;

const nothingSaid: Failure = { Error: 'NumbersNotRestored', Cause: '' };

interface Ports {
  readonly ledger: Pick<LedgerPort, 'closeTeardown' | 'readTeardown'>;
  readonly clock: Clock;
}

export const closeTeardown =
  ({ ledger, clock }: Ports): Step<Ending | Interruption, Closing> =>
  async (input) => {
    const ending: Ending = 'executionArn' in input ? { outcome: 'interrupted', interruption: input } : input;
    const endedAt = clock.now().toISOString();
    if (ending.outcome === 'interrupted') {
      const { executionArn, input } = ending.interruption;
      const failure = sayInterruption(ending.interruption);
      await closeIfHeld(ledger, askedFor(parsed(input)), executionArn, {
        phase: 'interrupted',
        endedAt,
        ...failure,
      });
      return { outcome: 'interrupted', ...failure };
    }
    const { execution } = ending;
    if (ending.outcome === 'refused') {
      // A run that took a teardown over before it was refused gives it back as it was.
      await closeIfHeld(ledger, ending.state.voiceConnectorId, execution.id, {});
      return { outcome: 'refused', ...sayRefusal(ending.state.blockers) };
    }
    if (ending.outcome === 'deleted') {
      const { voiceConnectorId, name, phoneNumbers, plan } = ending.state;
      await closeOnce(ledger, voiceConnectorId, execution.id, { phase: 'deleted', endedAt });
      return { outcome: 'deleted', voiceConnectorId, name, phoneNumbers, plan };
    }
    if (ending.outcome === 'restored') {
      const { voiceConnectorId, name, phoneNumbers, check } = ending.state;
      const change = { phase: 'restored', endedAt, error: undefined, cause: undefined } as const;
      await closeOnce(ledger, voiceConnectorId, execution.id, change);
      return { outcome: 'restored', voiceConnectorId, name, phoneNumbers, ...check.counts };
    }
    if (ending.outcome === 'incomplete') {
      const { voiceConnectorId, check } = ending.state;
      const { phase = 'failed', failure = nothingSaid } = check;
      const said = sayFailure(failure);
      await closeOnce(ledger, voiceConnectorId, execution.id, { phase, endedAt, ...said });
      return { outcome: 'incomplete', ...said };
    }
    const failure = sayFailure(ending.state.failure);
    const voiceConnectorId = ending.state.voiceConnectorId ?? askedFor(ending.state.request);
    await closeIfHeld(ledger, voiceConnectorId, execution.id, { phase: 'failed', endedAt, ...failure });
    return { outcome: 'failed', ...failure };
  };

/** A run that ended before it held a teardown, or that has lost it to another, has nothing to record. */
async function closeIfHeld(
  ledger: Ports['ledger'],
  voiceConnectorId: string | undefined,
  execution: string,
  change: TeardownChange,
): Promise<void> {
  if (voiceConnectorId === undefined) return;
  try {
    await ledger.closeTeardown(voiceConnectorId, execution, change);
  } catch (error) {
    if (!(error instanceof LockLost)) throw error;
  }
}

/** Closing twice is success: this step may have died after the first time. */
async function closeOnce(
  ledger: Ports['ledger'],
  voiceConnectorId: string,
  execution: string,
  change: TeardownChange,
): Promise<void> {
  try {
    await ledger.closeTeardown(voiceConnectorId, execution, { ...change, closedBy: execution });
  } catch (error) {
    const teardown = await ledger.readTeardown(voiceConnectorId);
    const isClosed = teardown?.phase === change.phase && teardown?.closedBy === execution;
    if (!(error instanceof LockLost && isClosed)) throw error;
  }
}

/** What ended an execution from outside: Stop, its time-out, or an error that no state could catch. */
function sayInterruption({ status, error, cause }: Interruption): { error: string; cause: string } {
  const told = messageIn(cause ?? '') ?? cause;
  const why = told ? `: ${told.replace(/\.$/, '')}` : '';
  const sentence = `The execution ended as ${status}${why}. Numbers in the deletion queue still go.`;
  return {
    error: shorten(maskNumbers(error || status), longestError),
    cause: shorten(maskNumbers(sentence), longestCause),
  };
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
  const message = messageIn(cause ?? '') ?? cause;
  const sentence = message ? message : `The step ended with ${error} and no further explanation.`;
  return { error: shorten(error, longestError), cause: shorten(maskNumbers(sentence), longestCause) };
}

function messageIn(cause: string): string | undefined {
  const report = parsed(cause);
  if (typeof report !== 'object' || report === null || !('errorMessage' in report)) return undefined;
  return typeof report.errorMessage === 'string' ? report.errorMessage : undefined;
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function askedFor(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || !('voiceConnectorId' in request)) return undefined;
  const { voiceConnectorId } = request;
  const isId = typeof voiceConnectorId === 'string' && connectorIdPattern.test(voiceConnectorId);
  return isId ? voiceConnectorId : undefined;
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** The ports as they are in the cloud. */
export const portsOf = (edge: Edge): Ports => {
  const table = connectLedger(edge);
  return {
    ledger: { closeTeardown: close(table), readTeardown: readTeardown(table) },
    clock: edge.clock,
  };
};

export const connect = (edge: Edge): Step<Ending | Interruption, Closing> => closeTeardown(portsOf(edge));

export const handler = onLambda(connect);
