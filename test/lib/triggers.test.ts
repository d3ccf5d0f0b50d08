import { describe, expect, test } from '@jest/globals';
import { noticeTypes } from '../../lambda/notice-types.ts';
import { requestTypes } from '../../lib/triggers.ts';
import { referred, resourcesOf } from '../../local/cloudformation.ts';
import { type BusEvent, deliveriesOf } from '../../local/events.ts';
import { statementsOf } from '../../local/policies.ts';
import { synthesise } from '../../local/synthesis.ts';
import { enveloped } from './enveloped.ts';

const { template, rules, stateMachineArn, restore } = synthesise({ notifyEmail: 'team@example.com' });
const ofTriggers = resourcesOf(template, 'AWS::Events::Rule').filter(([id]) => id.startsWith('Triggers'));

describe('An event on the default bus starts', () => {
  test.each([
    ['a teardown', 'Voice Connector Teardown Requested', stateMachineArn],
    ['a restore', 'Voice Connector Restore Requested', restore.stateMachineArn],
  ])('%s, with its detail as the input, as it is', (_what, detailType, arn) => {
    const detail = {
      ...{ voiceConnectorId: 'abcdef1ghij2klmno3pqr4', dryRun: true, expectedPhoneNumbers: 120 },
      ...{ overrides: ['InUse'], reason: 'The "old" trunk: \\ <voiceConnectorId> $.detail\n' },
    };
    expect(deliveriesOf(enveloped(detailType, detail), rules)).toEqual([{ arn, input: detail }]);
  });
});

describe('Nothing is started', () => {
  const asked = enveloped('Voice Connector Teardown Requested', { voiceConnectorId: 'abc123' });
  test.each<[string, BusEvent]>([
    ['by the event of another source', { ...asked, source: 'my.application' }],
    ['by a source that only begins alike', { ...asked, source: `${asked.source}.test` }],
    ['by another kind of request', { ...asked, 'detail-type': 'Voice Connector Requested' }],
    ['by a request in other letters', { ...asked, 'detail-type': 'voice connector teardown requested' }],
    [
      'by what it says elsewhere',
      { ...asked, 'detail-type': 'x', detail: { 'detail-type': Object.values(requestTypes) } },
    ],
  ])('%s', (_by, event) => {
    expect(deliveriesOf(event, rules)).toEqual([]);
  });

  test.each(noticeTypes)('by a notice, which has the same source: %s', (detailType) => {
    const machines = [stateMachineArn, restore.stateMachineArn];
    const reached = deliveriesOf(enveloped(detailType, { message: 'x' }), rules).map(({ arn }) => arn);
    expect(reached.filter((arn) => machines.includes(arn))).toEqual([]);
  });
});

describe('Each rule', () => {
  test.each(ofTriggers)(
    '%s has a role of its own that may start its machine, and nothing else',
    (_id, rule) => {
      const [target, ...others] = targetsOf(rule.Properties);
      expect(others).toEqual([]);
      const role = referred(target?.RoleArn);
      expect(statementsOf(template, role)).toEqual([
        { Action: 'states:StartExecution', Effect: 'Allow', Resource: target?.Arn },
      ]);
      expect(template.Resources[role]?.Properties?.AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Principal: { Service: 'events.amazonaws.com' } }],
      });
    },
  );

  test('has no role that another one has', () => {
    const roles = ofTriggers.flatMap(([, { Properties }]) =>
      targetsOf(Properties).map(({ RoleArn }) => RoleArn),
    );
    expect(roles).toHaveLength(2);
    expect(new Set(roles.map(referred)).size).toBe(2);
  });
});

describe('What cannot be delivered', () => {
  const rulesOfStack = resourcesOf(template, 'AWS::Events::Rule');
  const queue = 'TeardownDeadLetters1F43B7B7';

  test.each(rulesOfStack)('by %s is tried for a day and then kept', (_id, { Properties }) => {
    const targets = targetsOf(Properties);
    expect(targets).not.toEqual([]);
    for (const target of targets)
      expect(target).toMatchObject({
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue, 'Arn'] } },
      });
  });

  test('is kept for 14 days, encrypted', () => {
    expect(template.Resources[queue]?.Properties).toEqual({
      MessageRetentionPeriod: 14 * 86_400,
      SqsManagedSseEnabled: true,
    });
  });

  test('may be put there over TLS only, by these rules and no others', () => {
    const policies = resourcesOf(template, 'AWS::SQS::QueuePolicy').map(([, { Properties }]) => Properties);
    const [{ PolicyDocument }] = policies as unknown as [{ PolicyDocument: { Statement: object[] } }];
    const [overTls, ...allowed] = PolicyDocument.Statement;
    expect(overTls).toMatchObject({
      Effect: 'Deny',
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    expect(allowed).toHaveLength(rulesOfStack.length);
    expect(allowed).toEqual(
      rulesOfStack.map(([id]) =>
        expect.objectContaining({
          ...{ Effect: 'Allow', Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' } },
          Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [id, 'Arn'] } } },
        }),
      ),
    );
  });
});

function targetsOf(properties: unknown): { Arn: string; RoleArn: { 'Fn::GetAtt': [string, string] } }[] {
  return (properties as { Targets: [] }).Targets;
}
