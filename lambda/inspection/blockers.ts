/** The reasons to refuse that lie in the request, the ledger and the numbers, in words: what is wrong, and the way out. */

import type { Execution } from '../journey.ts';
import type { Tally } from '../ledger/tally.ts';
import { isMarker, type Teardown } from '../ledger/teardown.ts';
import type { Blocker } from '../plan.ts';
import { restoreCommand, resumeCommand } from '../words/commands.ts';
import { counted } from '../words/words.ts';

/** There is no such connector, and no open teardown of one; `earlier` is what the ledger knows of it. */
export function notFound(voiceConnectorId: string, earlier?: Teardown): Blocker {
  const known = earlier === undefined ? 'the ledger does not know one' : `by the ledger ${lastSeen(earlier)}`;
  return {
    code: 'ConnectorNotFound',
    message: `There is no connector ${voiceConnectorId} in this account and Region, and ${known}.`,
    wayOut: 'Check the id, and deploy this app in the Region through which the connector was created.',
  };
}

/** What a restore has found of a connector that is gone now. */
function lastSeen(restored: Teardown): string {
  const { endedAt = 'some time', error } = restored;
  if (isMarker(restored))
    return `it was there at ${endedAt}, when a restore found no teardown of it; it was deleted since`;
  return error === 'ConnectorGone'
    ? `it was gone already when its teardown was restored at ${endedAt}, which saved its numbers`
    : `its teardown was restored at ${endedAt}; it was deleted since`;
}

/** A restore was asked for before this run had opened a teardown: it must not go on as if nothing was said. */
export function restoreRequested(
  { voiceConnectorId, refusesRunsUntil }: Teardown,
  { startedAt }: Execution,
): Blocker {
  return {
    code: 'RestoreRequested',
    message: `A restore of connector ${voiceConnectorId} was asked for at ${refusesRunsUntil}; this run was started at ${startedAt}, not after that.`,
    wayOut: 'If the connector is to go all the same, start a new run.',
  };
}

/** Another execution holds the teardown, and is running. */
export function alreadyRunning({ voiceConnectorId, holder, execution }: Teardown): Blocker {
  return {
    code: 'AlreadyRunning',
    message: `Connector ${voiceConnectorId} is in the hands of ${holder ?? execution}, which is running.`,
    wayOut:
      'See that execution. A teardown can be taken back by a restore while it runs; to take its place, stop it and resume.',
  };
}

/** There is nothing to resume: whoever still has the command at hand must not undo the restore with it. */
export function wasRestored(restored: Teardown): Blocker {
  const { voiceConnectorId, endedAt = 'some time' } = restored;
  const done = isMarker(restored)
    ? `A restore of connector ${voiceConnectorId} was asked for at ${endedAt}, when nothing was to be restored`
    : `The teardown of connector ${voiceConnectorId} was restored at ${endedAt}`;
  return {
    code: 'RestoreRequested',
    message: `${done}: there is nothing to resume.`,
    wayOut: 'If the connector is to go all the same, start a new run without "resume".',
  };
}

/** A restore was begun, and did not come to its end. */
export function restoreBegun(
  { voiceConnectorId, refusesRunsUntil }: Teardown,
  fingerprint: string,
  restoreMachine: string,
): Blocker {
  return {
    code: 'RestoreRequested',
    message: `A restore of connector ${voiceConnectorId} was begun at ${refusesRunsUntil}, and has not come to its end.`,
    wayOut:
      `If the connector is to go all the same, say "approvedPlan": "${fingerprint}". To finish the restore: ` +
      restoreCommand(restoreMachine, voiceConnectorId),
  };
}

/** Numbers of a run that did not finish are on record: starting afresh would forget them, or take what was parked since. */
export function unfinished(
  earlier: Teardown,
  tally: Tally,
  { stateMachine }: Execution,
  restoreMachine: string,
): Blocker {
  const { voiceConnectorId, phase, execution, windowEndsAt } = earlier;
  const { queued, unassigned, attached, gone } = tally;
  const deadline = windowEndsAt === undefined ? 'seven days after they were queued' : windowEndsAt;
  return {
    code: 'Unfinished',
    message:
      `An earlier run (${execution}) left connector ${voiceConnectorId} in phase "${phase}": by its ledger ${counted(queued, 'number')} ` +
      `in the deletion queue, ${unassigned} unassigned and billed, ${attached} attached, ${gone} gone.`,
    wayOut:
      `To go on: ${resumeCommand(stateMachine, earlier)} - to go back, until ${deadline}: ` +
      restoreCommand(restoreMachine, voiceConnectorId),
  };
}

