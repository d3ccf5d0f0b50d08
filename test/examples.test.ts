import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '../local/engine.ts';
import type { EventEntry } from '../local/event-bus.ts';
import {
  expectAllGone,
  type Played,
  serviceState,
  startAnd,
  statesOf,
  stopIn,
  tearDown,
  worldWith,
} from './flow/setting.ts';
import { fingerprintOf, situations } from './flow/situations.ts';
import { npmStart } from './local/npm-start.ts';

const folder = fileURLToPath(new URL('../examples/', import.meta.url));
const page = readFileSync(`${folder}README.md`, 'utf8');

describe('The example', () => {
  it('dry-run.json answers the plan, and changes and writes nothing', async () => {
    const world = await worldWith(120);
    const before = serviceState(world);

    const { output } = await start(world, 'dry-run.json');

    expect(output).toMatchObject({ outcome: 'planned', phoneNumbers: 120, plan: { blockers: [] } });
    expect(serviceState(world)).toEqual(before);
    expect(await world.ledger.items()).toEqual([]);
  });

  it('teardown.json retires the connector with its 120 numbers', async () => {
    const world = await worldWith(120);

    const { output } = await start(world, 'teardown.json');

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 120 });
    await expectAllGone(world);
  });

  it('teardown.json is refused where there are not 120 of them', async () => {
    const world = await worldWith(119);
    const before = serviceState(world);
    expect(await start(world, 'teardown.json')).toMatchObject({ status: 'FAILED', error: 'CountMismatch' });
    expect(serviceState(world)).toEqual(before);
  });

  it('approved-plan.json retires exactly what was planned', async () => {
    const world = await worldWith(3);
    const plan = await fingerprintOf(world);

    expect((await start(world, 'approved-plan.json', plan)).output).toMatchObject({ outcome: 'deleted' });

    await expectAllGone(world);
  });

  it('approved-plan.json is refused where a number went since', async () => {
    const world = await worldWith(3);
    const plan = await fingerprintOf(world);
    world.chime.state.disassociate(String(world.e164s[0]));

    expect(await start(world, 'approved-plan.json', plan)).toMatchObject({ error: 'PlanChanged' });
  });

  it('resume.json carries a stopped run on to its end', async () => {
    const world = await worldWith(120);
    const stopped = await stopIn(world, 'Wait until the last day');

    const { output } = await start(world, 'resume.json');

    expect(stopped.status).toBe('ABORTED');
    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 120 });
    await expectAllGone(world);
  });

  it('detach-from-groups.json takes the connector out of its groups', async () => {
    const world = await worldWith(120);
    await refusedFor('InGroup', world);

    const run = await start(world, 'detach-from-groups.json');

    expect(run.output).toMatchObject({ outcome: 'deleted' });
    expect(statesOf(run)).toContain('Detach from groups');
    const members = world.chime.state.groups.items().flatMap(({ items }) => items);
    expect(members).toHaveLength(1);
    expect(members).not.toContainEqual(expect.objectContaining({ voiceConnectorId: world.voiceConnectorId }));
  });

  it('override-in-use.json goes on although there were calls', async () => {
    const world = await worldWith(120);
    await refusedFor('InUse', world);

    const { output } = await start(world, 'override-in-use.json');

    const warned = {
      plan: { warnings: expect.arrayContaining([expect.objectContaining({ code: 'CallsOverridden' })]) },
    };
    expect(output).toMatchObject({ outcome: 'deleted', ...warned });
    await expectAllGone(world);
  });

  it('no-phone-numbers.json deletes a connector without numbers at once', async () => {
    const world = await worldWith(0);

    const { output } = await start(world, 'no-phone-numbers.json');

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 0 });
    expect(world.clock.elapsedSeconds).toBeLessThan(60);
  });

  it('restore.json brings every number back', async () => {
    const world = await worldWith(120);
    const before = serviceState(world);

    const restored = await inWindow(world, () => world.restore(inputIn(world, 'restore.json')).result);

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 120 });
    expect(serviceState(world)).toEqual(before);
  });

  it('event-teardown-requested.json starts a teardown', async () => {
    const world = await worldWith(120);

    const { output } = await triggeredBy(world, 'event-teardown-requested.json');

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 120 });
    await expectAllGone(world);
  });

  it('event-restore-requested.json starts a restore', async () => {
    const world = await worldWith(120);
    const before = serviceState(world);

    const restored = await inWindow(world, () => triggeredBy(world, 'event-restore-requested.json'));

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 120 });
    expect(serviceState(world)).toEqual(before);
  });

  it('schedule.json starts an approved teardown at a date, and removes itself', async () => {
    const world = await worldWith(3);
    const { Target, ...schedule } = JSON.parse(adapted(world, 'schedule.json', await fingerprintOf(world)));

    const { output } = await world.start(JSON.parse(Target.Input)).result;

    expect(output).toMatchObject({ outcome: 'deleted' });
    expect(Target.Arn).toContain(':stateMachine:Teardown63805531-');
    expect(schedule).toMatchObject({
      ScheduleExpression: expect.stringMatching(/^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/),
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
    });
  });

  it('can be played by npm start, as its page says', async () => {
    const [, file = ''] = /npm start -- --input .* examples\/([\w-]+\.json)\)"/.exec(page) ?? [];
    const input = textOf(file).replace('abcdef1ghij2klmno3pqr4', '{{connector}}');

    const { status, stdout } = await npmStart('--json', '--input', input);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'deleted', phoneNumbers: 120 });
  });
});

