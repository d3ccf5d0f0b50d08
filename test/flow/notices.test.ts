import { describe, expect, it } from '@jest/globals';
import type { NoticeDetail } from '../../lambda/words/notices.ts';
import { digitsOfANumber } from '../lambda/setting.ts';
import {
  changingCalls,
  expectAllGone,
  type Played,
  refuseToQueue,
  restoreInWindow,
  startAnd,
  tearDown,
  tearDownAnd,
  worldWith,
} from './setting.ts';

const day = 86_400_000;

describe('What is announced', () => {
  it('of a teardown that goes well: the window, its last day a day before the end, the completion', async () => {
    const world = await worldWith(60);
    await tearDown(world, { requestedBy: 'Ada', reason: 'Moved' });
    expect(announced(world)).toEqual(['Teardown Window Opened', 'Teardown Last Day', 'Teardown Completed']);
    const [opened, lastDay, completed] = world.bus.events;
    const end = Date.parse(String(opened?.detail.windowEndsAt));
    expect([opened?.at, lastDay?.at, completed?.at]).toEqual([end - 7 * day, end - day, end]);
    for (const { detail } of world.bus.events)
      expect(detail).toMatchObject({ name: 'Trunk', phoneNumbers: 60, requestedBy: 'Ada', reason: 'Moved' });
  });

  it('of one that is refused: why, and no more', async () => {
    const world = await worldWith(3);
    await tearDown(world, { expectedPhoneNumbers: 4, requestedBy: 'Ada' });
    expect(announced(world)).toEqual(['Teardown Refused']);
    expect(detailOf(world)).toMatchObject({
      ...{ error: 'CountMismatch', name: 'Trunk', requestedBy: 'Ada', commands: {} },
      message: expect.stringContaining('has 3 phone numbers, and expectedPhoneNumbers says 4.'),
    });
  });

  it('of one whose input is none: that too', async () => {
    const world = await worldWith(1);
    await world.start('not an object').result;
    expect(announced(world)).toEqual(['Teardown Refused']);
    expect(detailOf(world)).toMatchObject({ error: 'InvalidInput' });
  });

  it('of one that fails before the window: where its numbers are', async () => {
    const world = await worldWith(3);
    refuseToQueue(world, String(world.e164s[1]));
    await tearDown(world);
    expect(announced(world)).toEqual(['Teardown Failed']);
    expect(detailOf(world)).toMatchObject({
      ...{ error: 'NumbersNotReleased', phase: 'failed' },
      counts: { queued: 2, unassigned: 1, attached: 0, gone: 0, reclaimed: 0 },
      commands: { resume: expect.any(String), restore: expect.any(String) },
    });
  });

  it('of one that is stopped in its window: at once, that the numbers still go, and when', async () => {
    const world = await worldWith(3);
    const run = startAnd(world, 'Wait until the last day', {}, () => run.abort());
    await run.result;
    expect(announced(world)).toEqual(['Teardown Window Opened', 'Teardown Interrupted']);
    expect(detailOf(world)).toMatchObject({
      ...{ execution: run.arn, phase: 'interrupted', windowEndsAt: expect.stringMatching(/Z$/) },
      counts: { queued: 3 },
      message: expect.stringContaining('3 in the deletion queue, which still go'),
    });
  });

  it('of one that is restored: nothing of its end, and the restore', async () => {
    const world = await worldWith(3);
    await restoreInWindow(world);
    expect(announced(world)).toEqual(['Teardown Window Opened', 'Connector Restored']);
    expect(detailOf(world)).toMatchObject({ workflow: 'restore', counts: { attached: 3 }, commands: {} });
  });

  it('of a restore that is refused or fails: that, as one of a restore', async () => {
    const world = await worldWith(3);
    await tearDown(world);
    await world.restore({ voiceConnectorId: world.voiceConnectorId }).result;
    expect(announced(world).at(-1)).toBe('Teardown Refused');
    expect(detailOf(world)).toMatchObject({ workflow: 'restore', error: 'NothingToRestore' });
  });

  it('of the last day once, also where the run is stopped on it and resumed', async () => {
    const world = await worldWith(3);
    const run = startAnd(world, 'Wait until the window ends', {}, () => run.abort());
    await run.result;
    await tearDown(world, { resume: true });
    await expectAllGone(world);
    expect(announced(world)).toEqual([
      ...['Teardown Window Opened', 'Teardown Last Day', 'Teardown Interrupted'],
      ...['Teardown Window Opened', 'Teardown Completed'],
    ]);
  });

  it('of a dry run: nothing', async () => {
    const world = await worldWith(3);
    await tearDown(world, { dryRun: true });
    expect(world.bus.events).toEqual([]);
  });

  it('has no phone number in it', async () => {
    const world = await worldWith(3);
    await tearDownAnd(world, 'Wait until the last day', () =>
      world.chime.state.restore(String(world.e164s[0])),
    );
    expect(announced(world)).toEqual(['Teardown Window Opened', 'Teardown Last Day', 'Teardown Failed']);
    const told = JSON.stringify(world.bus.events.map(({ detail }) => detail));
    expect(told.replace(/arn:[^" ]*/g, '').replaceAll(world.voiceConnectorId, '')).not.toMatch(
      digitsOfANumber,
    );
    expect(told).toContain('…0100');
  });
});

describe('A name that is meant to do harm', () => {
  it('does none in notices and logs', async () => {
    const world = await worldWith(1);
    const name = `<script>"'\\\n\u2028{{x}} $(id) 📞 +12065550199 ${'x'.repeat(200)}`;
    const { voiceConnectorId } = world.chime.seedConnector({ numbers: 2, name });
    const { output } = await world.start({ voiceConnectorId }).result;
    expect(output).toMatchObject({ outcome: 'deleted', name });
    expect(announced(world)).toHaveLength(3);
    for (const { detail } of world.bus.events) {
      expect(detail.message).toMatch(/^[^"\\\p{Cc}\p{Zl}\p{Zp}]*$/u);
      expect(JSON.stringify(detail)).not.toContain('12065550199');
      expect(JSON.stringify(detail.commands)).not.toContain('script');
    }
    const lines = world.lines.map((line) => JSON.parse(line) as object);
    for (const line of lines.filter((each) => !('_aws' in each)))
      expect(line).toMatchObject({ level: expect.any(String) });
  });
});

describe('An event bus that takes nothing', () => {
  it('keeps no teardown from its end, nor makes it wait', async () => {
    const world = await worldWith(60, { busFailing: 1 });
    const { output } = await tearDown(world);
    expect(output).toMatchObject({ outcome: 'deleted' });
    await expectAllGone(world);
    expect(world.bus.events).toEqual([]);
    expect(world.bus.failed).toBe(3 * 4);
    expect(world.clock.elapsedSeconds).toBeLessThan(7 * 86_400 + 120);
  });

  it('does not turn a refusal or a restore into something else', async () => {
    const world = await worldWith(3, { busFailing: 1 });
    expect(await tearDown(world, { expectedPhoneNumbers: 4 })).toMatchObject({ error: 'CountMismatch' });
    const { restored } = await restoreInWindow(world);
    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 3 });
  });
});

describe('An event that asks for it', () => {
  it('starts a teardown with its detail as the input', async () => {
    const world = await worldWith(3);
    const { voiceConnectorId } = world;
    ask(world, 'Voice Connector Teardown Requested', { voiceConnectorId, expectedPhoneNumbers: 3 });
    const [run, ...others] = world.triggered;
    expect((await run?.result)?.output).toMatchObject({ outcome: 'deleted', phoneNumbers: 3 });
    expect(others).toEqual([]);
  });

  it('starts a restore', async () => {
    const world = await worldWith(3);
    const run = startAnd(world, 'Wait until the last day', {}, () => run.abort());
    await run.result;
    ask(world, 'Voice Connector Restore Requested', { voiceConnectorId: world.voiceConnectorId });
    expect((await world.triggered[0]?.result)?.output).toMatchObject({ outcome: 'restored', restored: 3 });
  });

  it('with a detail that nobody can mean shows up as a refused run, and changes nothing', async () => {
    const world = await worldWith(3);
    ask(world, 'Voice Connector Teardown Requested', { connector: world.voiceConnectorId });
    const result = await world.triggered[0]?.result;
    expect(result).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
    expect(changingCalls(world)).toEqual([]);
    expect(announced(world).at(-1)).toBe('Teardown Refused');
  });

  it.each([
    ['of another kind', 'voice-connector-teardown', 'Teardown Completed'],
    ['from somebody else', 'somebody', 'Voice Connector Teardown Requested'],
  ])('%s starts nothing', async (_what, source, detailType) => {
    const world = await worldWith(3);
    const { voiceConnectorId } = world;
    world.bus.put([{ Source: source, DetailType: detailType, Detail: { voiceConnectorId } }]);
    await world.clock.sleep(day);
    expect(world.triggered).toEqual([]);
  });
});

function ask(world: Played, detailType: string, detail: object): void {
  world.bus.put([
    { Source: 'voice-connector-teardown', DetailType: detailType, Detail: JSON.stringify(detail) },
  ]);
}

function announced({ bus }: Played): string[] {
  return bus.events.map(({ 'detail-type': type }) => type);
}

/** What was announced last. */
function detailOf({ bus }: Played): NoticeDetail {
  return bus.events.at(-1)?.detail as unknown as NoticeDetail;
}
