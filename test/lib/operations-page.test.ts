import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { readTeardownRequest } from '../../lambda/inspection/request.ts';
import { noticeTypes } from '../../lambda/notice-types.ts';
import { requestTypes } from '../../lib/triggers.ts';
import { resourcesOf } from '../../local/cloudformation.ts';
import { deliveriesOf } from '../../local/events.ts';
import { synthesise } from '../../local/synthesis.ts';
import { type Played, restoreInWindow, tearDown, worldWith } from '../flow/setting.ts';
import { blocksOf, commandsOf, given, inputsOf, variables } from './page-commands.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/operations.md', import.meta.url)), 'utf8');
const blocks = (language: string): string[] => blocksOf(page, language);

const { template, rules, stateMachineArn } = synthesise();
const commands = blocks('sh').flatMap(commandsOf);

describe('A command on the page', () => {
  const givenJson = commands.flatMap((words) => {
    const json = words.filter((word) => /^\s*[[{]/.test(word));
    return json.length === 0 ? [] : [[words.slice(0, 3).join(' '), json] as const];
  });

  test.each(givenJson)('%s is given JSON that can be read', (_name, json) => {
    for (const text of json) expect(() => JSON.parse(text)).not.toThrow();
  });

  test('gives a workflow an input that it takes', () => {
    const inputs = inputsOf(commands);
    expect(inputs.length).toBeGreaterThan(3);
    for (const { input, read } of inputs) expect(read).toEqual({ request: input });
  });

  test('puts an event that starts a teardown', () => {
    const [words = [], ...others] = commands.filter((words) => words.includes('put-events'));
    expect(others).toEqual([]);
    const [entry] = JSON.parse(given(words, '--entries'));
    const detail = JSON.parse(entry.Detail);
    const event = { source: entry.Source, 'detail-type': entry.DetailType, detail };
    expect(deliveriesOf(event, rules)).toEqual([{ arn: stateMachineArn, input: detail }]);
    expect(readTeardownRequest(detail, false)).toEqual({ request: detail });
  });

  test('makes a schedule that starts a teardown, by a role that may do that and report what failed', () => {
    const [schedule = []] = commands.filter((words) => words.includes('create-schedule'));
    const target = JSON.parse(given(schedule, '--target'));
    expect(target).toMatchObject({
      Arn: stateMachineArn,
      RoleArn: 'arn:aws:iam::123456789012:role/voice-connector-teardown-schedules',
      DeadLetterConfig: { Arn: variables.DEAD_LETTER_QUEUE_ARN },
    });
    const input = JSON.parse(target.Input);
    expect(readTeardownRequest(input, true)).toEqual({ request: input });
    const [role = []] = commands.filter((words) => words.includes('put-role-policy'));
    expect(JSON.parse(given(role, '--policy-document')).Statement).toEqual([
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: stateMachineArn },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: variables.DEAD_LETTER_QUEUE_ARN },
    ]);
  });
});

describe('The export of what was given up', () => {
  const [words = []] = commands.filter(
    (words) => given(words, 'aws') === 'dynamodb' && words.includes('query'),
  );

  test('has every number of a teardown that was played to its end', async () => {
    const world = await worldWith(3);
    expect((await tearDown(world)).status).toBe('SUCCEEDED');
    expect(await exported(world, words)).toEqual(world.e164s.toSorted());
  });

  test('has none that a restore has brought back', async () => {
    const world = await worldWith(3);
    await restoreInWindow(world);
    expect(await exported(world, words)).toEqual([]);
  });
});

