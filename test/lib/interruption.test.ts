import { describe, expect, test } from '@jest/globals';
import { type Resource, referred, resourcesOf } from '../../local/cloudformation.ts';
import { type BusEvent, deliveriesOf } from '../../local/events.ts';
import { synthesise } from '../../local/synthesis.ts';

const { template, rules, functions, stateMachineArn, restore } = synthesise();
const machines = { teardown: stateMachineArn, restore: restore.stateMachineArn };
const deadLetters = { 'Fn::GetAtt': ['TeardownDeadLetters1F43B7B7', 'Arn'] };
const closeTeardown = [...functions].find(([, { step }]) => step === 'CloseTeardown')?.[0].replace(/:1$/, '');

test('One rule hears of every execution of the two machines that ends without success', () => {
  const listening = resourcesOf(template, 'AWS::Events::Rule').filter(([, { Properties }]) =>
    JSON.stringify(Properties?.EventPattern).includes('aws.states'),
  );
  expect(listening).toEqual([
    [
      'TeardownInterruptionRule0C99EF83',
      {
        Type: 'AWS::Events::Rule',
        Properties: {
          Description: expect.any(String),
          State: 'ENABLED',
          EventPattern: {
            source: ['aws.states'],
            'detail-type': ['Step Functions Execution Status Change'],
            detail: {
              status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
              stateMachineArn: [{ Ref: 'Teardown63805531' }, { Ref: 'TeardownRestore3939DA62' }],
            },
          },
          Targets: [
            {
              Id: expect.any(String),
              // The function, not a version: a version may be older than the interruption by days.
              Arn: { 'Fn::GetAtt': ['TeardownCloseTeardownFunctionD7420D32', 'Arn'] },
              InputPath: '$.detail',
              DeadLetterConfig: { Arn: deadLetters },
              RetryPolicy: { MaximumEventAgeInSeconds: 24 * 60 * 60, MaximumRetryAttempts: 185 },
            },
          ],
        },
      },
    ],
  ]);
});

test('News that the function could not act on, three times, is kept beside what could not be delivered', () => {
  const [[, dropped] = ['', undefined], ...others] = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig');
  expect(others).toEqual([]);
  expect(dropped?.Properties).toEqual({
    FunctionName: { Ref: 'TeardownCloseTeardownFunctionD7420D32' },
    // What a call without a version counts as.
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: deadLetters } },
  });
});

describe('"Close teardown" is told of an execution', () => {
  const thrown = { errorType: 'ForbiddenException', errorMessage: 'Not "allowed".\nAsk <somebody> for $&.' };

  test.each([
    ['that somebody stopped', { status: 'ABORTED', error: null, cause: null }],
    [
      'that somebody stopped, saying why',
      { status: 'ABORTED', error: 'Wrong one', cause: 'Change "42" <x>' },
    ],
    ['that took too long', { status: 'TIMED_OUT', error: 'States.Timeout', cause: null }],
    [
      'that an error ended',
      { status: 'FAILED', error: 'ForbiddenException', cause: JSON.stringify(thrown, null, 2) },
    ],
  ])('%s, all that Step Functions says of it', (_how, ending) => {
    for (const machine of Object.values(machines)) {
      const event = statusChange({ ...ending, stateMachineArn: machine });
      expect(deliveriesOf(event, rules)).toEqual([{ arn: closeTeardown, input: event.detail }]);
    }
  });
});

describe('Nobody is told', () => {
  const ended = statusChange({ status: 'ABORTED' });
  const otherMachine = stateMachineArn.replace(/\w+$/, 'Another');
  const untold: [string, BusEvent][] = [
    ['of an execution that has begun', statusChange({ status: 'RUNNING' })],
    ['of one that succeeded', statusChange({ status: 'SUCCEEDED' })],
    ['of one that is about to run again', statusChange({ status: 'PENDING_REDRIVE' })],
    ['of one of another machine', statusChange({ status: 'ABORTED', stateMachineArn: otherMachine })],
    ['of an event that somebody else sent', { ...ended, source: 'my.application' }],
    ['of other news from Step Functions', { ...ended, 'detail-type': 'Step Functions Other Change' }],
  ];

  test.each(untold)('%s', (_what, event) => {
    expect(deliveriesOf(event, rules)).toEqual([]);
  });
});

test('EventBridge may call this function for this rule, and nobody else may call any', () => {
  expect(resourcesOf(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties)).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      FunctionName: { 'Fn::GetAtt': ['TeardownCloseTeardownFunctionD7420D32', 'Arn'] },
      SourceArn: { 'Fn::GetAtt': ['TeardownInterruptionRule0C99EF83', 'Arn'] },
    },
  ]);
});

describe('The right', () => {
  const standing = (action: string): [string, Resource][] =>
    resourcesOf(template, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
      JSON.stringify(Properties).includes(`"${action}"`),
    );
  const roleOf = (step: string): string => {
    const [, deployed] =
      resourcesOf(template, 'AWS::Lambda::Function').find(([id]) => id.includes(`${step}Function`)) ?? [];
    return referred(deployed?.Properties?.Role);
  };

  test.each([
    [
      'to ask for executions',
      'states:DescribeExecution',
      ['InspectVoiceConnector', 'InspectTeardown', 'ShowBoard'],
    ],
    ['to stop one', 'states:StopExecution', ['InspectTeardown']],
  ])('%s stands by itself: no function waits for it', (_right, action, holders) => {
    const policies = standing(action);
    const roles = policies.flatMap(([, { Properties }]) => [Properties?.Roles].flat().map(referred));
    expect(roles.sort()).toEqual(holders.map(roleOf).sort());
    for (const [policy, { Properties }] of policies) {
      expect(Properties?.PolicyDocument).toMatchObject({ Statement: [{ Action: action, Effect: 'Allow' }] });
      for (const [, { DependsOn = [] }] of resourcesOf(template, 'AWS::Lambda::Function'))
        expect(DependsOn).not.toContain(policy);
    }
  });
});

/** An event as Step Functions sends it, with its envelope. */
function statusChange(detail: Record<string, unknown>): BusEvent {
  const { stateMachineArn: machine = stateMachineArn } = detail;
  const executionArn = `${String(machine).replace(':stateMachine:', ':execution:')}:2f6c`;
  const event = {
    version: '0',
    id: '315c1398-40ff-a850-213b-158f73e60175',
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: '123456789012',
    time: '2026-01-12T09:00:21Z',
    region: 'us-east-1',
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn,
      name: '2f6c',
      startDate: 1_767_603_600_000,
      stopDate: 1_768_208_421_000,
      input: '{"voiceConnectorId":"abc123","reason":"\\"Old\\" <trunk>"}',
      inputDetails: { included: true },
      output: null,
      outputDetails: null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: 'REDRIVABLE',
      redriveStatusReason: null,
      ...detail,
    },
  };
  return event;
}
