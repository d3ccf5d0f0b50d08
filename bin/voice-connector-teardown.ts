import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from '../lib/settings.ts';
import { TeardownStack } from '../lib/teardown-stack.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new TeardownStack(app, 'VoiceConnectorTeardown', {
  settings: readSettings((key) => app.node.tryGetContext(key)),
});
