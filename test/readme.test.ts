import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from '@jest/globals';
import { readTeardownRequest } from '../lambda/inspection/request.ts';
import { noticeSource, noticeTypes } from '../lambda/notice-types.ts';
import { blockerCodes } from '../lambda/plan.ts';
import { requestTypes } from '../lib/triggers.ts';
import { resourcesOf } from '../local/cloudformation.ts';
import { deliveriesOf } from '../local/events.ts';
import { synthesise } from '../local/synthesis.ts';
import { errorsThatEndRuns } from './errors-that-end-runs.ts';
import { tearDown, worldWith } from './flow/setting.ts';
import { plannedTrunk } from './flow/situations.ts';
import { blocksOf, commandsOf, given, inputsOf } from './lib/page-commands.ts';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
const { template, rules, stateMachineArn, functions } = synthesise();

describe('The README', () => {
  it('comes to the first run within two screens', () => {
    const [before = ''] = readme.split('npm ci && npm start');
    const drawn = before.replace(/```mermaid[\s\S]*?```/, '');
    expect(drawn.split('\n').length).toBeLessThan(40);
  });

  it('has the order in which one needs it', () => {
    const headings = [...readme.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      ...['Try it: no AWS account, no Docker', 'Deploy', 'Plan', 'Start', 'Watch', 'Take it back'],
      ...['When it fails', 'Settings', 'Steps and rights', 'What it costs', 'Which Chime API'],
      ...['What it never does', 'Remove it', 'More'],
    ]);
  });

  it('counts what the stack holds', () => {
    const steps = new Set([...functions.values()].map(({ step }) => step));
    const machines = resourcesOf(template, 'AWS::StepFunctions::StateMachine').length;
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').length;
    expect([machines, steps.size, alarms]).toEqual([2, 16, 7]);
    expect(readme.replace(/\s+/g, ' ')).toContain(
      'two state machines with their 14 steps, the ledger, rules that start them by events and notice interrupted runs, ' +
        'a dead-letter queue, seven alarms, and a dashboard with two functions of its own: 16 functions in all',
    );
  });

  it('shows the plan that a dry run answers', async () => {
    const world = await worldWith(3);
    plannedTrunk(world);

    const { output } = await tearDown(world, { dryRun: true });

    const [, section = ''] = readme.split('What it answers, for a connector with three numbers');
    expect(JSON.parse(blocksOf(section, 'json')[0] ?? '')).toEqual(output);
  });
});

describe('A table of the README has', () => {
  it('every field of the input', () => {
    const { blockers = [] } = readTeardownRequest({}, false) as { blockers?: { wayOut: string }[] };
    const [, fields = ''] =
      /^The fields are (.*); only voiceConnectorId is required/.exec(blockers[0]?.wayOut ?? '') ?? [];
    expect(codesUnder('## Start').sort()).toEqual(fields.split(', ').sort());
  });

  it('every refusal, in the order of the code', () => {
    expect(codesUnder('### Refusals')).toEqual(blockerCodes);
  });

  it('every event, those that ask first', () => {
    expect(codesUnder('## Watch')).toEqual([...Object.values(requestTypes), ...noticeTypes]);
  });

  it('no error that the code does not know', () => {
    const told = codesUnder('### Failures');
    expect(told.length).toBeGreaterThan(15);
    expect(told.filter((name) => !errorsThatEndRuns().includes(name))).toEqual([]);
  });
});

describe('A command of the README', () => {
  const commands = blocksOf(readme, 'sh').flatMap(commandsOf);

  it('gives a workflow an input that it takes', () => {
    const inputs = inputsOf(commands);
    expect(inputs).toHaveLength(3);
    for (const { input, read } of inputs) expect(read).toEqual({ request: input });
  });

  it('puts an event that starts a teardown', () => {
    const [words = []] = commands.filter((each) => each.includes('put-events'));
    const [entry] = JSON.parse(given(words, '--entries'));
    const detail = JSON.parse(entry.Detail);
    const event = { source: noticeSource, 'detail-type': entry.DetailType, detail };
    expect(entry.Source).toBe(noticeSource);
    expect(deliveriesOf(event, rules)).toEqual([{ arn: stateMachineArn, input: detail }]);
    expect(readTeardownRequest(detail, false)).toEqual({ request: detail });
  });

  it('asks for an output that the stack has', () => {
    const { Outputs } = template as unknown as { Outputs: Record<string, unknown> };
    const asked = [...readme.matchAll(/\$\(output (\w+)\)/g)].map(([, output]) => output);
    expect(asked).toEqual(['StateMachineArn', 'RestoreStateMachineArn']);
    for (const output of asked) expect(Outputs).toHaveProperty(String(output));
  });

  it('runs a script that package.json has', () => {
    const { scripts } = JSON.parse(
      readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8'),
    );
    const run = commands.flatMap(([npm, script = '']) => (npm === 'npm' && script !== 'ci' ? [script] : []));
    expect(run.length).toBeGreaterThan(5);
    for (const script of run) expect(scripts).toHaveProperty(script);
  });
});

test('The construct of the README can be used in a stack as it is shown', () => {
  const [code = ''] = blocksOf(readme, 'ts');
  const folder = fileURLToPath(new URL('../test-output/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const app = mkdtempSync(`${folder}construct-`);
  writeFileSync(`${app}/app.ts`, code.replaceAll("'./lib/", "'../../lib/"));

  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `${app}/app.ts`], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', CDK_CONTEXT_JSON: '{"aws:cdk:bundling-stacks": []}' },
  });

  rmSync(app, { recursive: true });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

/** What is written as code in the first column of the table under a heading, up to the next one. */
function codesUnder(heading: string): string[] {
  const [, section = ''] = readme.split(`${heading}\n`);
  const rows = (section.split(/^##/m)[0] ?? '').match(/^\| `.*$/gm) ?? [];
  return rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  );
}
