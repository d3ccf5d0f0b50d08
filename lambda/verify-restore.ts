/**
 * Step: makes sure of where the numbers of a restore are: not by what was called, but by what the connector has. What is
 * not there goes once more through the steps before, for a while.
 */
import { isDeepStrictEqual } from 'node:util';
import { movedTo, placeOf } from './batches/sightings.ts';
import { connectChime } from './chime/client.ts';
import { getVoiceConnector } from './chime/connectors.ts';
import { numberKey } from './chime/number-key.ts';
import { attachedNumbers, getNumber } from './chime/numbers.ts';
import { type Edge, onLambda, required, type Step } from './edge.ts';
import { failureOf, phaseAfter } from './ending/shortfall.ts';
import type { Restorable, RestoreCheck } from './journey.ts';
import { connectLedger, readBatches, saveBatch } from './ledger/ledger.ts';
import { type Lock, lockOf } from './ledger/lock.ts';
import type { Batch, LedgerNumber, LedgerPort } from './ledger/teardown.ts';
import { type ChimePort, type NameKind, type NumberView, nameKinds } from './ports.ts';

/** How often the numbers are looked at, each time after two minutes: half an hour for the service to catch up. */
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
    const { chime, ledger, lock, table } = ports;
    await lock(state);
    const { voiceConnectorId, generation } = state;
    const isThere = (await chime.getVoiceConnector(voiceConnectorId)) !== undefined;
    const listed = isThere ? await listedOn(chime, voiceConnectorId) : new Map<string, NumberView>();
    const counts: Counts = {
      ...{ restored: 0, elsewhere: 0, parked: 0, gone: 0, unassigned: 0, queued: 0 },
      ...{ namesRequested: 0, namesRefused: 0 },
    };
    const short: LedgerNumber[] = [];
    const unsettled = new Set<number>();
    for await (const batch of ledger.readBatches(voiceConnectorId, generation)) {
      const wasWorkedOn = !isThere || batch.begunAt !== undefined || batch.undoneAt !== undefined;
      const seen = await seenIn(batch, chime, { voiceConnectorId, listed, wasWorkedOn });
      if (!isDeepStrictEqual(seen, batch.numbers))
        await ledger.saveBatch(
          { voiceConnectorId, generation, batch: batch.index },
          { ...batch, numbers: seen },
        );
      for (const [i, number] of seen.entries()) {
        count(counts, number);
        if (hasNewlyLost(number, batch.numbers[i])) unsettled.add(batch.index);
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
      failure: failureOf({ voiceConnectorId, isThere, table }, counts, short),
      phase: phaseAfter(counts, isThere),
    };
  };

/** What the connector lists, by key. */
async function listedOn(
  chime: Pick<ChimePort, 'attachedNumbers'>,
  voiceConnectorId: string,
): Promise<ReadonlyMap<string, NumberView>> {
  const listed = new Map<string, NumberView>();
  for await (const page of chime.attachedNumbers(voiceConnectorId))
    for (const view of page) listed.set(view.key, view);
  return listed;
}

/** What a batch is looked at with. */
interface Sight {
  readonly voiceConnectorId: string;
  /** The numbers that the connector lists, by key. */
  readonly listed: ReadonlyMap<string, NumberView>;
  /**
   * Whether the batch was worked on, or the connector is gone: then a number that is not there was not put elsewhere by
   * somebody. What the state names is no measure: a batch drops out of it once it has been seen to be right.
   */
  readonly wasWorkedOn: boolean;
}

/**
 * The numbers of a batch as they are: those on the connector are attached, whatever was noted. Of the others the ledger is
 * believed where a number was on its way a moment ago; what seems to be back, or is about to be reported, is read.
 */
async function seenIn(
  { numbers }: Batch,
  chime: Pick<ChimePort, 'getNumber'>,
  sight: Sight,
): Promise<LedgerNumber[]> {
  const seen: LedgerNumber[] = [];
  for (const number of numbers) {
    const listed = sight.listed.get(numberKey(number.e164));
    const isDoubted = number.failure !== undefined || ['attached', 'reclaimed'].includes(number.state);
    if (listed !== undefined) seen.push(attached(number, listed, sight));
    else if (!isDoubted) seen.push(number);
    else seen.push(asSeen(number, await chime.getNumber(number), sight));
  }
  return seen;
}

/** What a number is that the connector does not list, by where it is. */
function asSeen(number: LedgerNumber, view: NumberView | undefined, sight: Sight): LedgerNumber {
  const { failure: _past, isBack: _back, ...rest } = number;
  const place = placeOf(view, sight.voiceConnectorId);
  // A list may lag behind what a number itself shows.
  if (view !== undefined && place.at === 'here') return attached(number, view, sight);
  const isUntouched = number.state === 'attached' && !sight.wasWorkedOn;
  const theirs = isUntouched || number.wasTakenOff ? { wasTakenOff: true } : {};
  if (place.at === 'elsewhere') return { ...movedTo(rest, 'reclaimed', place.holder), ...theirs };
  if (number.wasTakenOff) return { ...rest, state: 'reclaimed' };
  if (place.at === 'gone') return { ...rest, state: 'gone' };
  const ours = number.state === 'reclaimed' ? { ...rest, wasReclaimed: true } : rest;
  if (place.at === 'queued' || place.at === 'stuck')
    return number.state === 'queued' ? number : { ...ours, state: 'queued' };
  if (isUntouched) return { ...rest, state: 'reclaimed', ...theirs };
  return number.state === 'unassigned' ? number : { ...ours, state: 'unassigned' };
}

/** A number that is on the connector, with the names that it is still without. */
function attached(number: LedgerNumber, view: NumberView, { wasWorkedOn }: Sight): LedgerNumber {
  const { failure: _past, wasTakenOff: _off, lost: before = [], requested: asked = [], ...rest } = number;
  const missing = nameKinds.filter((kind) => number[kind] !== undefined && number[kind] !== view[kind]);
  const requested = missing.filter((kind) => asked.includes(kind));
  // A name in the place of the one that it had is somebody's choice, where no restore has missed it before.
  const isLost = (kind: NameKind): boolean =>
    before.includes(kind) || (wasWorkedOn && view[kind] === undefined);
  const lost = missing.filter((kind) => !asked.includes(kind) && isLost(kind));
  return {
    ...{ ...rest, state: 'attached' },
    ...(lost.length === 0 ? {} : { lost }),
    ...(requested.length === 0 ? {} : { requested }),
  };
}

/** Whether a number has been seen for the first time to be without a name: it is still to be asked for. */
function hasNewlyLost({ lost = [] }: LedgerNumber, before: LedgerNumber | undefined): boolean {
  return lost.some((kind) => !before?.lost?.includes(kind));
}

function count(counts: Counts, { state, failure, lost, requested }: LedgerNumber): void {
  if (state === 'reclaimed') counts[failure?.code === 'Moved' ? 'elsewhere' : 'parked'] += 1;
  else if (state !== 'attached') counts[state] += 1;
  else {
    counts.restored += 1;
    counts.namesRequested += requested === undefined ? 0 : 1;
    counts.namesRefused += lost === undefined ? 0 : 1;
  }
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
