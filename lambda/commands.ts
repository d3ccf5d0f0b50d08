/** Commands that a message tells an operator to run, ready to paste. */

/** Starts the teardown of a connector again where an earlier run left it. */
export function resumeCommand(stateMachineArn: string, voiceConnectorId: string): string {
  const input = JSON.stringify({ voiceConnectorId, resume: true });
  return `aws stepfunctions start-execution --state-machine-arn ${stateMachineArn} --input '${input}'`;
}
