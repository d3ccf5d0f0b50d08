/**
 * Step: finds out whether the numbers are gone. "Gone" is not one thing: a number may still be queued (nobody promises
 * when the service sweeps), taken back by somebody, or stuck. Only when the service knows none of them any more may
 * the connector go.
 */

import { listInventory, placeOf } from './batches/sightings.ts';
import { connectChime } from './chime/client.ts';
import { getNumber, inventory } from './chime/numbers.ts';
import { Pace } from './chime/pace.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { NumbersStillQueued, type VerdictFailure } from './errors.ts';
import type { Inspected, InWindow, QueueCheck } from './journey.ts';
import { connectLedger, readBatches, updateTeardown } from './ledger/ledger.ts';
import { type Lock, lockOf } from './ledger/lock.ts';
import { Kind } from './ledger/tally.ts';
import type { Batch, LedgerNumber, LedgerPort } from './ledger/teardown.ts';
import type { ChimePort, NumberView, PhoneNumber } from './ports.ts';
import { type RollKey, rollKey } from './roll.ts';
import { dayMs } from './window.ts';
import { counted } from './words/words.ts';

/** How long after the window numbers may linger in the queue before a run gives up: 3 days, in ms. */
const graceMs = 3 * dayMs;

interface Ports {
  readonly chime: Pick<ChimePort, 'inventory' | 'getNumber'>;
  readonly ledger: Pick<LedgerPort, 'readBatches' | 'updateTeardown'>;
  readonly clock: Clock;
  readonly lock: Lock;
  readonly pace: Pick<Pace, 'beginAt'>;
}

/** All that it needs of the window. */
type AfterWindow = Inspected & { readonly window: Pick<InWindow['window'], 'endsAt' | 'isListed'> };

type Finding = 'gone' | 'stillQueued' | 'reclaimed' | 'stuck';
type Findings = Readonly<Record<Finding, Kind>>;

export const checkDeletionQueue =
  ({ chime, ledger, clock, lock, pace }: Ports): Step<AfterWindow, QueueCheck> =>
  async (state) => {
    pace.beginAt(state.pace);
    await lock(state);
    const { voiceConnectorId, generation, window, execution } = state;
    const ours = async function* (): AsyncGenerator<Pick<Batch, 'numbers' | 'queuedAt'>> {
      for await (const batch of ledger.readBatches(voiceConnectorId, generation))
        yield { ...batch, numbers: batch.numbers.filter(({ state }) => state !== 'reclaimed') };
    };
    const findings = await findAll(chime, state, ours);
    const total = Object.values(findings).reduce((sum, { count }) => sum + count, 0);
    const counts = {
      gone: findings.gone.count,
      stillQueued: findings.stillQueued.count,
      reclaimed: findings.reclaimed.count,
      stuck: findings.stuck.count,
    };
    if (counts.reclaimed > 0) return { verdict: 'reclaimed', ...counts, failure: reclaimed(findings, total) };
    if (counts.stuck > 0) return { verdict: 'stuck', ...counts, failure: stuck(findings, total) };
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
          `${counts.stillQueued} of ${counted(total, 'number')} (${findings.stillQueued.some}). Connector ${voiceConnectorId} is untouched.`,
      );
    }
    return { verdict: 'stillQueued', ...counts };
  };

/**
 * Every number by what the service shows, batch by batch. From the lists of the inventory, or number by number where that is
 * fewer calls. Lists may lag or leave queued numbers out, so what they say is made sure of by reading: what somebody
 * seems to have taken back or the service to have failed at, and before "gone" one number of every batch - or of three, where
 * the lists have shown these numbers in the queue before.
 */