/** The plan that was agreed to is another one. */
export function notTheApprovedPlan(voiceConnectorId: string, fingerprint: string): Blocker {
  return {
    code: 'PlanChanged',
    message: `The plan for connector ${voiceConnectorId} is not the one that was approved: numbers were added, removed or moved since, or it was another connector's. Its fingerprint now is ${fingerprint}.`,
    wayOut: 'Look at a plan again ("dryRun": true), and give its fingerprint as "approvedPlan".',
  };
}

/** Numbers that the service is still busy with. */
export function numbersInFlight(voiceConnectorId: string, statuses: ReadonlyMap<string, number>): Blocker {
  const counts = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  return {
    code: 'NumbersInFlight',
    message: `Connector ${voiceConnectorId} has numbers that are being ported in or provisioned: ${counts}.`,
    wayOut: 'Wait until the service is done with them, then plan again.',
  };
}

/** A resumed run carries on the plan that was agreed, and no other. */
export function planChanged(
  { voiceConnectorId, phoneNumbers }: Teardown,
  found: number,
  putBack: number,
): Blocker {
  const agree = `If all that are there now are to go, say "expectedPhoneNumbers": ${found}.`;
  const takeOff =
    'Take off the connector what is not to go (and what somebody put back there: this teardown does not release it ' +
    'again); then resume.';
  return {
    code: 'PlanChanged',
    message:
      `The numbers of connector ${voiceConnectorId} are not those of the plan that is to be resumed: it had ` +
      `${phoneNumbers}, and now there are ${found}; some were added, taken back or moved.`,
    wayOut: `Look at a plan ("dryRun": true, "resume": true). ${putBack > 0 || found === phoneNumbers ? takeOff : agree}`,
  };
}

/** A number of phone numbers that is not the one stated. */
export function countMismatch(voiceConnectorId: string, found: number, expected: number): Blocker {
  return {
    code: 'CountMismatch',
    message: `Connector ${voiceConnectorId} has ${counted(found, 'phone number')}, and expectedPhoneNumbers says ${expected}.`,
    wayOut:
      'Look at a plan ("dryRun": true), find out which numbers came or went, and state the count that is right.',
  };
}

/** A number of phone numbers that nobody has agreed to: none at all, or more than `most`. */
export function uncounted(voiceConnectorId: string, found: number, most: number): Blocker[] {
  if (found === 0) {
    return [
      {
        code: 'NoPhoneNumbers',
        message: `Connector ${voiceConnectorId} has no phone numbers: is it the right one, in the right Region, and not an outbound-only trunk in use?`,
        wayOut: 'To delete it at once, which cannot be undone, say "expectedPhoneNumbers": 0.',
      },
    ];
  }
  if (found <= most) return [];
  return [
    {
      code: 'TooManyNumbers',
      message: `Connector ${voiceConnectorId} has ${counted(found, 'phone number')}, more than the ${most} that may go without being counted (setting maxPhoneNumbers).`,
      wayOut: `If all of them are to go, say "expectedPhoneNumbers": ${found}.`,
    },
  ];
}

/** Nothing of a connector is on record, so nothing can be taken back. */
export function noTeardown(voiceConnectorId: string, isThere: boolean, isDryRun = false): Blocker {
  const noted = ' A run that was started before now, and has come to nothing yet, is refused from now on.';
  return {
    code: 'NoTeardown',
    message: isThere
      ? `The ledger knows of no teardown of connector ${voiceConnectorId}: nothing of it was released.${isDryRun ? '' : noted}`
      : `There is no connector ${voiceConnectorId} in this account and Region, and the ledger knows of no teardown.`,
    wayOut: 'Check the id and the Region.',
  };
}

/** A finished teardown has nothing in the deletion queue. */
export function nothingToRestore({ voiceConnectorId, phoneNumbers, endedAt }: Teardown): Blocker {
  return {
    code: 'NothingToRestore',
    message: `The teardown of connector ${voiceConnectorId} was finished at ${endedAt ?? 'some time'}, after its window: ${phoneNumbers} of ${counted(phoneNumbers, 'number')} are gone, and so is the connector.`,
    wayOut:
      'Nothing can bring them back. What the connector was is in the ledger (item "teardown", attribute "snapshot").',
  };
}
