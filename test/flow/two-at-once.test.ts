import { describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '../../local/engine.ts';
import {
  changingCalls,
  expectAllGone,
  type Played,
  startAnd,
  statesOf,
  tearDown,
  worldWith,
} from './setting.ts';

const meetingPoints = [
  'Inspect voice connector',
  'Release phone numbers',
  'Disassociate phone numbers',
  'Queue phone numbers',
  'Open deletion window',
  'Wait until the last day',
  'Check deletion queue',
  'Delete voice connector',
  'Close teardown (deleted)',
];

describe('Two executions for one connector', () => {
  it('started at the same moment: one works, the other is refused', async () => {
    const world = await worldWith(120);

    const results = await Promise.all([tearDown(world), tearDown(world)]);

    expectOneOfTwo(results);
    expectEachNumberOnce(world);
    await expectAllGone(world);
  });

  it.each(meetingPoints)(
    'one of them started while the other is in "%s": the second is refused',
    async (state) => {
      const world = await worldWith(120);
      let second: Promise<ExecutionResult> | undefined;
      const first = startAnd(world, state, {}, () => {
        second = tearDown(world, { resume: true });
      });

      const results = [await first.result, await second];

      expect(results[0]?.output).toMatchObject({ outcome: 'deleted' });
      // The second may also come just too late: then there is nothing left to do.
      const isLate = results[1]?.status === 'SUCCEEDED';
      if (isLate) expect(results[1]?.output).toMatchObject({ outcome: 'alreadyDeleted' });
      else expect(results[1]).toMatchObject({ status: 'FAILED', error: 'AlreadyRunning' });
      expectEachNumberOnce(world);
      await expectAllGone(world);
    },
  );

  it('refuses the second with the name of the first', async () => {
    const world = await worldWith(3);
    let second: Promise<ExecutionResult> | undefined;
    const first = startAnd(world, 'Wait until the last day', {}, () => {
      second = tearDown(world);
    });
    await first.result;

    expect((await second)?.cause).toContain(first.arn);
  });

  it('answers a dry run meanwhile with how the first stands', async () => {
    const world = await worldWith(3);
    let second: Promise<ExecutionResult> | undefined;
    const first = startAnd(world, 'Wait until the last day', {}, () => {
      second = tearDown(world, { dryRun: true });
    });
    await first.result;

    expect((await second)?.output).toMatchObject({
      outcome: 'planned',
      plan: { blockers: [{ code: 'AlreadyRunning' }] },
      teardown: { phase: 'window', isRunning: true, execution: first.arn, queued: 3 },
    });
  });
});

describe('A function that goes on after its execution was stopped', () => {
  it('is waited for: the execution that takes over changes nothing before the old one’s time is up', async () => {
    const world = await worldWith(120, { realHangMs: 1_000, requestTimeoutMs: 60_000 });
    const { promise: later, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: saved, resolve: hasSaved } = Promise.withResolvers<void>();
    world.chime.hooks.beforeEffect = ({ changing }) => {
      if (!changing) return undefined;
      world.chime.hooks.beforeEffect = undefined;
      world.ledger.hooks.afterEffect = (operation) => (operation === 'PutItem' ? hasSaved() : undefined);
      execution.abort();
      // Four of its five minutes later the stalled call goes through, and the function carries on, to its end.
      const carryOn = () => {
        goOn();
        return saved;
      };
      world.clock.outside(() => world.clock.setTimeout(() => void world.clock.busy(carryOn), 4 * 60_000));
      return later;
    };
    const execution = world.start({ voiceConnectorId: world.voiceConnectorId });
    expect((await execution.result).status).toBe('ABORTED');

    const { output } = await tearDown(world, { resume: true });

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 120 });
    const minutes = changingCalls(world).map(({ at, operation }) => ({
      operation,
      minute: Math.floor((at - world.clock.startedAt.getTime()) / 60_000),
    }));
    const [disassociate, queue] = ['DisassociatePhoneNumbersFromVoiceConnector', 'BatchDeletePhoneNumber'];
    expect(minutes.slice(0, 3)).toEqual([
      { operation: disassociate, minute: 0 },
      { operation: disassociate, minute: 4 },
      { operation: disassociate, minute: 4 },
    ]);
    expect(minutes.slice(3, 6).map(({ operation }) => operation)).toEqual([queue, queue, queue]);
    expect(minutes[3]?.minute).toBeGreaterThanOrEqual(5);
    expect(minutes).toHaveLength(7);
    expectEachNumberOnce(world);
  });
});

function expectOneOfTwo(results: readonly ExecutionResult[]): void {
  const done = results.filter(({ status }) => status === 'SUCCEEDED');
  const refused = results.filter(({ error }) => error === 'AlreadyRunning');
  expect([done.length, refused.length]).toEqual([1, 1]);
  expect(statesOf(refused[0] as ExecutionResult).at(-1)).toBe('Teardown refused');
}

/** No number is disassociated or queued by a second successful call. */
function expectEachNumberOnce(world: Played): void {
  for (const operation of ['DisassociatePhoneNumbersFromVoiceConnector', 'BatchDeletePhoneNumber']) {
    const touched = changingCalls(world)
      .filter((request) => request.operation === operation && request.status === 200)
      .flatMap(({ target }) => target.filter((each) => each.startsWith('+')));
    expect(new Set(touched).size).toBe(touched.length);
    expect(touched).toHaveLength(world.e164s.length);
  }
}