async function findAll(
  chime: Ports['chime'],
  { voiceConnectorId, window }: AfterWindow,
  ours: () => AsyncIterable<Pick<Batch, 'numbers' | 'queuedAt'>>,
): Promise<Findings> {
  const roll = new Set<RollKey>();
  const samples: Sample[] = [];
  for await (const { numbers, queuedAt = '' } of ours()) {
    for (const { e164 } of numbers) roll.add(rollKey(e164));
    // One that is known to have been in the queue says more than one that was gone before.
    const number = numbers.find(({ state }) => state === 'queued') ?? numbers[0];
    if (number !== undefined) samples.push({ number, queuedAt });
  }
  const find = async (number: PhoneNumber): Promise<Finding> =>
    findingOf(await chime.getNumber(number), voiceConnectorId);
  const findEach = async (): Promise<Findings> => {
    const findings = noFindings();
    for await (const { numbers } of ours())
      for (const number of numbers) findings[await find(number)].add(number);
    return findings;
  };
  if (roll.size === 0) return noFindings();
  const listed = await listedOf(chime, roll, voiceConnectorId);
  if (listed === undefined) return findEach();
  const findings = noFindings();
  for (const { finding, number } of listed.values()) {
    const isDoubtful = finding === 'reclaimed' || finding === 'stuck';
    findings[isDoubtful ? await find(number) : finding].add(number);
  }
  findings.gone.count += roll.size - listed.size;
  if (findings.gone.count < roll.size) return findings;
  for (const sample of window.isListed === true ? spread(samples) : samples)
    if ((await find(sample.number)) !== 'gone') return findEach();
  return findings;
}

/** What the lists say of our numbers, as far as they name them; undefined where reading each is fewer calls. */
async function listedOf(
  chime: Ports['chime'],
  roll: ReadonlySet<RollKey>,
  voiceConnectorId: string,
): Promise<ReadonlyMap<RollKey, { finding: Finding; number: PhoneNumber }> | undefined> {
  const listed = new Map<RollKey, { finding: Finding; number: PhoneNumber }>();
  const isWhole = await listInventory(chime, roll.size, (page) => {
    for (const view of page) {
      const key = rollKey(view.e164);
      const { id, e164 } = view;
      if (roll.has(key))
        listed.set(key, { finding: findingOf(view, voiceConnectorId), number: { id, e164 } });
    }
  });
  return isWhole ? listed : undefined;
}

/** A number that stands for its batch, and when that was last put into the queue (ISO 8601; empty where it never was). */
interface Sample {
  readonly number: LedgerNumber;
  readonly queuedAt: string;
}

/** By when they were queued: the first, the one in the middle, and the last, which is due last. */
function spread(samples: readonly Sample[]): Sample[] {
  if (samples.length <= 3) return [...samples];
  const inOrder = samples.toSorted((a, b) =>
    a.queuedAt < b.queuedAt ? -1 : Number(a.queuedAt > b.queuedAt),
  );
  return [0, Math.floor(inOrder.length / 2), inOrder.length - 1].flatMap((index) => inOrder[index] ?? []);
}

function noFindings(): Findings {
  return { gone: new Kind(), stillQueued: new Kind(), reclaimed: new Kind(), stuck: new Kind() };
}

/** Anything but "queued" or "failed in the queue" means that the number lives: somebody has taken it back. */
function findingOf(view: NumberView | undefined, voiceConnectorId: string): Finding {
  const { at } = placeOf(view, voiceConnectorId);
  if (at === 'queued') return 'stillQueued';
  return at === 'gone' || at === 'stuck' ? at : 'reclaimed';
}

function reclaimed({ reclaimed: { count, some } }: Findings, total: number): VerdictFailure {
  return {
    Error: 'NumbersReclaimed',
    Cause:
      `Somebody took back ${count} of ${counted(total, 'number')} (${some}): in use or in the ` +
      'inventory, and no longer in the deletion queue. Nothing more is touched; the connector stays.',
  };
}

function stuck({ stuck: { count, some } }: Findings, total: number): VerdictFailure {
  return {
    Error: 'NumbersStuck',
    Cause:
      `The service failed to release ${count} of ${counted(total, 'number')} (status ReleaseFailed or DeleteFailed: ` +
      `${some}). Such numbers are still billed: ask AWS Support; the connector stays.`,
  };
}

/** The ports as they are in the cloud. */
export const portsOf = (edge: Edge): Ports => {
  const pace = new Pace(edge.clock);
  const client = connectChime(edge, pace);
  const table = connectLedger(edge);
  return {
    chime: { inventory: inventory(client), getNumber: getNumber(client) },
    ledger: { readBatches: readBatches(table), updateTeardown: updateTeardown(table) },
    clock: edge.clock,
    lock: lockOf(edge, table),
    pace,
  };
};

export const connect = (edge: Edge): Step<AfterWindow, QueueCheck> => checkDeletionQueue(portsOf(edge));

export const handler = onLambda(connect);
