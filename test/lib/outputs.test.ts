import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { type CloudFormationTemplate, resolver, type TemplatePart } from '../../local/cloudformation.ts';
import { deliveriesOf } from '../../local/events.ts';
import { synthesise } from '../../local/synthesis.ts';

const { template, rules, restore, stateMachineArn, table } = synthesise();
const { Outputs } = template as CloudFormationTemplate & {
  Outputs: Record<string, { Value: TemplatePart; Description: string }>;
};
const told = Object.fromEntries(
  Object.entries(Outputs).map(([name, { Value }]) => [name, String(resolver(template)(Value))]),
);

test('Whoever deploys it is told the two machines, where teardowns are remembered, and where to look', () => {
  const console =
    'https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/statemachines/view/';
  expect(told).toEqual({
    StateMachineArn: stateMachineArn,
    RestoreStateMachineArn: restore.stateMachineArn,
    LedgerTable: table.TableName,
    DeadLetterQueueUrl: expect.stringMatching(/^https:\/\/sqs\.us-east-1\.amazonaws\.com\/123456789012\//),
    StateMachineConsole: `${console}${stateMachineArn}`,
    RestoreStateMachineConsole: `${console}${restore.stateMachineArn}`,
    PlanCommand: expect.any(String),
    StartCommand: expect.any(String),
    RestoreCommand: expect.any(String),
    PutEventCommand: expect.any(String),
  });
  for (const { Description } of Object.values(Outputs)) expect(Description).toMatch(/^[A-Z].{10,}$/);
});

test('A link to the console says for which Regions it is', () => {
  for (const name of ['StateMachineConsole', 'RestoreStateMachineConsole'])
    expect(Outputs[name]?.Description).toContain('of the commercial Regions');
});

describe('A command is ready to paste into a shell', () => {
  const request = { voiceConnectorId: 'VOICE_CONNECTOR_ID' };

  test.each([
    ['PlanCommand', stateMachineArn, { ...request, dryRun: true }],
    ['StartCommand', stateMachineArn, request],
    ['RestoreCommand', restore.stateMachineArn, request],
  ])('%s', (name, machine, input) => {
    const [json, ...words] = wordsOf(told[name]).reverse();
    expect(words.reverse()).toEqual([
      ...['aws', 'stepfunctions', 'start-execution', '--region', 'us-east-1'],
      ...['--state-machine-arn', machine, '--input'],
    ]);
    expect(JSON.parse(json ?? '')).toEqual(input);
  });

  test('PutEventCommand, whose event starts a teardown', () => {
    const [json, ...words] = wordsOf(told.PutEventCommand).reverse();
    expect(words.reverse()).toEqual(['aws', 'events', 'put-events', '--region', 'us-east-1', '--entries']);
    const [entry, ...others] = JSON.parse(json ?? '');
    expect(others).toEqual([]);
    const event = {
      source: entry.Source,
      'detail-type': entry.DetailType,
      detail: JSON.parse(entry.Detail),
    };
    expect(deliveriesOf(event, rules)).toEqual([{ arn: stateMachineArn, input: request }]);
  });

  test('and is refused where the placeholder was left in: it is no id', () => {
    expect(request.voiceConnectorId).not.toMatch(/^[A-Za-z0-9-]{1,128}$/);
  });
});

/** The words of a command, as the shell passes them on. */
function wordsOf(command = ''): string[] {
  const script = `for word in ${command}; do printf '%s\\0' "$word"; done`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}
