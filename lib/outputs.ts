import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { noticeSource } from '../lambda/notice-types.ts';
import { requestTypes } from './triggers.ts';
import type { VoiceConnectorTeardown } from './voice-connector-teardown.ts';

/** Stands for the connector's id in the commands. It is none, by its underscores: as it is, it is refused. */
const placeholder = 'VOICE_CONNECTOR_ID';

/** Tells whoever deploys the stack what to start, where to look, and the commands for it, ready to paste. */
export function tellOutputs(stack: Stack, { stateMachine, restoreStateMachine, ...rest }: Told): void {
  const { region } = stack;
  const tell = (name: string, value: string, description: string) =>
    new CfnOutput(stack, name, { value, description });
  const console = (arn: string) =>
    `https://${region}.console.aws.amazon.com/states/home?region=${region}#/statemachines/view/${arn}`;
  const start = (arn: string, input: object) =>
    `aws stepfunctions start-execution --region ${region} --state-machine-arn ${arn} --input '${JSON.stringify(input)}'`;
  const down = stateMachine.stateMachineArn;
  const back = restoreStateMachine.stateMachineArn;
  const request = { voiceConnectorId: placeholder };

  tell('StateMachineArn', down, 'Start this state machine to retire a connector');
  tell('RestoreStateMachineArn', back, 'Start this state machine to take a teardown back');
  tell('LedgerTable', rest.ledger.table.tableName, 'Remembers every teardown');
  tell('DeadLetterQueueUrl', rest.deadLetterQueue.queueUrl, 'Holds what could not be delivered, for 14 days');
  tell('StateMachineConsole', console(down), 'Teardowns in the console (of the commercial Regions)');
  tell('RestoreStateMachineConsole', console(back), 'Restores in the console (of the commercial Regions)');
  tell('PlanCommand', start(down, { ...request, dryRun: true }), 'Says what a teardown would do');
  tell('StartCommand', start(down, request), 'Retires a connector for good: calls stop at minute one');
  tell('RestoreCommand', start(back, request), 'Takes a teardown back, until its window ends');
  tell('PutEventCommand', putEvent(region, request), 'Retires a connector by an event on the default bus');
}

type Told = Pick<
  VoiceConnectorTeardown,
  'stateMachine' | 'restoreStateMachine' | 'ledger' | 'deadLetterQueue'
>;

function putEvent(region: string, detail: object): string {
  const entry = { Source: noticeSource, DetailType: requestTypes.teardown, Detail: JSON.stringify(detail) };
  return `aws events put-events --region ${region} --entries '${JSON.stringify([entry])}'`;
}
