import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';
import { VoiceConnectorTeardown } from './voice-connector-teardown.ts';

export interface TeardownStackProps extends StackProps {
  readonly settings: Settings;
}

/** The app's one stack: the teardown, deployed once per account and Region. */
export class TeardownStack extends Stack {
  readonly teardown: VoiceConnectorTeardown;

  constructor(scope: Construct, id: string, { settings, ...props }: TeardownStackProps) {
    // A stack that is deleted in mid-window takes the workflow with it, and the connector would never be deleted.
    super(scope, id, {
      terminationProtection: true,
      description: 'Retires Amazon Chime SDK Voice Connectors',
      ...props,
    });
    this.teardown = new VoiceConnectorTeardown(this, 'Teardown', settings);
    new CfnOutput(this, 'StateMachineArn', {
      value: this.teardown.stateMachine.stateMachineArn,
      description: 'Start this state machine to retire a connector',
    });
    new CfnOutput(this, 'RestoreStateMachineArn', {
      value: this.teardown.restoreStateMachine.stateMachineArn,
      description: 'Start this state machine to take a teardown back',
    });
    new CfnOutput(this, 'LedgerTable', {
      value: this.teardown.ledger.table.tableName,
      description: 'Remembers every teardown',
    });
  }
}
