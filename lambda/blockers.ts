/** The reasons to refuse, in words: what is wrong, and the way out. */
import { resumeCommand } from './commands.ts';
import type { Execution } from './journey.ts';
import type { Blocker } from './plan.ts';
import type { Teardown } from './ports.ts';
import type { Tally } from './tally.ts';
import { counted } from './words.ts';

export function notFound(voiceConnectorId: string): Blocker {
  return {
    code: 'ConnectorNotFound',
    message: `There is no connector ${voiceConnectorId} in this account and Region, and the ledger does not know one.`,
    wayOut: 'Check the id, and deploy this app in the Region through which the connector was created.',
  };
}

export function alreadyRunning({ voiceConnectorId, holder, execution }: Teardown): Blocker {
  return {
    code: 'AlreadyRunning',
    message: `Connector ${voiceConnectorId} is being torn down by ${holder ?? execution}.`,
    wayOut: 'See that execution. If it is to end, stop it; then resume.',
  };
}

/** Numbers of a run that did not finish are on record: starting afresh would forget them, or take what was parked since. */
export function unfinished(earlier: Teardown, tally: Tally, { stateMachine }: Execution): Blocker {
  const { voiceConnectorId, phase, execution, windowEndsAt } = earlier;
  const { queued, unassigned, attached, gone } = tally;
  const deadline = windowEndsAt === undefined ? 'seven days after they were queued' : windowEndsAt;
  return {
    code: 'Unfinished',
    message:
      `An earlier run (${execution}) left connector ${voiceConnectorId} in phase "${phase}": by its ledger ${counted(queued, 'number')} ` +
      `in the deletion queue, ${unassigned} unassigned and billed, ${attached} attached, ${gone} gone.`,
    wayOut:
      `To go on: ${resumeCommand(stateMachine, voiceConnectorId)}. To go back: until ${deadline}, take the queued numbers ` +
      'out with "aws chime-sdk-voice restore-phone-number", then put all of them back with ' +
      `"aws chime-sdk-voice associate-phone-numbers-with-voice-connector --voice-connector-id ${voiceConnectorId}".`,
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
