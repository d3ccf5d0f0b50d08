/**
 * Step: finds out whether the numbers are gone. "Gone" is not one thing: a number may still be queued (nobody promises
 * when the service sweeps), taken back by somebody, or stuck. Only when the service knows none of them any more may
 * the connector go.
 */
import { connectChime } from './chime/client.ts';
import { getNumber, inventory } from './chime/numbers.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { NumbersStillQueued } from './errors.ts';
import type { Inspected, InWindow, QueueCheck } from './journey.ts';
import { connectLedger, readBatches, updateTeardown } from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import type { ChimePort, NumberView } from './ports.ts';
import { lookAt, placeOf, readEach, type ViewOf } from './sightings.ts';
import { someOf } from './tally.ts';
import type { LedgerNumber, LedgerPort } from './teardown.ts';
import { dayMs } from './window.ts';
import { counted } from './words.ts';

/** How long after the window numbers may linger in the queue before a run gives up: 3 days, in ms. */
const graceMs = 3 * dayMs;

interface Ports {
  readonly chime: Pick<ChimePort, 'inventory' | 'getNumber'>;
  readonly ledger: Pick<LedgerPort, 'readBatches' | 'updateTeardown'>;
  readonly clock: Clock;
  readonly lock: Lock;
}

/** All that it needs of the window is its end. */
type AfterWindow = Inspected & { readonly window: Pick<InWindow['window'], 'endsAt'> };

type Finding = 'gone' | 'stillQueued' | 'reclaimed' | 'stuck';
type Findings = Record<Finding, LedgerNumber[]>;

export const checkDeletionQueue =
  ({ chime, ledger, clock, lock }: Ports): Step<AfterWindow, QueueCheck> =>
  async (state) => {
    await lock(state);
    const { voiceConnectorId, generation, window, execution } = state;
    const numbers: LedgerNumber[] = [];
    const samples: LedgerNumber[] = [];
    for await (const batch of ledger.readBatches(voiceConnectorId, generation)) {
      const ours = batch.numbers.filter(({ state }) => state !== 'reclaimed');
      numbers.push(...ours);
      // One that is known to have been in the queue says more than one that was gone before.
      samples.push(...[ours.find(({ state }) => state === 'queued') ?? ours.slice(0, 1)].flat());
    }
    const findings = await findAll(chime, voiceConnectorId, numbers, samples);
    const counts = {
      gone: findings.gone.length,
      stillQueued: findings.stillQueued.length,
      reclaimed: findings.reclaimed.length,
      stuck: findings.stuck.length,
    };
    if (counts.reclaimed > 0)
      return { verdict: 'reclaimed', ...counts, failure: reclaimed(findings, numbers.length) };
    if (counts.stuck > 0) return { verdict: 'stuck', ...counts, failure: stuck(findings, numbers.length) };
    if (counts.stillQueued === 0) {
      // Whatever keeps the connector from being deleted now: there is nothing left to take back.
      await ledger.updateTeardown(voiceConnectorId, execution.id, { goneAt: clock.now().toISOString() });
      return { verdict: 'gone', ...counts };
    }
    // A run that is resumed after the window has the days of grace from its own start.
    const graceFrom = Math.max(Date.parse(window.endsAt), Date.parse(execution.startedAt));
    if (clock.now().getTime() > graceFrom + graceMs) {
      throw new NumbersStillQueued(
        `More than three days after the window ended (${window.endsAt}), still in the deletion queue: ` +
          `${counts.stillQueued} of ${counted(numbers.length, 'number')} (${someOf(findings.stillQueued)}). Connector ${voiceConnectorId} is untouched.`,
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
  voiceConnectorId: string,
  numbers: readonly LedgerNumber[],
  samples: readonly LedgerNumber[],
): Promise<Findings> {
  const sort = (some: readonly LedgerNumber[], viewOf: ViewOf): Findings => {
    const findings: Findings = { gone: [], stillQueued: [], reclaimed: [], stuck: [] };
    for (const number of some) findings[findingOf(viewOf(number), voiceConnectorId)].push(number);
    return findings;
  };
  const { viewOf, isRead } = await lookAt(chime, numbers);
  const findings = sort(numbers, viewOf);
  if (isRead) return findings;
  const doubted = [...findings.reclaimed, ...findings.stuck];
  const read = sort(doubted, await readEach(chime, doubted));
  const certain: Findings = {
    gone: [...findings.gone, ...read.gone],
    stillQueued: [...findings.stillQueued, ...read.stillQueued],
    reclaimed: read.reclaimed,
    stuck: read.stuck,
  };
  if (certain.gone.length < numbers.length) return certain;
  const sampled = sort(samples, await readEach(chime, samples));
  return sampled.gone.length === samples.length ? certain : sort(numbers, await readEach(chime, numbers));
}

/** Anything but "queued" or "failed in the queue" means that the number lives: somebody has taken it back. */
function findingOf(view: NumberView | undefined, voiceConnectorId: string): Finding {
  const { at } = placeOf(view, voiceConnectorId);
  if (at === 'queued') return 'stillQueued';
  return at === 'gone' || at === 'stuck' ? at : 'reclaimed';
}

function reclaimed({ reclaimed: numbers }: Findings, total: number) {
  return {
    Error: 'NumbersReclaimed',
    Cause:
      `Somebody took back ${numbers.length} of ${counted(total, 'number')} (${someOf(numbers)}): in use or in the ` +
      'inventory, and no longer in the deletion queue. Nothing more is touched; the connector stays.',
  };
}

function stuck({ stuck: numbers }: Findings, total: number) {
  return {
    Error: 'NumbersStuck',
    Cause:
      `The service failed to release ${numbers.length} of ${counted(total, 'number')} (status ReleaseFailed or DeleteFailed: ` +
      `${someOf(numbers)}). Such numbers are still billed: ask AWS Support; the connector stays.`,
  };
}

/** The ports as they are in the cloud. */
export const portsOf = (edge: Edge): Ports => {
  const client = connectChime(edge);
  const table = connectLedger(edge);
  return {
    chime: { inventory: inventory(client), getNumber: getNumber(client) },
    ledger: { readBatches: readBatches(table), updateTeardown: updateTeardown(table) },
    clock: edge.clock,
    lock: lockOf(edge, table),
  };
};

export const connect = (edge: Edge): Step<AfterWindow, QueueCheck> => checkDeletionQueue(portsOf(edge));

export const handler = onLambda(connect);
