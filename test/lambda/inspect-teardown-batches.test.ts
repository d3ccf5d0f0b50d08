import { describe, expect, it } from '@jest/globals';
import { connect as connectClose } from '../../lambda/close-teardown.ts';
import { closeTeardown, connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import type { LedgerNumber, Phase } from '../../lambda/ledger/teardown.ts';
import { withoutIds } from './refusals.ts';
import { inspectTeardown, restore, restoreIt, rewrite, underWay, untouch } from './restore-setting.ts';
import { at, changes, digitsOfANumber, run } from './setting.ts';
import {
  type Begun,
  batchesOf,
  execution,
  over,
  restoreNamed,
  running,
  type Setting,
  stranger,
  teardownOf,
} from './teardown-setting.ts';

const failure = { code: 'Forbidden', message: 'No.' };
const nine = '2026-01-05T09:00:00.000Z';

describe('The batches that a restore goes over', () => {
  it('are those that the teardown has touched: it has begun, or got numbers further', async () => {
    const { setting, begun } = await underWay({ numbers: 6, state: 'attached', batchSize: 1 });
    const states = ['attached', 'attached', 'unassigned', 'queued', 'gone', 'reclaimed'] as const;
    for (const [index, state] of states.entries()) {
      await rewrite(setting, begun, (number) => ({ ...number, state }), {}, index);
      if (index !== 1) await untouch(setting, begun, index);
    }
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore', batches: [1, 2, 3, 4] });
  });

  it('are those as well whose numbers are back without a name that was not asked for yet', async () => {
    const { setting, begun } = await underWay({ numbers: 3, state: 'attached', batchSize: 1, begun: false });
    await rewrite(setting, begun, (number) => ({ ...number, name: 'Desk', lost: ['name'] }), {}, 1);
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore', batches: [1] });
  });

  it('are none where it was called back before anything was done: all is well then', async () => {
    const { setting, begun } = await underWay({ state: 'attached', begun: false });
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore', batches: [] });
  });

  it('are all of them, however many there are', async () => {
    const { setting, begun } = await underWay({ numbers: 30, batchSize: 2 });
    expect(await restoreIt(setting, begun)).toMatchObject({
      batches: Array.from({ length: 15 }, (_, i) => i),
    });
  });
});

describe('What a number was refused for', () => {
  it('is forgotten, whatever it was: it may go another way now', async () => {
    const { setting, begun } = await underWay({ numbers: 4 });
    const states = ['attached', 'unassigned', 'queued', 'queued'] as const;
    const names = { name: 'Desk', callingName: 'Acme', lost: ['name'] } as const;
    await rewrite(
      setting,
      begun,
      (number, i) => ({ ...number, ...names, state: at(states, i), ...(i < 3 ? { failure } : {}) }),
      { waitingSince: nine },
    );
    await restoreIt(setting, begun);
    const [batch] = await batchesOf(setting, begun);
    expect(batch).toEqual({
      index: 0,
      begunAt: nine,
      queuedAt: nine,
      numbers: begun.e164s.map((e164, i) => ({
        ...{ id: e164.replace('+', '%2B'), e164, state: at(states, i) },
        ...names,
      })),
    });
  });

  it('is forgotten also where that is all that is known of its batch: a restore that died left it so', async () => {
    const { setting, begun } = await underWay({ numbers: 2, state: 'attached' });
    await rewrite(setting, begun, (number, i): LedgerNumber => (i === 0 ? { ...number, failure } : number));
    await untouch(setting, begun);
    expect(await restoreIt(setting, begun)).toMatchObject({ batches: [0] });
    const [batch] = await batchesOf(setting, begun);
    expect(batch?.numbers.map((number) => number.failure)).toEqual([undefined, undefined]);
  });

  it('is left where nothing was: no batch is written that is as it should be', async () => {
    const { setting, begun } = await underWay({ numbers: 4, batchSize: 2 });
    const before = setting.wire.calls.length;
    await restoreIt(setting, begun);
    const written = setting.wire.calls.slice(before).filter(({ operation }) => operation === 'PutItem');
    expect(written).toEqual([]);
  });
});

describe('A dry run of a restore', () => {
  it.each([
    ['window', true],
    ['window', false],
    ['failed', false],
    ['restoring', false],
  ] as const)(
    'says how the teardown stands (%s, running: %p), and changes nothing',
    async (phase, isRunning) => {
      const { setting, begun } = await underWay({ numbers: 5, phase });
      const { voiceConnectorId } = begun;
      const states = ['attached', 'unassigned', 'queued', 'gone', 'reclaimed'] as const;
      await rewrite(setting, begun, (number, i) => ({ ...number, state: at(states, i), failure }));
      const windowEndsAt = '2026-01-12T09:00:00.000Z';
      await updateTeardown(connectLedger(setting.edge))(voiceConnectorId, stranger, { windowEndsAt });
      if (isRunning) running(setting, stranger);
      else await over(setting, stranger);
      const items = await setting.ledger.items();
      const planned = await inspectTeardown(setting, { voiceConnectorId, dryRun: true });
      expect(planned).toEqual({
        verdict: 'planned',
        answer: {
          ...{ outcome: 'planned', voiceConnectorId, name: 'Trunk', phoneNumbers: 5 },
          teardown: {
            ...{ phase, execution: stranger, isRunning, windowEndsAt },
            ...{ attached: 1, unassigned: 1, queued: 1, gone: 1, reclaimed: 1 },
            resumeCommand: command(execution.stateMachine, { voiceConnectorId, resume: true }),
            restoreCommand: command(restore.stateMachine, { voiceConnectorId }),
          },
        },
      });
      expect(withoutIds(JSON.stringify(planned))).not.toMatch(digitsOfANumber);
      expect(await setting.ledger.items()).toEqual(items);
      expect(changes(setting.chime)).toEqual([]);
    },
  );

  it('is answered while another restore runs', async () => {
    const first = restoreNamed('first').id;
    const { setting, begun } = await underWay({ holder: first, phase: 'restoring' });
    running(setting, first);
    const asked = { voiceConnectorId: begun.voiceConnectorId, dryRun: true };
    expect(await inspectTeardown(setting, asked)).toMatchObject({
      verdict: 'planned',
      answer: { teardown: { phase: 'restoring', execution: first, isRunning: true, queued: 3 } },
    });
  });

  it('stops nothing', async () => {
    const { setting, begun } = await underWay();
    let isStopped = false;
    setting.states.add({
      arn: stranger,
      abort: () => {
        isStopped = true;
      },
      result: new Promise(() => undefined),
    });
    await inspectTeardown(setting, { voiceConnectorId: begun.voiceConnectorId, dryRun: true });
    expect(isStopped).toBe(false);
  });
});

describe('A restore that is refused', () => {
  it('gives nothing back that it did not hold', async () => {
    const first = restoreNamed('first').id;
    const { setting, begun } = await underWay({ holder: first, phase: 'restoring' });
    running(setting, first);
    const refused = await restoreIt(setting, begun);
    if (refused.verdict !== 'refused') throw new Error('It is refused.');
    const ending = { outcome: 'refused', execution: restore, state: refused } as const;
    expect(await run(setting, connectClose, ending)).toMatchObject({
      answer: { outcome: 'refused', error: 'AlreadyRunning' },
    });
    expect((await teardownOf(setting, begun.voiceConnectorId))?.holder).toBe(first);
  });

  it.each(['failed', 'interrupted'] as const)('or ends as %s can be repeated', async (phase) => {
    const { setting, begun } = await underWay();
    await restoreIt(setting, begun);
    await closeTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, restore.id, { phase });
    expect(await again(setting, begun, phase)).toMatchObject({ verdict: 'restore', batches: [0] });
  });
});

async function again(setting: Setting, { voiceConnectorId }: Begun, phase: Phase) {
  expect((await teardownOf(setting, voiceConnectorId))?.phase).toBe(phase);
  await setting.clock.sleep(5 * 60_000);
  return inspectTeardown(setting, { voiceConnectorId }, restoreNamed('again'));
}

function command(machine: string, input: object): string {
  return `aws stepfunctions start-execution --state-machine-arn ${machine} --input '${JSON.stringify(input)}'`;
}
