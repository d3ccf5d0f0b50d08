import { describe, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  VoiceConnectorTeardown,
  type VoiceConnectorTeardownProps,
} from '../../lib/voice-connector-teardown.ts';
import { type CloudFormationTemplate, referred, resourcesOf } from '../../local/cloudformation.ts';
import { type DeployedStep, deployedSteps } from '../../local/deployed-steps.ts';
import { statementsOf } from '../../local/policies.ts';
import { quickApp } from '../../local/quick-app.ts';
import { check } from './nag-report.ts';
import { cycleIn, referencesIn } from './reference-graph.ts';

describe('The construct by itself', () => {
  test('brings both machines and every function into a stack of somebody else, with the defaults', () => {
    const { template, steps } = foreign((scope) => new VoiceConnectorTeardown(scope, 'Retirement'));
    expect(steps.length).toBeGreaterThan(10);
    expect(resourcesOf(template, 'AWS::StepFunctions::StateMachine')).toHaveLength(2);
    expect(resourcesOf(template, 'AWS::Lambda::Function')).toHaveLength(steps.length);
    expect(cycleIn(referencesIn(template))).toBeUndefined();
  });

  test('gives the checks of AWS Solutions nothing to find there', () => {
    const report = check({}, (app) => {
      new VoiceConnectorTeardown(new Stack(app, 'Host'), 'Retirement', {
        quietDays: 7,
        protectionTag: 'keep',
      });
    });
    expect(report).toMatchObject({ conclusion: 'success', violations: [] });
  });

  test('can be there twice', () => {
    const { template } = foreign((scope) => {
      new VoiceConnectorTeardown(scope, 'One');
      new VoiceConnectorTeardown(scope, 'Other', { chimeApi: 'chime', batchConcurrency: 10 });
    });
    expect(resourcesOf(template, 'AWS::StepFunctions::StateMachine')).toHaveLength(4);
  });

  test('brings nothing that exists once in an account: no events start it, no mail, no alarm', () => {
    const { template } = foreign((scope) => new VoiceConnectorTeardown(scope, 'Retirement'));
    expect(resourcesOf(template, 'AWS::Events::Rule').map(([id]) => id)).toEqual([
      expect.stringContaining('InterruptionRule'),
    ]);
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
    for (const type of ['AWS::SNS::Topic', 'AWS::CloudWatch::Alarm']) expect(types).not.toContain(type);
  });

  test('takes a prop that is undefined for one that is not given', () => {
    const props = { quietDays: undefined } as unknown as VoiceConnectorTeardownProps;
    const { steps } = foreign((scope) => new VoiceConnectorTeardown(scope, 'Retirement', props));
    expect(JSON.stringify(steps)).toContain('"QUIET_DAYS":"14"');
  });

  test('refuses props that are wrong, all of them at once', () => {
    const wrong = () =>
      foreign(
        (scope) => new VoiceConnectorTeardown(scope, 'Retirement', { quietDays: 99, protectionTag: '' }),
      );
    expect(wrong).toThrow(
      'quietDays must be a whole number from 0 to 14, not 99: correct it in the props of Host/Retirement',
    );
    expect(wrong).toThrow('protectionTag must be 1 to 128 letters');
  });
});

describe('Whoever is granted', () => {
  test.each([
    ['to start', 'grantStart', 'stateMachine'],
    ['to restore', 'grantRestore', 'restoreStateMachine'],
  ] as const)('%s may start executions of that machine, and do nothing else', (_what, grant, machine) => {
    let arn = '';
    const { template } = foreign((scope) => {
      const teardown = new VoiceConnectorTeardown(scope, 'Retirement');
      const role = new Role(scope, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
      teardown[grant](role).assertSuccess();
      arn = scope.resolve(teardown[machine].stateMachineArn).Ref;
    });
    const [operator = ''] = Object.keys(template.Resources).filter((id) => id.startsWith('Operator'));
    expect(statementsOf(template, operator)).toEqual([
      { Action: 'states:StartExecution', Effect: 'Allow', Resource: { Ref: arn } },
    ]);
  });
});

test('Every metric is that of its machine', () => {
  const stack = new Stack(quickApp(), 'Host');
  const teardown = new VoiceConnectorTeardown(stack, 'Retirement');
  const { stateMachine, restoreStateMachine } = teardown;
  const told = (['Started', 'Succeeded', 'Failed', 'TimedOut', 'Aborted'] as const).flatMap((how) => [
    [how, teardown[`metric${how}`](), stateMachine] as const,
    [how, teardown[`metricRestore${how}`](), restoreStateMachine] as const,
  ]);
  for (const [how, metric, machine] of told) {
    expect(metric).toMatchObject({
      namespace: 'AWS/States',
      metricName: `Executions${how}`,
      statistic: 'Sum',
    });
    expect(metric.dimensions).toEqual({ StateMachineArn: machine.stateMachineArn });
  }
});

describe('A ledger with a key of its own', () => {
  const { template, steps } = foreign((scope) => {
    const ledgerKey = new Key(scope, 'Key', { enableKeyRotation: true });
    new VoiceConnectorTeardown(scope, 'Retirement', { ledgerKey });
  });
  const [[key] = ['']] = resourcesOf(template, 'AWS::KMS::Key');
  const arn = { 'Fn::GetAtt': [key, 'Arn'] };

  test('is encrypted with it', () => {
    const [[, table] = ['', undefined]] = resourcesOf(template, 'AWS::DynamoDB::Table');
    expect(table?.Properties?.SSESpecification).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: arn,
    });
  });

  test.each(steps)('is open to $name, by way of DynamoDB only', (step) => {
    const onKey = statementsOf(template, referred(step.properties.Role)).filter(
      ({ Resource }) => JSON.stringify(Resource) === JSON.stringify(arn),
    );
    expect(onKey).toEqual([
      {
        Effect: 'Allow',
        Action: [
          ...['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
          ...['kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        ],
        Resource: arn,
        Condition: {
          StringEquals: {
            'kms:ViaService': {
              'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
            },
          },
        },
      },
    ]);
  });

  test('is something that can be created, and that the checks of AWS Solutions find nothing in', () => {
    expect(cycleIn(referencesIn(template))).toBeUndefined();
    const report = check({}, (app) => {
      const host = new Stack(app, 'Host');
      const ledgerKey = new Key(host, 'Key', { enableKeyRotation: true });
      new VoiceConnectorTeardown(host, 'Retirement', { ledgerKey });
    });
    expect(report).toMatchObject({ conclusion: 'success', violations: [] });
  });
});

/** A stack of an app without our settings and feature flags. */
function foreign(make: (scope: Stack) => unknown): {
  template: CloudFormationTemplate;
  steps: DeployedStep[];
} {
  const host = new Stack(quickApp(), 'Host');
  make(host);
  const template = Template.fromStack(host).toJSON() as CloudFormationTemplate;
  return { template, steps: deployedSteps(host, template) };
}
