/**
 * Step: the door. Checks the request, reads the connector and all of its numbers, refuses what must not go on, and
 * writes every number into the ledger before the first one is touched.
 */
import { attachedNumbers, connectChime, getVoiceConnector } from './chime.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, required, type Step } from './edge.ts';
import { BadEnvironment } from './errors.ts';
import type { AcceptedRequest, Inspected, Planned, Refused } from './journey.ts';
import { connectLedger, openTeardown, readTeardown } from './ledger.ts';
import { type Blocker, countBlockers, fingerprintOf, type Plan } from './plan.ts';
import {
  type Batch,
  type ChimePort,
  type LedgerPort,
  type NumberView,
  numbersPerBatch,
  type Teardown,
} from './ports.ts';
import { readRequest } from './request.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'getVoiceConnector' | 'attachedNumbers'>;
  readonly ledger: Pick<LedgerPort, 'readTeardown' | 'openTeardown'>;
  readonly clock: Clock;
  /** How many numbers may go without their count being stated. */
  readonly maxPhoneNumbers: number;
}

export const inspectVoiceConnector =
  ({ chime, ledger, clock, maxPhoneNumbers }: Ports): Step<AcceptedRequest, Refused | Planned | Inspected> =>
  async ({ request: input, execution }) => {
    const read = readRequest(input);
    if ('blockers' in read) return { verdict: 'refused', execution, blockers: read.blockers };
    const { request } = read;
    const { voiceConnectorId } = request;

    const connector = await chime.getVoiceConnector(voiceConnectorId);
    if (connector === undefined) {
      return { verdict: 'refused', execution, voiceConnectorId, blockers: [notFound(voiceConnectorId)] };
    }
    const earlier = await ledger.readTeardown(voiceConnectorId);
    const numbers = await allNumbers(chime.attachedNumbers(voiceConnectorId));
    const blockers = [
      ...unfinished(earlier, execution.id),
      ...countBlockers(numbers.length, request.expectedPhoneNumbers, maxPhoneNumbers, voiceConnectorId),
    ];
    const plan: Plan = {
      fingerprint: fingerprintOf(
        voiceConnectorId,
        numbers.map(({ e164 }) => e164),
      ),
      blockers,
      warnings: [],
    };
    const facts = { voiceConnectorId, name: connector.name, phoneNumbers: numbers.length, plan };
    if (request.dryRun) return { verdict: 'planned', answer: { outcome: 'planned', ...facts } };
    if (blockers.length > 0) return { verdict: 'refused', execution, voiceConnectorId, blockers };

    const batches = inBatches(numbers);
    const generation = (earlier?.generation ?? 0) + (earlier?.holder === execution.id ? 0 : 1);
    await ledger.openTeardown(
      {
        voiceConnectorId,
        name: connector.name,
        phoneNumbers: numbers.length,
        fingerprint: plan.fingerprint,
        phase: 'releasing',
        holder: execution.id,
        generation,
        batches: batches.length,
        startedAt: clock.now().toISOString(),
        ...(request.requestedBy === undefined ? {} : { requestedBy: request.requestedBy }),
        ...(request.reason === undefined ? {} : { reason: request.reason }),
      },
      batches,
    );
    const verdict = numbers.length === 0 ? 'delete' : 'release';
    return { verdict, execution, ...facts, generation, batches: batches.map(({ index }) => index) };
  };

/** Each number once, though the list may shift from page to page while it is read. */
async function allNumbers(pages: AsyncIterable<readonly NumberView[]>): Promise<NumberView[]> {
  const numbers = new Map<string, NumberView>();
  for await (const page of pages) for (const number of page) numbers.set(number.key, number);
  return [...numbers.values()];
}

function inBatches(numbers: readonly NumberView[]): Batch[] {
  const batches: Batch[] = [];
  for (let first = 0; first < numbers.length; first += numbersPerBatch) {
    const slice = numbers.slice(first, first + numbersPerBatch);
    batches.push({
      index: batches.length,
      numbers: slice.map(({ id, e164 }) => ({ id, e164, state: 'attached' })),
    });
  }
  return batches;
}

function notFound(voiceConnectorId: string): Blocker {
  return {
    code: 'ConnectorNotFound',
    message: `There is no connector ${voiceConnectorId} in this account and Region, and the ledger does not know one.`,
    wayOut: 'Check the id, and deploy this app in the Region through which the connector was created.',
  };
}

/** Numbers of a run that did not finish are still on record: starting afresh would forget them. */
function unfinished(earlier: Teardown | undefined, execution: string): Blocker[] {
  if (earlier === undefined || earlier.phase === 'deleted' || earlier.holder === execution) return [];
  return [
    {
      code: 'Unfinished',
      message: `An earlier run (${earlier.holder}) has left connector ${earlier.voiceConnectorId} in phase "${earlier.phase}", with ${earlier.phoneNumbers} phone numbers in its plan.`,
      wayOut: 'See what that run says.',
    },
  ];
}

export const connect = (edge: Edge): Step<AcceptedRequest, Refused | Planned | Inspected> => {
  const client = connectChime(edge);
  const table = connectLedger(edge);
  return inspectVoiceConnector({
    chime: { getVoiceConnector: getVoiceConnector(client), attachedNumbers: attachedNumbers(client) },
    ledger: { readTeardown: readTeardown(table), openTeardown: openTeardown(table) },
    clock: edge.clock,
    maxPhoneNumbers: wholeNumber(edge.env, 'MAX_PHONE_NUMBERS'),
  });
};

function wholeNumber(env: Edge['env'], name: string): number {
  const value = Number(required(env, name));
  if (!Number.isSafeInteger(value) || value < 0)
    throw new BadEnvironment(`The environment variable ${name} must be a whole number.`);
  return value;
}

export const handler = onLambda(connect);
