import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Dashboard } from './dashboard.ts';
import { Mail } from './mail.ts';
import { tellOutputs } from './outputs.ts';
import type { Settings } from './settings.ts';
import { Triggers } from './triggers.ts';
import { VoiceConnectorTeardown } from './voice-connector-teardown.ts';

/** Props of a stack, and the settings. */
export interface TeardownStackProps extends StackProps {
  /** All of them: see `readSettings`. */
  readonly settings: Settings;
}

/** The app's one stack: the teardown, and what exists once in an account and Region: triggers, e-mail, alarms, dashboard. */
export class TeardownStack extends Stack {
  /** The workflows with their functions and ledger. */
  readonly teardown: VoiceConnectorTeardown;

  constructor(scope: Construct, id: string, { settings, ...props }: TeardownStackProps) {
    // A stack that is deleted in mid-window takes the workflow with it, and the connector would never be deleted.
    super(scope, id, {
      terminationProtection: true,
      description: 'Retires Amazon Chime SDK Voice Connectors',
      ...props,
    });
    const { notifyEmail: email, ...ofTeardown } = settings;
    this.teardown = new VoiceConnectorTeardown(this, 'Teardown', ofTeardown);
    const { deadLetterQueue } = this.teardown;
    new Triggers(this, 'Triggers', this.teardown);
    const mail = email === undefined ? undefined : new Mail(this, 'Mail', { email, deadLetterQueue });
    new Alarms(this, 'Alarms', { teardown: this.teardown, topic: mail?.topic });
    new Dashboard(this, 'Dashboard', { teardown: this.teardown, settings });
    tellOutputs(this, this.teardown);
  }
}
