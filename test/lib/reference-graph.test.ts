import { describe, expect, test } from '@jest/globals';
import type { TemplatePart } from '../../local/cloudformation.ts';
import { synthesiseStack } from '../../local/synthesis.ts';
import { cycleIn, referencesIn } from './reference-graph.ts';

test.each([
  ['', {}],
  [', with e-mail', { notifyEmail: 'team@example.com' }],
])('The stack can be created%s: no resource waits for itself, by whatever detour', (_which, settings) => {
  const references = referencesIn(synthesiseStack(settings).template);

  expect([...references.values()].flatMap((needed) => [...needed]).length).toBeGreaterThan(20);
  expect(cycleIn(references)).toBeUndefined();
});

describe('A planted cycle is found', () => {
  const resource = (Properties: Record<string, TemplatePart>, DependsOn?: TemplatePart) => ({
    Type: 'Some::Thing',
    Properties,
    ...(DependsOn === undefined ? {} : { DependsOn }),
  });
  const closedBy = (last: ReturnType<typeof resource>) => ({
    Resources: {
      A: resource({ Name: { Ref: 'B' } }),
      B: resource({ Deep: [{ Name: { Ref: 'C' } }] }),
      C: last,
    },
  });

  test.each([
    ['Ref', resource({ Name: { Ref: 'A' } })],
    ['Fn::GetAtt', resource({ Arn: { 'Fn::GetAtt': ['A', 'Arn'] } })],
    ['Fn::GetAtt in one word', resource({ Arn: { 'Fn::GetAtt': 'A.Arn' } })],
    ['Fn::Sub', resource({ Arn: { 'Fn::Sub': `arn:${sub('AWS::Partition')}:${sub('A')}` } })],
    ['an attribute in Fn::Sub', resource({ Arn: { 'Fn::Sub': [`${sub('A.Arn')}:${sub('n')}`, { n: 1 }] } })],
    ['a variable of Fn::Sub', resource({ Arn: { 'Fn::Sub': [sub('n'), { n: { Ref: 'A' } }] } })],
    ['Fn::Join', resource({ Arn: { 'Fn::Join': ['', ['arn:', { Ref: 'A' }]] } })],
    ['DependsOn', resource({}, 'A')],
    ['DependsOn of several', resource({}, ['X', 'A'])],
  ])('by %s', (_how, last) => {
    expect(cycleIn(referencesIn(closedBy(last)))).toEqual(['A', 'B', 'C', 'A']);
  });

  test('which is no cycle where the name is only text', () => {
    const innocent = [{ Name: 'A' }, { Name: { 'Fn::Sub': sub('!A') } }, { Region: { Ref: 'AWS::Region' } }];
    for (const last of innocent) expect(cycleIn(referencesIn(closedBy(resource(last))))).toBeUndefined();
  });
});

/** A placeholder in the text of a Fn::Sub. */
function sub(name: string): string {
  return `\${${name}}`;
}
