/**
 * Commands that a message tells an operator to run, ready to paste: a message says nothing right behind one, not even a full
 * stop, that would be pasted along. Only ids, ARNs, codes and flags go into them: a name is somebody's free text, and would be
 * read by the shell.
 */
import type { Teardown } from '../ledger/teardown.ts';

/**
 * Starts a teardown again where an earlier run left it, and says again what that was given: nothing is inherited. A plan is
 * not approved again by it: the command may be older than what has become of the numbers.
 */
export function resumeCommand(
  stateMachineArn: string,
  { voiceConnectorId, detachFromGroups, overrides }: Teardown,
): string {
  return startCommand(stateMachineArn, { voiceConnectorId, resume: true, detachFromGroups, overrides });
}

/** Takes the numbers of a teardown back. */
export function restoreCommand(restoreMachineArn: string, voiceConnectorId: string): string {
  return startCommand(restoreMachineArn, { voiceConnectorId });
}

/** Takes a number off the connector, so that a teardown leaves it alone. */
export function keepCommand(voiceConnectorId: string): string {
  return `aws chime-sdk-voice disassociate-phone-numbers-from-voice-connector --voice-connector-id ${voiceConnectorId} --e164-phone-numbers`;
}

/** Removes the protection tag. */
export function untagCommand(arn: string, key: string): string {
  return `aws chime-sdk-voice untag-resource --resource-arn ${arn} --tag-keys ${key}`;
}

function startCommand(stateMachineArn: string, input: object): string {
  return `aws stepfunctions start-execution --state-machine-arn ${stateMachineArn} --input '${JSON.stringify(input)}'`;
}
