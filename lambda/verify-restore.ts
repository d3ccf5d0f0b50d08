/**
 * Step: makes sure of where the numbers of a restore are: not by what was called, but by what the connector has. What is
 * not there goes once more through the steps before, for a while.
 */
import { movedTo } from './bulk.ts';
import { connectChime } from './chime/client.ts';
import { getVoiceConnector } from './chime/connectors.ts';
import { numberKey } from './chime/number-key.ts';
import { attachedNumbers, getNumber } from './chime/numbers.ts';
import { type Edge, onLambda, required, type Step } from './edge.ts';
import type { Failure, Restorable, RestoreCheck } from './journey.ts';
import { connectLedger, readBatches, saveBatch } from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import type { ChimePort, NumberView } from './ports.ts';
import { isQueued } from './sightings.ts';
import { reasonsOf } from './tally.ts';
import type { Batch, LedgerNumber, LedgerPort } from './teardown.ts';
import { counted } from './words.ts';

/** How often the numbers are looked at, two minutes apart: half an hour for the service to catch up. */
const mostLooks = 15;

interface Ports {
  readonly chime: Pick<ChimePort, 'getVoiceConnector' | 'attachedNumbers' | 'getNumber'>;
  readonly ledger: Pick<LedgerPort, 'readBatches' | 'saveBatch'>;
  readonly lock: Lock;
  /** Where the snapshot is: the ledger's table. */
  readonly table: string;
}

type Counts = { -readonly [Count in keyof RestoreCheck['counts']]: RestoreCheck['counts'][Count] };

export const verifyRestore =
  (ports: Ports): Step<Restorable & { readonly check?: RestoreCheck }, RestoreCheck> =>
  async (state) => {
    const { chime, ledger, lock } = ports;
    await lock(state);
    const { voiceConnectorId, generation } = state;
    const isThere = (await chime.getVoiceConnector(voiceConnectorId)) !== undefined;
    const onConnector = isThere ? await keysOn(chime, voiceConnectorId) : new Set<string>();
    const counts: Counts = { restored: 0, elsewhere: 0, gone: 0, unassigned: 0, queued: 0 };
    const short: LedgerNumber[] = [];
    const unsettled = new Set<number>();
    for await (const batch of ledger.readBatches(voiceConnectorId, generation)) {
      const isOurs = !isThere || batch.begunAt !== undefined || batch.undoneAt !== undefined;
      const seen = await seenIn(batch, chime, { voiceConnectorId, onConnector, isOurs });
      if (seen !== batch) await ledger.saveBatch({ voiceConnectorId, generation, batch: batch.index }, seen);
      for (const number of seen.numbers) {
        counts[placeOf(number)] += 1;
        if (number.state !== 'queued' && number.state !== 'unassigned') continue;
        short.push(number);
        const isLeftThere = number.state === 'unassigned' && !isThere;
        if (number.failure === undefined && !isLeftThere) unsettled.add(batch.index);
      }
    }
    const looks = (state.check?.looks ?? 0) + 1;
    if (unsettled.size > 0 && looks < mostLooks)
      return { verdict: 'notYet', counts, looks, batches: [...unsettled] };
    if (short.length === 0 && counts.gone === 0 && isThere) return { verdict: 'restored', counts, looks };
    return {
      ...{ verdict: 'incomplete', counts, looks },
      failure: failureOf(ports.table, voiceConnectorId, counts, short, isThere),
      phase: phaseAfter(counts, isThere),
    };
  };

async function keysOn(
  chime: Pick<ChimePort, 'attachedNumbers'>,
  voiceConnectorId: string,
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const page of chime.attachedNumbers(voiceConnectorId)) for (const { key } of page) keys.add(key);
  return keys;
}

/** What a batch is looked at with. */
interface Sight {
  readonly voiceConnectorId: string;
  /** Keys of the numbers that the connector lists. */
  readonly onConnector: ReadonlySet<string>;
  /**
   * Whether the batch was worked on, or the connector is gone: then a number that is not there was not put elsewhere by
   * somebody. What the state names is no measure: a batch drops out of it once it has been seen to be right.
   */
  readonly isOurs: boolean;
}

/**
 * A batch with its numbers as they are: those on the connector are attached, whatever was noted; one that should be there
 * and is not is read. The same batch where nothing is new.
 */
