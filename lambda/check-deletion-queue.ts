/**
 * Step: finds out whether the numbers are gone. "Gone" is not one thing: a number may still be queued (nobody promises
 * when the service sweeps), taken back by somebody, or stuck. Only when the service knows none of them any more may
 * the connector go.
 */
import { connectChime, getNumber, inventory, numberKey } from './chime.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { NumbersStillQueued } from './errors.ts';
import type { InWindow, QueueCheck } from './journey.ts';
import { connectLedger, readBatches } from './ledger.ts';
import {
  type ChimePort,
  type LedgerNumber,
  type LedgerPort,
  type NumberView,
  queueStatuses,
} from './ports.ts';
import { someOf } from './tally.ts';

/** How long after the window numbers may linger in the queue before a run gives up: 3 days, in ms. */
export const graceMs = 3 * 24 * 60 * 60_000;

interface Ports {
  readonly chime: Pick<ChimePort, 'inventory' | 'getNumber'>;
  readonly ledger: Pick<LedgerPort, 'readBatches'>;
  readonly clock: Clock;
}

type Finding = 'gone' | 'stillQueued' | 'reclaimed' | 'stuck';
type Findings = Record<Finding, LedgerNumber[]>;

export const checkDeletionQueue =
  ({ chime, ledger, clock }: Ports): Step<InWindow, QueueCheck> =>
  async ({ voiceConnectorId, generation, window }) => {
    const numbers: LedgerNumber[] = [];
    const samples: LedgerNumber[] = [];
    for await (const batch of ledger.readBatches(voiceConnectorId, generation)) {
      numbers.push(...batch.numbers);
      samples.push(...batch.numbers.slice(0, 1));
    }
    const findings = await findAll(chime, numbers, samples);
    const counts = {
      gone: findings.gone.length,
      stillQueued: findings.stillQueued.length,
      reclaimed: findings.reclaimed.length,
      stuck: findings.stuck.length,
    };
    if (counts.reclaimed > 0)
      return { verdict: 'reclaimed', ...counts, failure: reclaimed(findings, numbers.length) };
    if (counts.stuck > 0) return { verdict: 'stuck', ...counts, failure: stuck(findings, numbers.length) };
    if (counts.stillQueued === 0) return { verdict: 'gone', ...counts };
    if (clock.now().getTime() > Date.parse(window.endsAt) + graceMs) {
      throw new NumbersStillQueued(
        `${counts.stillQueued} of ${numbers.length} numbers are still in the deletion queue, more than three days after ` +
          `the window ended (${window.endsAt}): ${someOf(findings.stillQueued)}. Connector ${voiceConnectorId} is untouched.`,
      );
    }
    return { verdict: 'stillQueued', ...counts };
  };

/**
 * Every number by what the service shows. From the list of the inventory, or number by number where that is fewer
 * calls. Lists may lag or leave queued numbers out, so what they say is made sure of by reading: one number of every
 * batch before "gone", and what somebody seems to have taken back or the service to have failed at.
 */
async function findAll(
  chime: Ports['chime'],
  numbers: readonly LedgerNumber[],
  samples: readonly LedgerNumber[],
): Promise<Findings> {
  const listed = await listIfCheaper(chime, numbers);
  if (listed === undefined) return readEach(chime, numbers);
  const findings = sort(numbers, (number) => listed.get(numberKey(number.e164)));
  if (findings.reclaimed.length > 0 || findings.stuck.length > 0) {
    const doubted = await readEach(chime, [...findings.reclaimed, ...findings.stuck]);
    return {
      gone: [...findings.gone, ...doubted.gone],
      stillQueued: [...findings.stillQueued, ...doubted.stillQueued],
      reclaimed: doubted.reclaimed,
      stuck: doubted.stuck,
    };
  }
  if (findings.gone.length < numbers.length) return findings;
  const sampled = await readEach(chime, samples);
  return sampled.gone.length === samples.length ? findings : readEach(chime, numbers);
}

/** The plan's numbers that the service lists, by key; undefined once listing has cost as many calls as there are numbers. */
async function listIfCheaper(
  chime: Ports['chime'],
  numbers: readonly LedgerNumber[],
): Promise<ReadonlyMap<string, NumberView> | undefined> {
  const wanted = new Set(numbers.map(({ e164 }) => numberKey(e164)));
  const listed = new Map<string, NumberView>();
  let calls = 0;
  // The plain list may leave out what is in the queue; the lists by status do not.
  for (const status of [undefined, ...queueStatuses]) {
    for await (const page of chime.inventory(status)) {
      calls += 1;
      if (calls > numbers.length) return undefined;
      for (const view of page) if (wanted.has(view.key)) listed.set(view.key, view);
    }
  }
  return listed;
}

async function readEach(chime: Ports['chime'], numbers: readonly LedgerNumber[]): Promise<Findings> {
  const views = new Map<string, NumberView | undefined>();
  for (const number of numbers) views.set(number.e164, await chime.getNumber(number));
  return sort(numbers, (number) => views.get(number.e164));
}

function sort(
  numbers: readonly LedgerNumber[],
  viewOf: (number: LedgerNumber) => NumberView | undefined,
): Findings {
  const findings: Findings = { gone: [], stillQueued: [], reclaimed: [], stuck: [] };
  for (const number of numbers) findings[findingOf(viewOf(number))].push(number);
  return findings;
}

/** Anything but "queued" or "failed in the queue" means that the number lives: somebody has taken it back. */
function findingOf(view: NumberView | undefined): Finding {
  if (view === undefined) return 'gone';
  if (view.status === 'ReleaseInProgress' || view.status === 'DeleteInProgress') return 'stillQueued';
  if (view.status === 'ReleaseFailed' || view.status === 'DeleteFailed') return 'stuck';
  return 'reclaimed';
}

function reclaimed({ reclaimed: numbers }: Findings, total: number) {
  return {
    Error: 'NumbersReclaimed',
    Cause:
      `${numbers.length} of ${total} numbers are no longer in the deletion queue but in use or in the inventory ` +
      `(${someOf(numbers)}): somebody took them back. Nothing more is touched; the connector stays.`,
  };
}

function stuck({ stuck: numbers }: Findings, total: number) {
  return {
    Error: 'NumbersStuck',
    Cause:
      `The service failed to release ${numbers.length} of ${total} numbers (status ReleaseFailed or DeleteFailed: ` +
      `${someOf(numbers)}). They are still billed: ask AWS Support; the connector stays.`,
  };
}

export const connect = (edge: Edge): Step<InWindow, QueueCheck> => {
  const client = connectChime(edge);
  const table = connectLedger(edge);
  return checkDeletionQueue({
    chime: { inventory: inventory(client), getNumber: getNumber(client) },
    ledger: { readBatches: readBatches(table) },
    clock: edge.clock,
  });
};

export const handler = onLambda(connect);
