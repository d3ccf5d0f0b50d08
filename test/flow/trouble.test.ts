import { describe, expect, it } from '@jest/globals';
import {
  changingCalls,
  ledgerCounts,
  statesOf,
  tearDown,
  tearDownAnd,
  teardownOf,
  worldWith,
} from './setting.ts';

const release = 'DisassociatePhoneNumbersFromVoiceConnector';

describe('Throttling and passing trouble', () => {
  it.each([1, 2, 3, 4, 5])('do not keep a teardown from its end (seed %i)', async (seed) => {
    const world = await worldWith(300, { seed, faults });

    const { output } = await tearDown(world);

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 300 });
    expect(world.chime.throttled).toBeGreaterThan(0);
    expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 0, queued: 0 });
  });

  it('are the same twice for the same seed', async () => {
    const counts: unknown[] = [];
    for (const _run of [1, 2]) {
      const world = await worldWith(1_500, { seed: 'twice', faults });
      const { transitions } = await tearDown(world, { expectedPhoneNumbers: 1_500 });
      counts.push({ calls: world.chime.calls(), throttled: world.chime.throttled, transitions });
    }
    expect(counts[0]).toEqual(counts[1]);
  });

  it('that last for an hour are waited out', async () => {
    const world = await worldWith(120, { faults: { throttle: 1, only: [release] } });
    const hour = world.clock.setTimeout(() => world.chime.faults.set({}), 3_600_000);

    const { output } = await tearDown(world);

    world.clock.clearTimeout(hour);
    expect(output).toMatchObject({ outcome: 'deleted' });
    expect(world.chime.calls()[release]).toBeGreaterThan(10);
  });
});

describe('A permanent failure of 3 numbers out of 120', () => {
  it('queues the other 117 and ends red before the wait, naming how many and why', async () => {
    const world = await worldWith(120, { faults: { permanent: [] } });
    refuseThree(world);

    const result = await tearDown(world);

    expect(result).toMatchObject({ status: 'FAILED', error: 'NumbersNotReleased' });
    expect(result.cause).toMatch(
      /^Could not release 3 phone numbers: 3 × Unprocessable \(The number … is held\)/,
    );
    expect(statesOf(result)).not.toContain('Wait until the last day');
    expect(world.chime.remaining()).toEqual({ connectors: 1, numbers: 120, queued: 117 });
    expect(world.chime.calls().DeleteVoiceConnector).toBe(0);
    expect(await ledgerCounts(world)).toEqual({ queued: 117, unassigned: 3 });
    expect(await teardownOf(world)).toMatchObject({
      phase: 'failed',
      error: 'NumbersNotReleased',
      cause: result.cause,
    });
  });

  it('leaves no phone number and no number id in history or logs', async () => {
    const world = await worldWith(120, { seed: 3, faults });
    refuseThree(world);

    const { history } = await tearDown(world);

    const told = JSON.stringify(history) + world.lines.join('\n');
    expect(world.lines.length).toBeGreaterThan(5);
    expect(told).toContain('Unprocessable');
    for (const e164 of world.e164s) expect(told).not.toContain(e164.slice(-7));
  });
});

describe('A right that is missing', () => {
  it('ends the run at once, with AWS’s error and its sentence', async () => {
    const world = await worldWith(3);
    const denied = {
      status: 403,
      code: 'AccessDenied',
      message: 'User x is not authorized to perform chime:Y',
    };
    world.chime.faults.set({ script: [{ operation: release, nth: 1, fault: denied }] });

    const result = await tearDown(world);

    expect(result).toMatchObject({ status: 'FAILED', error: 'AccessDeniedException' });
    expect(result.cause).toContain('User x is not authorized to perform chime:Y');
    expect(world.chime.calls()[release]).toBe(1);
    expect(await teardownOf(world)).toMatchObject({ phase: 'failed' });
  });
});

describe('When the window is over', () => {
  it.each([30, 60])('a sweep that is %i hours late is waited for', async (purgeLateHours) => {
    const world = await worldWith(3, { switches: { purgeLateHours } });

    const result = await tearDown(world);

    expect(result.output).toMatchObject({ outcome: 'deleted' });
    expect(statesOf(result).filter((name) => name === 'Wait before next check')).toHaveLength(purgeLateHours);
  });

  it('numbers that linger for more than three days end the run, with the count', async () => {
    const world = await worldWith(3, { switches: { purgeLateHours: 80 } });

    const result = await tearDown(world);

    expect(result).toMatchObject({ status: 'FAILED', error: 'NumbersStillQueued' });
    expect(result.cause).toMatch(/still in the deletion queue: 3 of 3 numbers/);
    expect(world.chime.remaining().connectors).toBe(1);
  });

  it('a number that somebody has restored stops the run, and nothing more is touched', async () => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;

    const result = await tearDownAnd(world, 'Wait until the last day', () =>
      world.chime.state.restore(first),
    );

    expect(result).toMatchObject({ status: 'FAILED', error: 'NumbersReclaimed' });
    expect(result.cause).toMatch(new RegExp(`^Somebody took back 1 of 3 numbers \\(…${first.slice(-4)}\\)`));
    expect(world.chime.calls().DeleteVoiceConnector).toBe(0);
    expect(changingCalls(world)).toHaveLength(2);
  });

  it('a number that the service failed to release stops the run', async () => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;

    const result = await tearDownAnd(world, 'Wait until the last day', () =>
      world.chime.state.setStatus(first, 'ReleaseFailed'),
    );

    expect(result).toMatchObject({ status: 'FAILED', error: 'NumbersStuck' });
    expect(world.chime.remaining().connectors).toBe(1);
  });

  it('a number that somebody has put on the connector since is not touched, and the connector stays', async () => {
    const world = await worldWith(3);
    const newcomer = '+12065559999';

    const result = await tearDownAnd(world, 'Wait until the last day', () =>
      world.chime.state.addNumber({ e164: newcomer, connectorId: world.voiceConnectorId }),
    );

    expect(result).toMatchObject({ status: 'FAILED', error: 'StillAttached' });
    expect(result.cause).toContain('1 number still attached');
    expect(result.cause).toContain('…9999');
    expect(world.chime.state.number(newcomer)).toMatchObject({ status: 'Assigned' });
    expect(world.chime.calls().DeleteVoiceConnector).toBe(0);
  });
});

const faults = { throttle: 0.3, serviceFailure: 0.05, unavailable: 0.05, numberErrors: 0.1 };

function refuseThree(world: Awaited<ReturnType<typeof worldWith>>): void {
  const permanent = world.e164s.slice(0, 3).map((e164) => ({
    operation: 'BatchDeletePhoneNumber' as const,
    e164,
    code: 'Unprocessable' as const,
    message: `The number ${e164} is held`,
  }));
  world.chime.faults.set({ ...world.chime.faults.plan, permanent });
}