describe('The page of examples', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

  it.each(files)('says what comes of %s, which is run here', (file) => {
    expect(page).toMatch(new RegExp(`^\\| \\[${file}\\]\\(${file}\\) \\| [A-Z].*\\. \\|$`, 'm'));
    expect(readFileSync(fileURLToPath(import.meta.url), 'utf8')).toContain(`it('${file} `);
  });

  it('names no other', () => {
    const named = [...page.matchAll(/\]\(([\w-]+\.json)\)/g)].map(([, file]) => file);
    expect(named.sort()).toEqual(files.sort());
  });
});

function textOf(file: string): string {
  return readFileSync(folder + file, 'utf8');
}

/** An example about the world's own connector, and about the plan that was approved. */
function adapted({ voiceConnectorId }: Played, file: string, plan?: string): string {
  const text = textOf(file).replaceAll('abcdef1ghij2klmno3pqr4', voiceConnectorId);
  expect(text).toContain(voiceConnectorId);
  return plan === undefined ? text : text.replace(/sha256:[0-9a-f]{64}/, plan);
}

function inputIn(world: Played, file: string, plan?: string): Record<string, unknown> {
  return JSON.parse(adapted(world, file, plan));
}

/** Brings the world into the situation in which a run is refused for this. */
async function refusedFor(code: 'InGroup' | 'InUse', world: Played): Promise<void> {
  await situations.find((situation) => situation.code === code)?.build?.(world);
  expect(await tearDown(world)).toMatchObject({ error: code });
}

/** Tears down, and does something half-way through the window; answers what that came to. */
async function inWindow(world: Played, act: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
  const { promise, resolve } = Promise.withResolvers<ExecutionResult>();
  const run = startAnd(world, 'Wait until the last day', {}, () => {
    world.clock.outside(() => world.clock.setTimeout(() => resolve(act()), 3.5 * 86_400_000));
  });
  expect(await run.result).toMatchObject({ status: 'ABORTED', error: 'TakenOver' });
  return promise;
}

function start(world: Played, file: string, plan?: string): Promise<ExecutionResult> {
  return world.start(inputIn(world, file, plan)).result;
}

/** How the execution ends that an example's event starts. */
function triggeredBy(world: Played, file: string): Promise<ExecutionResult> {
  const entries: EventEntry[] = JSON.parse(adapted(world, file));
  expect(world.bus.put(entries)).toMatchObject({ FailedEntryCount: 0 });
  const execution = world.triggered.at(-1);
  if (execution === undefined) throw new Error('The event has started nothing.');
  return execution.result;
}
