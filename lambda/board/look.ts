/** One look at everything that is going on: the ledger, Step Functions, and the progress of those it matters for. */
import type { Clock } from '../clock.ts';
import { ServiceError } from '../errors.ts';
import { isRunning } from '../inspection/take-over.ts';
import type { ListedTeardown, ListTeardowns } from '../ledger/ledger-list.ts';
import { tallyOf } from '../ledger/tally.ts';
import { type Batch, isEnded, isMarker, type LedgerPort } from '../ledger/teardown.ts';
import type { ExecutionsPort } from '../ports.ts';
import { endedShort, tallyAsSeen } from '../words/prospects.ts';
import { byUrgency, type Entry, isOver, isShown, type Liveness, type Rank, rankOf, ranks } from './rank.ts';

/** What a look at the board asks. */
export interface LookPorts {
  readonly ledger: Pick<LedgerPort, 'readBatches' | 'readTeardown'> & {
    readonly listTeardowns: ListTeardowns;
  };
  readonly executions: Pick<ExecutionsPort, 'statusOf'>;
  readonly clock: Clock;
}

/** What a look has seen. */
export interface Board {
  readonly now: Date;
  /** The most urgent first; without those that ended long ago, and without what was never a teardown. */
  readonly entries: readonly Entry[];
  readonly counts: Readonly<Record<Rank, number>>;
  /** Whether the whole ledger was read. */
  readonly isWhole: boolean;
}

/** How long a look begins new calls, in ms: a dashboard does not wait for ever, and half a board says so. */
const lookMs = 6_000;
/**
 * Executions that are asked about at one look. Step Functions answers 15 a second and account, bursts aside, and the workflows
 * ask the same way.
 */
const mostAsked = 50;
const askedAtOnce = 10;
/** Teardowns whose batches are read at one look, and how many numbers these may have: a batch of 500 is some 75 KB. */
const mostTallied = 25;
const mostNumbersRead = 25_000;

/** Who looks is no execution: every holder is another. */
const nobody = { id: '' };

/** Looks once. Throws the ledger's error where it cannot be listed; anything else that fails is left open on the board. */
export async function lookAt(ports: LookPorts): Promise<Board> {
  const now = ports.clock.now();
  const isTimeUp = () => ports.clock.now().getTime() - now.getTime() >= lookMs;
  const { teardowns, isWhole } = await ports.ledger.listTeardowns(isTimeUp);
  const real = teardowns.filter((teardown) => !isMarker(teardown));
  const asked = await askAbout(ports, real, now, isTimeUp);
  const shown = asked.filter((entry) => isShown(rankOf(entry, now)));
  const entries = await tallied(ports, shown.toSorted(byUrgency(now)), isTimeUp);
  const hidden = asked.filter((entry) => !shown.includes(entry));
  const counts = Object.fromEntries(ranks.map((rank) => [rank, 0])) as Record<Rank, number>;
  for (const entry of [...entries, ...hidden]) counts[rankOf(entry, now)] += 1;
  // A tally tells when queued numbers go where the ledger does not say: the order may be another now.
  return { now, entries: entries.toSorted(byUrgency(now)), counts, isWhole };
}

/** Asks whether the runs are alive that the ledger says are, those whose numbers go soonest first. */
async function askAbout(
  ports: LookPorts,
  teardowns: readonly ListedTeardown[],
  now: Date,
  isTimeUp: () => boolean,
): Promise<Entry[]> {
  const entries = teardowns.map((teardown): Entry => ({ teardown, liveness: livenessByLedger(teardown) }));
  const open = entries.filter((entry) => entry.liveness === 'notKnown').toSorted(byUrgency(now));
  const answers = new Map<string, Entry>();
  const queue = open.slice(0, mostAsked);
  const worker = async () => {
    for (let entry = queue.shift(); entry !== undefined && !isTimeUp(); entry = queue.shift()) {
      const answer = await ask(ports, entry, isTimeUp);
      if (answer === 'throttled') queue.length = 0;
      else answers.set(entry.teardown.voiceConnectorId, answer);
    }
  };
  await Promise.all(Array.from({ length: askedAtOnce }, worker));
  return entries.map((entry) => answers.get(entry.teardown.voiceConnectorId) ?? entry);
}

/** Without a holder nobody works on it, whatever its phase. */
function livenessByLedger(teardown: ListedTeardown): Liveness {
  const isDead = isEnded(teardown) || isOver(teardown) || teardown.holder === undefined;
  return isDead ? 'dead' : 'notKnown';
}

/** A run that is over may have closed its teardown since it was listed: that is read again before it is called dead. */
async function ask(
  { ledger, executions, clock }: LookPorts,
  entry: Entry,
  isTimeUp: () => boolean,
): Promise<Entry | 'throttled'> {
  const { teardown } = entry;
  try {
    if (await isRunning({ executions, clock }, teardown, nobody)) return { teardown, liveness: 'running' };
    if (isTimeUp()) return entry;
    const again = await ledger.readTeardown(teardown.voiceConnectorId);
    if (again === undefined) return entry;
    const isSame = again.holder === teardown.holder && again.phase === teardown.phase;
    return { teardown: again, liveness: isSame ? 'dead' : livenessByLedger(again) };
  } catch (error) {
    const isThrottled = error instanceof ServiceError && error.name === 'ThrottledClientException';
    return isThrottled ? 'throttled' : entry;
  }
}

/**
 * Reads what has become of the numbers: of the first of those where they move or ought to, then of those that ended with some
 * missing, then of those that wait.
 */
async function tallied(
  { ledger }: LookPorts,
  entries: readonly Entry[],
  isTimeUp: () => boolean,
): Promise<Entry[]> {
  const waits = ({ teardown, liveness }: Entry) => teardown.phase === 'window' && liveness !== 'dead';
  const open = entries.filter(({ teardown }) => !isEnded(teardown));
  const short = entries.filter(({ teardown }) => endedShort(teardown));
  const queue: Entry[] = [];
  let numbers = 0;
  for (const entry of [...open.filter((one) => !waits(one)), ...short, ...open.filter(waits)]) {
    if (queue.length === mostTallied) break;
    if (numbers + entry.teardown.phoneNumbers > mostNumbersRead) continue;
    numbers += entry.teardown.phoneNumbers;
    queue.push(entry);
  }
  const read = new Map<Entry, Entry>();
  const worker = async () => {
    for (let entry = queue.shift(); entry !== undefined && !isTimeUp(); entry = queue.shift()) {
      const { voiceConnectorId, generation } = entry.teardown;
      try {
        const batches = inTime(ledger.readBatches(voiceConnectorId, generation), isTimeUp);
        read.set(entry, { ...entry, tally: tallyAsSeen(entry.teardown, await tallyOf(batches)) });
      } catch {
        // The board does without: the row shows the plan's count.
      }
    }
  };
  await Promise.all(Array.from({ length: askedAtOnce }, worker));
  return entries.map((entry) => read.get(entry) ?? entry);
}

/** The batches, one by one; throws rather than read on when time is up: half a count is none. */
async function* inTime(batches: AsyncIterable<Batch>, isTimeUp: () => boolean): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    if (isTimeUp()) throw new Error('No time is left to count these numbers.');
    yield batch;
  }
}
