/**
 * The second look: whether somebody has put numbers on the connector, protected it or called through it since its release
 * began. What comes after it cannot be taken back by a restore, so it stands right before each step that changes the
 * connector itself.
 */
import type { ChimeClient } from '#chime-api';
import { callsSince, connectCalls } from '../aws/calls.ts';
import { tagsOf } from '../chime/connectors.ts';
import { attachedNumbers } from '../chime/numbers.ts';
import type { Edge } from '../edge.ts';
import { InUse, isPassing, Protected, StillAttached } from '../errors.ts';
import type { Inspected } from '../journey.ts';
import { someOf } from '../ledger/tally.ts';
import type { CallsPort, ChimePort, Connector, NumberView } from '../ports.ts';
import { counted } from '../words/words.ts';
import { callsOf, type Guards, guardsIn, protectionOf, readableTags } from './guards.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'attachedNumbers' | 'tagsOf'>;
  readonly calls: CallsPort;
  readonly guards: Guards;
}

/**
 * Looks at a connector for the second time. Throws StillAttached, which is worth another look, and Protected and InUse,
 * which end the run.
 */
export type SecondLook = (
  connector: Connector,
  run: Pick<Inspected, 'overrides' | 'releasedSince'>,
) => Promise<void>;

const secondLook =
  ({ chime, calls, guards }: Ports): SecondLook =>
  async (connector, { overrides, releasedSince }) => {
    await refuseIfAttached(chime, connector.voiceConnectorId);
    await refuseIfProtected(chime, connector, guards);
    if (guards.quietDays > 0 && !overrides.includes('InUse'))
      await refuseIfInUse(calls, connector, new Date(releasedSince));
  };

/** Numbers are what somebody has to see to first. Throws StillAttached. */
export async function refuseIfAttached(
  chime: Pick<ChimePort, 'attachedNumbers'>,
  voiceConnectorId: string,
): Promise<void> {
  const attached: NumberView[] = [];
  try {
    for await (const page of chime.attachedNumbers(voiceConnectorId)) attached.push(...page);
  } catch (error) {
    // Listing the numbers of a connector that is gone may answer NotFound: then there is nothing attached.
    if (error instanceof Error && error.name === 'NotFoundException') return;
    throw error;
  }
  if (attached.length === 0) return;
  throw new StillAttached(
    `${counted(attached.length, 'number')} still attached to connector ${voiceConnectorId}: ${someOf(attached)}. ` +
      'Take them off it if they are to be kept; this run does not touch numbers that were not in its plan.',
  );
}

async function refuseIfProtected(chime: Ports['chime'], connector: Connector, guards: Guards): Promise<void> {
  const protection = protectionOf(await chime.tagsOf(connector), guards);
  if (protection === undefined) return;
  const wayOut = protection.key === undefined ? readableTags(connector) : 'Remove the tag.';
  throw new Protected(
    `Connector ${connector.voiceConnectorId} was protected during the run: ${protection.why}. Its numbers are gone; it ` +
      `stays. ${wayOut} Then resume, if it is to be deleted all the same.`,
  );
}

/** Passing trouble with the metrics is worth another try: a week was waited for this. */
async function refuseIfInUse(calls: CallsPort, connector: Connector, since: Date): Promise<void> {
  const found = await callsOf(calls, connector, since).catch((error: Error) => {
    if (isPassing(error)) throw error;
    return `Whether calls went through connector ${connector.voiceConnectorId} cannot be read (${error.name}: ${error.message})`;
  });
  if (found === undefined) return;
  throw new InUse(
    `${found}, after its release began. Its numbers are gone; it stays. To delete it all the same, resume with ` +
      '"overrides": ["InUse"].',
  );
}

/** The second look of this deployment, by its guards. */
export function secondLookOf(edge: Edge, client: ChimeClient): SecondLook {
  return secondLook({
    chime: { attachedNumbers: attachedNumbers(client), tagsOf: tagsOf(client) },
    calls: { callsSince: callsSince(connectCalls(edge), edge) },
    guards: guardsIn(edge),
  });
}
