import { describe, expect, test } from '@jest/globals';
import { referred, resolver, type TemplatePart } from '../../local/cloudformation.ts';

const resolve = resolver({
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table' },
    Function: { Type: 'AWS::Lambda::Function' },
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
    Machine: { Type: 'AWS::StepFunctions::StateMachine' },
    Queue: { Type: 'AWS::SQS::Queue' },
    Role: { Type: 'AWS::IAM::Role' },
    Topic: { Type: 'AWS::SNS::Topic' },
  },
});

describe('A reference becomes what CloudFormation would make of it', () => {
  test.each<[string, TemplatePart, string]>([
    ['the Region', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['a table', { Ref: 'Table' }, 'Table'],
    ['a state machine', { Ref: 'Machine' }, 'arn:aws:states:us-east-1:123456789012:stateMachine:Machine'],
    ['a version', { Ref: 'Version' }, 'arn:aws:lambda:us-east-1:123456789012:function:Function:1'],
    ['a queue', { Ref: 'Queue' }, 'https://sqs.us-east-1.amazonaws.com/123456789012/Queue'],
    ['a topic', { Ref: 'Topic' }, 'arn:aws:sns:us-east-1:123456789012:Topic'],
    ['the ARN of a queue', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:123456789012:Queue'],
    ['the ARN of a role', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::123456789012:role/Role'],
    [
      'the ARN of a function',
      { 'Fn::GetAtt': ['Function', 'Arn'] },
      'arn:aws:lambda:us-east-1:123456789012:function:Function',
    ],
    [
      'the ARN of a table',
      { 'Fn::GetAtt': ['Table', 'Arn'] },
      'arn:aws:dynamodb:us-east-1:123456789012:table/Table',
    ],
    ['joined parts', { 'Fn::Join': ['/', ['a', { Ref: 'Table' }, 1]] }, 'a/Table/1'],
  ])('%s', (_what, part, expected) => {
    expect(resolve(part)).toBe(expected);
  });

  test('wherever it is', () => {
    expect(resolve({ List: [{ Name: { Ref: 'Table' } }, 5, true, null], Text: 'Ref' })).toEqual({
      List: [{ Name: 'Table' }, 5, true, null],
      Text: 'Ref',
    });
  });
});

describe('What cannot be known on this machine is not guessed', () => {
  test.each<[string, TemplatePart, string]>([
    ['an attribute', { 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'Cannot resolve attribute StreamArn of Table'],
    ['another function', { 'Fn::ImportValue': 'x' }, 'Cannot resolve Fn::ImportValue'],
    ['a resource that is not there', { Ref: 'Elsewhere' }, 'The template has no resource Elsewhere'],
  ])('%s', (_what, part, message) => {
    expect(() => resolve(part)).toThrow(message);
  });

  test('the logical id in a text', () => {
    expect(() => referred('Table')).toThrow('Not a reference to a resource: "Table".');
    expect(referred({ Ref: 'Table' })).toBe('Table');
    expect(referred({ 'Fn::GetAtt': ['Table', 'Arn'] })).toBe('Table');
  });
});