describe('The policies', () => {
  const [operators, custodians, ...others] = blocks('json').map((block) => JSON.parse(block));
  const start = (id: string) => `arn:aws:states:us-east-1:111122223333:stateMachine:${id}-*`;
  const machines = resourcesOf(template, 'AWS::StepFunctions::StateMachine').map(([id]) => id);

  test('are two', () => {
    expect(others).toEqual([]);
  });

  test('let an operator start, restore and see both workflows, and nothing else', () => {
    const [teardown = '', restores = ''] = machines.toReversed();
    const both = [start(teardown), start(restores)];
    expect(operators.Statement.map(withoutSid)).toEqual([
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: both },
      {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: 'arn:aws:events:us-east-1:111122223333:event-bus/default',
        Condition: {
          StringEquals: {
            'events:source': 'voice-connector-teardown',
            'events:detail-type': Object.values(requestTypes),
          },
        },
      },
      { Effect: 'Allow', Action: ['states:DescribeStateMachine', 'states:ListExecutions'], Resource: both },
      {
        Effect: 'Allow',
        Action: ['states:DescribeExecution', 'states:GetExecutionHistory'],
        Resource: both.map((arn) => `${arn.replace(':stateMachine:', ':execution:')}:*`),
      },
    ]);
  });

  test('let whoever looks after the data read the ledger, and see to dead letters', () => {
    const [[table] = ['']] = resourcesOf(template, 'AWS::DynamoDB::Table');
    const [[queue] = ['']] = resourcesOf(template, 'AWS::SQS::Queue');
    const owned = (service: string, id: string) =>
      `arn:aws:${service}:us-east-1:111122223333:${service === 'sqs' ? '' : 'table/'}VoiceConnectorTeardown-${id}-*`;
    expect(custodians.Statement.map(withoutSid)).toEqual([
      {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:Query'],
        Resource: owned('dynamodb', table),
      },
      { Effect: 'Allow', Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Resource: owned('sqs', queue) },
    ]);
  });
});

describe('The page says what to do about', () => {
  test.each([...noticeTypes])('the notice %s', (notice) => {
    expect(page).toMatch(new RegExp(`^\\| \`${notice}\` `, 'm'));
  });

  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([id]) => id);
  test.each(alarms)('the alarm %s', (id) => {
    const [, name] = /^Alarms(\w+)[0-9A-F]{8}$/.exec(id) ?? [];
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` `, 'm'));
  });
});

test('The page names the outputs of the stack', () => {
  const { Outputs } = template as unknown as { Outputs: Record<string, unknown> };
  const outputs = Object.keys(Outputs);
  expect(outputs).not.toEqual([]);
  for (const output of outputs) expect(page).toContain(output);
});

/**
 * The numbers that a command prints of a connector in a ledger, sorted: its query is made as it stands, and of the JMESPath
 * that is applied to the answer there is a stand-in that takes the states named in it.
 */
async function exported(world: Played, words: readonly string[]): Promise<string[]> {
  const client = new DynamoDBClient(world.ledger.connection);
  const values = given(words, '--expression-attribute-values');
  const command = new QueryCommand({
    TableName: world.synthesis.table.TableName,
    KeyConditionExpression: given(words, '--key-condition-expression'),
    ExpressionAttributeNames: JSON.parse(given(words, '--expression-attribute-names')),
    ExpressionAttributeValues: { ...JSON.parse(values), ':id': { S: world.voiceConnectorId } },
  });
  const { Items = [] } = await client.send(command);
  client.destroy();
  const [, condition = ''] =
    /^Items\[\]\.numbers\.L\[\]\.M \| \[\?(.+)\]\.\[e164\.S, id\.S, name\.S\]$/.exec(
      given(words, '--query'),
    ) ?? [];
  const states = condition.split(' || ').map((part) => /^state\.S=='(\w+)'$/.exec(part)?.[1]);
  expect(states).not.toContain(undefined);
  return Items.flatMap(({ numbers }) => numbers?.L ?? [])
    .flatMap(({ M = {} }) => (states.includes(M.state?.S) ? [String(M.e164?.S)] : []))
    .toSorted();
}

function withoutSid({ Sid: _sid, ...statement }: Record<string, unknown>): Record<string, unknown> {
  return statement;
}