async function seenIn(batch: Batch, chime: Pick<ChimePort, 'getNumber'>, sight: Sight): Promise<Batch> {
  const numbers: LedgerNumber[] = [];
  for (const number of batch.numbers) {
    if (sight.onConnector.has(numberKey(number.e164))) numbers.push(attached(number));
    else if (number.state !== 'attached') numbers.push(number);
    else numbers.push(whereItIs(number, await chime.getNumber(number), sight));
  }
  return numbers.some((number, i) => number !== batch.numbers[i]) ? { ...batch, numbers } : batch;
}

function attached(number: LedgerNumber): LedgerNumber {
  if (number.state === 'attached' && number.failure === undefined) return number;
  const { failure: _past, ...rest } = number;
  return { ...rest, state: 'attached' };
}

/** Where a number is that the connector does not list. */
function whereItIs(
  number: LedgerNumber,
  view: NumberView | undefined,
  { voiceConnectorId, isOurs }: Sight,
): LedgerNumber {
  if (view === undefined) return { ...number, state: 'gone' };
  const [holder] = view.associations;
  if (holder !== undefined && holder.value !== voiceConnectorId) return movedTo(number, 'reclaimed', holder);
  // A list may lag behind what a number itself shows.
  if (holder !== undefined) return number;
  if (isQueued(view)) return { ...number, state: 'queued' };
  // Off the connector, and no step had come to its batch: somebody has taken it off.
  return { ...number, state: isOurs ? 'unassigned' : 'reclaimed' };
}

function placeOf({ state }: LedgerNumber): keyof Counts {
  if (state === 'attached') return 'restored';
  return state === 'reclaimed' ? 'elsewhere' : state;
}

/** What is missing, all of it, and what can be done. */
function failureOf(
  table: string,
  voiceConnectorId: string,
  { restored, elsewhere, gone, unassigned, queued }: Counts,
  short: readonly LedgerNumber[],
  isThere: boolean,
): Failure {
  const place = isThere
    ? `${counted(restored, 'number')} on connector ${voiceConnectorId}`
    : `Connector ${voiceConnectorId} is gone: nothing can be put back on it`;
  const counts = [
    place,
    ...(unassigned > 0 ? [`${unassigned} saved from the queue, unassigned and billed`] : []),
    ...(queued > 0 ? [`${queued} still in the deletion queue`] : []),
    ...(gone > 0 ? [`${gone} gone for good`] : []),
    ...(elsewhere > 0 ? [`${elsewhere} left where somebody has put ${elsewhere === 1 ? 'it' : 'them'}`] : []),
  ].join(', ');
  const refused = short.filter(({ failure }) => failure !== undefined);
  const reasons = refused.length === 0 ? '' : ` Refused: ${reasonsOf(refused)}.`;
  const snapshot = isThere
    ? ''
    : ` What the connector was is in the ledger (table ${table}, voiceConnectorId "${voiceConnectorId}", item "teardown", attribute "snapshot").`;
  const name = isThere ? (short.length > 0 ? 'NumbersNotRestored' : 'NumbersGone') : 'ConnectorGone';
  return { Error: name, Cause: `${counts}.${reasons}${snapshot}` };
}

/** A restore may be repeated while that can help; without a connector, and without a number, there is nothing left. */
function phaseAfter(
  { unassigned, queued, restored, elsewhere }: Counts,
  isThere: boolean,
): 'failed' | 'restored' | 'deleted' {
  if (queued > 0 || (unassigned > 0 && isThere)) return 'failed';
  return isThere || unassigned + restored + elsewhere > 0 ? 'restored' : 'deleted';
}

export const connect = (edge: Edge): Step<Restorable & { readonly check?: RestoreCheck }, RestoreCheck> => {
  const client = connectChime(edge);
  const table = connectLedger(edge);
  return verifyRestore({
    chime: {
      getVoiceConnector: getVoiceConnector(client),
      attachedNumbers: attachedNumbers(client),
      getNumber: getNumber(client),
    },
    ledger: { readBatches: readBatches(table), saveBatch: saveBatch(table) },
    lock: lockOf(edge, table),
    table: required(edge.env, 'LEDGER_TABLE'),
  });
};

export const handler = onLambda(connect);
