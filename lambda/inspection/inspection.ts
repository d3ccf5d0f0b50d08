/** What there is to say of a connector before anything is touched: its circumstances, its numbers, and what follows from both. */

import type { Clock } from '../clock.ts';
import type { Execution } from '../journey.ts';
import type { Batch, LedgerPort, Teardown } from '../ledger/teardown.ts';
import { type Blocker, generationOf, type Plan } from '../plan.ts';
import type { CallsPort, ChimePort, Connector, Snapshot } from '../ports.ts';
import { disagreements } from './agreement.ts';
import { numbersInFlight } from './blockers.ts';
import { type Circumstances, circumstancesOf } from './circumstances.ts';
import { firstSurvey } from './first-survey.ts';
import type { Guards } from './guards.ts';
import type { TeardownRequest } from './request.ts';
import { type Survey, survey } from './survey.ts';
import { defaultCallingNumber, noWindow, ofEveryRelease } from './warnings.ts';

/** After how long the circumstances are looked at again, in ms, before a plan is opened. */
const staleMs = 60_000;

/** What an inspection needs of the outside world. */
export interface InspectionPorts {
  readonly chime: Pick<
    ChimePort,
    | 'attachedNumbers'
    | 'inventory'
    | 'getNumber'
    | 'tagsOf'
    | 'groupsOf'
    | 'hasNumbers'
    | 'sipRules'
    | 'configurationOf'
  >;
  readonly calls: CallsPort;
  readonly ledger: Pick<LedgerPort, 'readBatches' | 'draftBatch' | 'dropDraft'>;
  readonly clock: Clock;
  readonly guards: Guards;
  /** How many numbers may go without their count being stated. */
  readonly maxPhoneNumbers: number;
  /** ARN of the state machine that restores. */
  readonly restoreMachine: string;
}

/** What is inspected, and for whom. */
interface Candidate {
  /** Undefined where it is gone. */
  readonly connector: Connector | undefined;
  /** What the ledger has of it, whether it ended or not. */
  readonly earlier: Teardown | undefined;
  /** The same, where it has not ended: it is to be resumed. */
  readonly open: Teardown | undefined;
  /** What keeps this run from taking it over. */
  readonly lock: readonly Blocker[];
  readonly execution: Execution;
}

/** What was found. */
export interface Inspection {
  readonly facts: {
    readonly voiceConnectorId: string;
    readonly name: string;
    readonly phoneNumbers: number;
    readonly plan: Plan;
  };
  readonly found: Survey;
  /** What the connector is now; undefined where it is gone. */
  readonly snapshot: Snapshot | undefined;
  /** The name of the plan, if it is opened. */
  readonly generation: string;
  /** The same where batches may have been written under it already. */
  readonly draft: string | undefined;
}

/**
 * Inspects a connector, and changes nothing of it; the batches of a first plan that may be opened go into the ledger as they
 * are read. Throws what the services throw; a draft that is left then is removed when a later plan is opened.
 */
export async function inspection(
  ports: InspectionPorts,
  request: TeardownRequest,
  { connector, earlier, open, lock, execution }: Candidate,
): Promise<Inspection> {
  const { chime, ledger, clock, restoreMachine } = ports;
  const { voiceConnectorId } = request;
  const circumstances = async () =>
    connector === undefined ? nobodyThere : circumstancesOf(ports, connector, request);
  const lookedAt = clock.now();
  const before = await circumstances();
  const generation = generationOf(execution.id, clock.now());
  const mayBeOpened = !request.dryRun && before.blockers.length === 0;
  const draft = open === undefined && mayBeOpened ? generation : undefined;
  const found =
    open === undefined
      ? await drawnUp(ports, voiceConnectorId, draft)
      : await survey(
          chime,
          voiceConnectorId,
          connector === undefined ? nothing() : chime.attachedNumbers(voiceConnectorId),
          ledger.readBatches(voiceConnectorId, open.generation),
          clock.now(),
        );
  // A long list: somebody may have protected the connector, or called through it, while it was read.
  const isStale = mayBeOpened && clock.now().getTime() - lookedAt.getTime() > staleMs;
  const around = isStale ? await circumstances() : before;
  const blockers = [
    ...lock,
    ...around.blockers,
    ...(found.inFlight.size === 0 ? [] : [numbersInFlight(voiceConnectorId, found.inFlight)]),
    ...disagreements(request, found, open, ports),
  ];
  const warnings = [
    ...(found.phoneNumbers === 0 ? [noWindow] : ofEveryRelease(voiceConnectorId, restoreMachine)),
    ...defaultCallingWarning(around, found),
    ...around.warnings,
    ...found.warnings,
  ];
  const facts = {
    voiceConnectorId,
    name: connector?.name ?? earlier?.name ?? voiceConnectorId,
    phoneNumbers: found.phoneNumbers,
    plan: { fingerprint: found.fingerprint, blockers, warnings },
  };
  return { facts, found, snapshot: around.snapshot, generation, draft };
}

/**
 * The first survey of a connector, whose batches go into the ledger as they come: under a name that nobody reads before the
 * plan is opened. Nothing is written without a name.
 */
async function drawnUp(
  { chime, ledger }: Pick<InspectionPorts, 'chime' | 'ledger'>,
  voiceConnectorId: string,
  generation: string | undefined,
): Promise<Survey> {
  const keep = async (batch: Batch): Promise<void> => {
    if (generation === undefined) return;
    await ledger.draftBatch({ voiceConnectorId, generation, batch: batch.index }, batch);
  };
  try {
    return await firstSurvey(chime, voiceConnectorId, chime.attachedNumbers(voiceConnectorId), keep);
  } catch (error) {
    // What cannot be removed now is removed by the next run that opens a plan.
    if (generation !== undefined) await ledger.dropDraft(voiceConnectorId, generation).catch(() => undefined);
    throw error;
  }
}

function defaultCallingWarning({ snapshot }: { readonly snapshot?: Snapshot | undefined }, { has }: Survey) {
  const number = snapshot?.configuration.termination?.DefaultPhoneNumber;
  return number !== undefined && has(number) ? [defaultCallingNumber(number)] : [];
}

/** A connector that is gone has no circumstances: what it was, the earlier run has noted. */
const nobodyThere: Pick<Circumstances, 'blockers' | 'warnings'> & { readonly snapshot?: undefined } = {
  blockers: [],
  warnings: [],
};

async function* nothing(): AsyncGenerator<never> {
  // A connector that is gone has no numbers.
}
