import { describe, expect, test } from '@jest/globals';
import { resolver, type TemplatePart } from '../../local/cloudformation.ts';
import { type BusEvent, deliveriesOf, rulesOf } from '../../local/events.ts';

const event: BusEvent = {
  source: 'aws.states',
  'detail-type': 'Execution Status Change',
  detail: { status: 'FAILED', count: 3, final: true, owner: { team: 'voice' }, cause: null },
};

describe('An event is delivered where every field of the pattern has one of the values', () => {
  test.each<[string, TemplatePart]>([
    ['its source', { source: ['aws.states'] }],
    ['one of several values', { source: ['aws.lambda', 'aws.states'] }],
    ['several fields', { source: ['aws.states'], 'detail-type': ['Execution Status Change'] }],
    ['a field of the detail', { detail: { status: ['ABORTED', 'FAILED'] } }],
    ['a field further down', { detail: { owner: { team: ['voice'] } } }],
    ['a number', { detail: { count: [3] } }],
    ['a truth value', { detail: { final: [true] } }],
  ])('%s', (_what, pattern) => {
    expect(deliver(pattern)).toHaveLength(1);
  });
});

describe('An event is not delivered', () => {
  test.each<[string, TemplatePart]>([
    ['with another value', { source: ['aws.lambda'] }],
    ['with the right value in one field only', { source: ['aws.states'], detail: { status: ['ABORTED'] } }],
    ['with part of a value', { source: ['aws'] }],
    ['with a value in other letters', { detail: { status: ['failed'] } }],
    ['with a number for a text', { detail: { count: ['3'] } }],
    ['without the field', { detail: { colour: ['red'] } }],
    ['without the object that holds the field', { detail: { place: { town: ['Ulm'] } } }],
    ['with a text where an object should be', { detail: { status: { code: ['FAILED'] } } }],
    ['with nothing where an object should be', { detail: { cause: { code: ['FAILED'] } } }],
    ['with an object where a text should be', { detail: { owner: ['voice'] } }],
    ['where no value would do', { source: [] }],
  ])('%s', (_what, pattern) => {
    expect(deliver(pattern)).toEqual([]);
  });
});

test.each<[string, TemplatePart]>([
  ['prefix', [{ prefix: 'FA' }]],
  ['suffix', [{ suffix: 'ED' }]],
  ['anything-but', [{ 'anything-but': ['SUCCEEDED'] }]],
  ['exists', [{ exists: true }]],
  ['numeric', [{ numeric: ['>', 0] }]],
  ['beside a plain value', ['FAILED', { prefix: 'FA' }]],
])('An operator of EventBridge is refused rather than misread: %s', (_name, status) => {
  expect(() => deliver({ detail: { status } })).toThrow(`Cannot match ${JSON.stringify(status)} here.`);
});

describe('A target is given', () => {
  test('the event itself, where it asks for nothing else', () => {
    expect(deliver({})).toEqual([{ arn: functionArn, input: event }]);
  });

  test('what its template makes of the event: each <name> is the value that its path leads to', () => {
    const InputPathsMap = {
      status: '$.detail.status',
      count: '$.detail.count',
      owner: '$.detail.owner',
      cause: '$.detail.cause',
    };
    const InputTemplate =
      '{"kind":"end","status":<status>,"count":<count>,"owner":<owner>,"cause":<cause>,"again":[<status>]}';
    expect(deliver({}, { InputTransformer: { InputPathsMap, InputTemplate } })).toEqual([
      {
        arn: functionArn,
        input: {
          kind: 'end',
          status: 'FAILED',
          count: 3,
          owner: { team: 'voice' },
          cause: null,
          again: ['FAILED'],
        },
      },
    ]);
  });

  test('a text as it is, whatever is in it', () => {
    const text = 'He said "no":\n\\ <status> $& {"a":1}';
    const transformer = { InputPathsMap: { said: '$.detail.said' }, InputTemplate: '{"said":<said>}' };
    const [delivery] = deliveriesOf(
      { ...event, detail: { said: text } },
      rulesWith({}, { InputTransformer: transformer }),
    );
    expect(delivery?.input).toEqual({ said: text });
  });

  test('nothing where a path of its template leads nowhere: that is refused', () => {
    const transformer = {
      InputPathsMap: { colour: '$.detail.colour' },
      InputTemplate: '{"colour":<colour>}',
    };
    expect(() => deliver({}, { InputTransformer: transformer })).toThrow();
  });
});

describe('The rules of a template', () => {
  test('are those that listen for events, their references resolved', () => {
    const rules = rulesOf(
      templateOf({ source: ['aws.states'], detail: { machine: [{ Ref: 'Machine' }] } }),
      resolve,
    );
    expect(rules).toEqual([
      {
        pattern: {
          source: ['aws.states'],
          detail: { machine: ['arn:aws:states:us-east-1:123456789012:stateMachine:Machine'] },
        },
        targets: [{ arn: functionArn }],
      },
    ]);
  });

  test('deliver to each of their targets, and each of those that match', () => {
    const rules = [
      ...rulesWith({ source: ['aws.states'] }),
      ...rulesWith({}),
      ...rulesWith({ source: ['x'] }),
    ];
    const [rule] = rules;
    const twice = rules.map((one) => ({ ...one, targets: [...one.targets, ...(rule?.targets ?? [])] }));
    expect(deliveriesOf(event, rules)).toHaveLength(2);
    expect(deliveriesOf(event, twice)).toHaveLength(4);
  });
});

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:Function';

function deliver(pattern: TemplatePart, target: Record<string, TemplatePart> = {}) {
  return deliveriesOf(event, rulesWith(pattern, target));
}

function rulesWith(pattern: TemplatePart, target: Record<string, TemplatePart> = {}) {
  return rulesOf(templateOf(pattern, target), resolve);
}

function resolve(part: TemplatePart): TemplatePart {
  return resolver(templateOf({}))(part);
}

/** A template with one rule that listens with this pattern, and one that goes by the clock. */
function templateOf(EventPattern: TemplatePart, target: Record<string, TemplatePart> = {}) {
  const Targets = [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] }, ...target }];
  return {
    Resources: {
      Function: { Type: 'AWS::Lambda::Function' },
      Machine: { Type: 'AWS::StepFunctions::StateMachine' },
      Listens: { Type: 'AWS::Events::Rule', Properties: { EventPattern, Targets } },
      Ticks: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 hour)', Targets } },
    },
  };
}
