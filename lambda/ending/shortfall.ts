/** What a restore could not bring back, in words, and how its teardown is left then. */
import type { VerdictError, VerdictFailure } from '../errors.ts';
import type { RestoreCheck } from '../journey.ts';
import { reasonsOf } from '../ledger/tally.ts';
import type { LedgerNumber } from '../ledger/teardown.ts';
import { counted } from '../words/words.ts';

type Counts = RestoreCheck['counts'];

/** The connector that is restored. */
interface Target {
  readonly voiceConnectorId: string;
  /** Whether it is there: if not, there is nothing to put numbers back on. */
  readonly isThere: boolean;
  /** Where the snapshot is: the ledger's table. */
  readonly table: string;
}

/**
 * What is missing, all of it, and what can be done.
 *
 * @param short the numbers that are not back, and not gone either
 */
export function failureOf(
  { voiceConnectorId, isThere, table }: Target,
  { restored, elsewhere, parked, gone, unassigned, queued }: Counts,
  short: readonly LedgerNumber[],
): VerdictFailure {
  const place = isThere
    ? `${counted(restored, 'number')} on connector ${voiceConnectorId}`
    : `Connector ${voiceConnectorId} is gone: nothing can be put back on it`;
  const counts = [
    place,
    ...(unassigned > 0 ? [`${unassigned} saved from the queue, unassigned and billed`] : []),
    ...(queued > 0 ? [`${queued} still in the deletion queue`] : []),
    ...(gone > 0 ? [`${gone} gone for good`] : []),
    ...(elsewhere > 0 ? [`${elsewhere} left where somebody has put ${them(elsewhere)}`] : []),
    ...(parked > 0 ? [`${parked} taken off by somebody before the teardown came to ${them(parked)}`] : []),
  ].join(', ');
  const refused = short.filter(({ failure }) => failure !== undefined);
  const reasons = refused.length === 0 ? '' : ` Refused: ${reasonsOf(refused)}.`;
  const snapshot = isThere
    ? ''
    : ` What the connector was is in the ledger (table ${table}, voiceConnectorId "${voiceConnectorId}", item "teardown", attribute "snapshot").`;
  return { Error: nameOf(isThere, short), Cause: `${counts}.${reasons}${snapshot}` };
}

function nameOf(isThere: boolean, short: readonly LedgerNumber[]): VerdictError {
  if (!isThere) return 'ConnectorGone';
  return short.length > 0 ? 'NumbersNotRestored' : 'NumbersGone';
}

function them(count: number): string {
  return count === 1 ? 'it' : 'them';
}

/** A restore may be repeated while that can help; without a connector, and without a number, there is nothing left. */
export function phaseAfter(
  { unassigned, queued, restored, elsewhere, parked }: Counts,
  isThere: boolean,
): 'failed' | 'restored' | 'deleted' {
  if (queued > 0 || (unassigned > 0 && isThere)) return 'failed';
  return isThere || unassigned + restored + elsewhere + parked > 0 ? 'restored' : 'deleted';
}

/** A Voice Connector group that did not take the connector back. */
export interface GroupLeft {
  readonly groupId: string;
  /** As the snapshot has it; absent where there is none. */
  readonly name: string | undefined;
  readonly priority: number;
  readonly error: Error;
}

/** The same check where the connector is not back in these groups. Another restore may help: it tries them again. */
export function withoutGroups(
  check: RestoreCheck,
  voiceConnectorId: string,
  groups: readonly GroupLeft[],
): RestoreCheck {
  const told = groups.map(
    ({ groupId, name, priority, error }) =>
      `${name === undefined ? groupId : `${name} (${groupId})`}, where it had priority ${priority}: ${error.name} (${error.message})`,
  );
  const allNumbersBack: VerdictFailure = { Error: 'GroupsNotRejoined', Cause: 'No number is missing.' };
  const { Error: error, Cause: cause } = check.failure ?? allNumbersBack;
  return {
    ...check,
    ...{ verdict: 'incomplete', phase: 'failed' },
    failure: {
      Error: error,
      Cause:
        `${cause} Connector ${voiceConnectorId} is not back in ${counted(groups.length, 'Voice Connector group')}: ` +
        `${told.join('; ')}. Restore again once the cause is gone; or add it by hand, in the console or with ` +
        'update-voice-connector-group, which replaces all members of a group: give those that are in it as well.',
    },
  };
}
