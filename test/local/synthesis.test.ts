import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { taskStates } from '../../local/engine-definition.ts';
import { synthesise } from '../../local/synthesis.ts';
import { table as writtenOut } from '../ledger-table.ts';

const { definition, functions, restore, rules, table, stateMachineArn, template } = synthesise();

/** What the dashboard calls, instead of a task. */
const ofDashboard = ['RequestRestore', 'ShowBoard'];

test('Every function that a task calls is one of the stack, and every function is called', () => {
  const called = [definition, restore.definition]
    .flatMap(taskStates)
    .map(([, { Resource }]) => String(Resource))
    .filter((resource) => resource.includes(':function:'));

  const ofWorkflows = [...functions]
    .filter(([, { step }]) => !ofDashboard.includes(step))
    .map(([arn]) => arn);
  expect(new Set(called)).toEqual(new Set(ofWorkflows.filter((arn) => arn.endsWith(':1'))));
});

test('A function is known by its ARN too, which is what rules call', () => {
  for (const [arn, deployed] of functions) expect(functions.get(arn.replace(/:1$/, ''))).toBe(deployed);
  const called = rules.flatMap(({ targets }) => targets.flatMap(({ arn }) => functions.get(arn)?.step ?? []));
  expect(called).toEqual(['CloseTeardown']);
});

test('One rule listens for the executions of both machines, and one for requests to each', () => {
  const machines = [stateMachineArn, restore.stateMachineArn];
  expect(rules.map(({ pattern }) => pattern)).toEqual([
    expect.objectContaining({ detail: expect.objectContaining({ stateMachineArn: machines }) }),
    expect.objectContaining({ 'detail-type': ['Voice Connector Teardown Requested'] }),
    expect.objectContaining({ 'detail-type': ['Voice Connector Restore Requested'] }),
  ]);
  expect(rules.slice(1).flatMap(({ targets }) => targets.map(({ arn }) => arn))).toEqual(machines);
});

test('There are two machines, which are not the same', () => {
  expect(restore.stateMachineArn).not.toBe(stateMachineArn);
  expect([definition, restore.definition].map(({ States }) => Object.keys(States))).toEqual([
    expect.arrayContaining(['Release phone numbers', 'Delete voice connector']),
    expect.arrayContaining(['Bring phone numbers back', 'Verify restore']),
  ]);
});

test('A function is known by its step, its entry, its time-out and its environment', () => {
  for (const { entry } of functions.values()) expect(existsSync(entry)).toBe(true);
  const byStep = Object.fromEntries([...functions.values()].map((one) => [one.step, one]));
  expect(byStep.InspectVoiceConnector).toMatchObject({
    step: 'InspectVoiceConnector',
    entry: expect.stringMatching(/\/lambda\/inspect-voice-connector\.ts$/),
    timeoutSeconds: 840,
    environment: {
      LEDGER_TABLE: table.TableName,
      MAX_PHONE_NUMBERS: '1000',
      TIMEOUT_SECONDS: '840',
      RESTORE_STATE_MACHINE_ARN: restore.stateMachineArn,
    },
  });
});

test('The settings are those of the deployment', () => {
  const other = synthesise({ maxPhoneNumbers: 5, batchConcurrency: 7, quietDays: 3, protectionTag: 'keep' });
  const environments = [...other.functions.values()].map(({ environment }) => environment);
  expect(environments).toContainEqual(expect.objectContaining({ MAX_PHONE_NUMBERS: '5' }));
  expect(environments).toContainEqual(expect.objectContaining({ QUIET_DAYS: '3', PROTECTION_TAG: 'keep' }));
  expect(other.definition.States['Release phone numbers']).toMatchObject({ MaxConcurrency: 7 });
  expect(other.restore.definition.States['Bring phone numbers back']).toMatchObject({ MaxConcurrency: 7 });
});

test('The same stack gives the same synthesis', () => {
  const again = synthesise();
  expect(again.template).toEqual(template);
  expect(again.stateMachineArn).toBe(stateMachineArn);
  expect(again.restore).toEqual(restore);
});

test('The table is the one that the tests of steps are given', () => {
  expect(table).toEqual(writtenOut);
});

test('Nothing is left for CloudFormation to fill in', () => {
  const text = JSON.stringify({ definition, restore, table, rules, functions: [...functions] });
  for (const unresolved of ['"Ref"', '"Fn::', 'Token[']) expect(text).not.toContain(unresolved);
});
