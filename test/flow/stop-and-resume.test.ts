import { describe, expect, it } from '@jest/globals';
import { synthesise } from '../../local/synthesis.ts';
import {
  expectAllGone,
  ledgerCounts,
  type Played,
  startAnd,
  tearDown,
  teardownOf,
  worldWith,
} from './setting.ts';

describe('A run that is stopped', () => {
  it.each(statesOnTheWayDown())('in "%s" can be resumed, to the end', async (state) => {
    const world = await worldWith(60);

    const stopped = await stopIn(world, state);
    expect(stopped.status).toBe('ABORTED');
    const resumed = await tearDown(world, { resume: true, expectedPhoneNumbers: 60 });

    // Stopped while the last function runs, the first run has done it all.
    const outcome = /deleted|completion/.test(state) ? 'alreadyDeleted' : 'deleted';
    expect(resumed.output).toMatchObject({ outcome, phoneNumbers: 60 });
    await expectAllGone(world);
  });

  it('in the window, and left alone, says in the ledger that it was interrupted; the numbers still go', async () => {
    const world = await worldWith(3);

    const { arn } = await stopIn(world, 'Wait until the last day');
    await world.clock.sleep(10 * 86_400_000);

    expect(await teardownOf(world)).toMatchObject({
      phase: 'interrupted',
      execution: arn,
      error: 'ABORTED',
      cause: 'The execution ended as ABORTED. Numbers in the deletion queue still go.',
    });
    expect(await teardownOf(world)).not.toHaveProperty('holder');
    expect(world.chime.remaining()).toEqual({ connectors: 1, numbers: 0, queued: 0 });
  });

  it('in the window waits, when it is resumed, for what is left of the window and no longer', async () => {
    const world = await worldWith(3);
    await stopIn(world, 'Wait until the last day');
    await world.clock.sleep(3 * 86_400_000);

    await tearDown(world, { resume: true });

    expect(world.clock.elapsedSeconds).toBe(7 * 86_400);
  });

  it('is told, without resume, what is outstanding and how to go on or back', async () => {
    const world = await worldWith(3);
    const { arn } = await stopIn(world, 'Wait until the last day');

    const { error, cause } = await tearDown(world);

    expect(error).toBe('Unfinished');
    expect(cause).toContain(arn);
    expect(cause).toContain('3 numbers in the deletion queue, 0 unassigned and billed, 0 attached, 0 gone');
    expect(cause).toContain(`--input '{"voiceConnectorId":"${world.voiceConnectorId}","resume":true}'`);
    const { stateMachineArn } = world.synthesis.restore;
    expect(cause).toContain(
      `aws stepfunctions start-execution --state-machine-arn ${stateMachineArn} --input '{"voiceConnectorId":"${world.voiceConnectorId}"}'`,
    );
    expect(await ledgerCounts(world)).toEqual({ queued: 3 });
    expect((await teardownOf(world))?.phase).toBe('interrupted');
  });

  it('can be asked how it stands, by a dry run, at any time', async () => {
    const world = await worldWith(3);
    const { arn } = await stopIn(world, 'Wait until the last day');

    const { output } = await tearDown(world, { dryRun: true, resume: true });

    expect(output).toMatchObject({
      outcome: 'planned',
      phoneNumbers: 3,
      plan: { blockers: [] },
      teardown: {
        phase: 'interrupted',
        execution: arn,
        isRunning: false,
        queued: 3,
        attached: 0,
        unassigned: 0,
        gone: 0,
        windowEndsAt: '2026-01-12T09:00:00.000Z',
      },
    });
  });

  it('is resumed also where EventBridge never told of its end', async () => {
    const world = await worldWith(3, { deliversEvents: false });
    const { arn } = await stopIn(world, 'Wait until the last day');
    expect(await teardownOf(world)).toMatchObject({ phase: 'window', holder: arn });

    const { output } = await tearDown(world, { resume: true });

    expect(output).toMatchObject({ outcome: 'deleted' });
  });
});

describe('A run that failed on three numbers', () => {
  it('is resumed to the end once the cause is gone', async () => {
    const world = await worldWith(120);
    refuse(world, world.e164s.slice(0, 3));
    expect((await tearDown(world, { expectedPhoneNumbers: 120 })).error).toBe('NumbersNotReleased');
    world.chime.faults.set({});

    const { output } = await tearDown(world, { expectedPhoneNumbers: 120, resume: true });

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 120 });
    await expectAllGone(world);
  });

  it('fails again, with the same sentence, where the cause is still there', async () => {
    const world = await worldWith(120);
    refuse(world, world.e164s.slice(0, 3));
    const first = await tearDown(world);

    const second = await tearDown(world, { resume: true });

    expect(second.error).toBe('NumbersNotReleased');
    expect(second.cause).toBe(first.cause);
  });
});

describe('A finished teardown', () => {
  it('is answered as alreadyDeleted when it is started again, and nothing is called but a read', async () => {
    const world = await worldWith(3);
    await tearDown(world);
    const before = world.chime.requests.length;

    const { status, output } = await tearDown(world);

    expect(status).toBe('SUCCEEDED');
    expect(output).toMatchObject({ outcome: 'alreadyDeleted', name: 'Trunk', phoneNumbers: 3 });
    expect(world.chime.requests.slice(before).map(({ operation }) => operation)).toEqual([
      'GetVoiceConnector',
    ]);
  });
});

/** Every state that a teardown without trouble goes through, from the synthesised definition. */
function statesOnTheWayDown(): string[] {
  const { definition } = synthesise();
  const names = Object.entries(definition.States).flatMap(([name, state]) => {
    const inside = (state.ItemProcessor as { States?: object } | undefined)?.States ?? {};
    return [name, ...Object.keys(inside)];
  });
  const elsewhere =
    /refused|refusal|failed|failure|Plan ready|Already deleted|Stop before|Wait before next check|Connector deleted|groups/;
  return names.filter((name) => !elsewhere.test(name));
}

/** Runs until the state is entered, and stops the execution there. */
async function stopIn(world: Played, state: string) {
  const execution = startAnd(world, state, {}, () => execution.abort());
  return { arn: execution.arn, ...(await execution.result) };
}

function refuse(world: Played, e164s: readonly string[]): void {
  const permanent = e164s.map((e164) => ({
    operation: 'BatchDeletePhoneNumber' as const,
    e164,
    code: 'Forbidden' as const,
    message: 'Held for an order',
  }));
  world.chime.faults.set({ permanent });
}
