import { describe, expect, it } from '@jest/globals';
import {
  closeTeardown,
  connectLedger,
  dropSuperseded,
  hold,
  openTeardown,
  readBatches,
  saveBatch,
  takeOver,
} from '../../lambda/ledger/ledger.ts';
import type { Batch, LedgerNumber, NumberState, Teardown } from '../../lambda/ledger/teardown.ts';
import { errorOf } from './setting.ts';
import { execution, executionNamed, openSetting, stranger, teardownOf } from './teardown-setting.ts';

const voiceConnectorId = 'abcdef1ghij2klmno3pqr4';
const nine = '2026-01-05T09:00:00.000Z';
const ten = '2026-01-05T10:00:00.000Z';
const eleven = '2026-01-05T11:00:00.000Z';
const held: Teardown & { holder: string } = {
  voiceConnectorId,
  name: 'Trunk',
  phase: 'releasing',
  holder: execution.id,
  holderSince: nine,
  busyUntil: ten,
  execution: execution.id,
  generation: 'ours',
  batchesToRelease: 1,
  warnings: [],
  phoneNumbers: 2,
  fingerprint: 'sha256:00',
  startedAt: nine,
};

describe('Holding the lock', () => {
  it('raises the time until which a function may be running, and changes nothing else', async () => {
    const { table, teardown } = await open();
    await hold(table)(voiceConnectorId, execution.id, eleven);
    expect(await teardown()).toEqual({ ...held, busyUntil: eleven });
  });

  it.each([
    ['earlier', nine],
    ['the same', ten],
  ])('never lowers it: %s is fine, and changes nothing', async (_which, until) => {
    const { table, teardown } = await open();
    await hold(table)(voiceConnectorId, execution.id, until);
    expect(await teardown()).toEqual(held);
  });

  it('at the same time by many functions of one execution leaves the latest', async () => {
    const { table, teardown } = await open();
    const times = Array.from({ length: 20 }, (_, i) => `2026-01-05T12:${10 + ((i * 7) % 20)}:00.000Z`);
    await Promise.all(times.map((until) => hold(table)(voiceConnectorId, execution.id, until)));
    expect((await teardown())?.busyUntil).toBe('2026-01-05T12:29:00.000Z');
  });

  it('is fine where the answer to the first attempt was lost', async () => {
    const { table, wire, teardown } = await open();
    wire.loseAnswer = once();
    await hold(table)(voiceConnectorId, execution.id, eleven);
    expect((await teardown())?.busyUntil).toBe(eleven);
  });

  it.each([nine, eleven])('is lost to an execution that is not the holder (until %s)', async (until) => {
    const { table, teardown } = await open();
    const error = await errorOf(hold(table)(voiceConnectorId, stranger, until));
    expect(error.name).toBe('LockLost');
    expect(error.message).toContain(voiceConnectorId);
    expect(await teardown()).toEqual(held);
  });

  it.each([nine, eleven])('is lost once it was given back (until %s)', async (until) => {
    const { table } = await open();
    await closeTeardown(table)(voiceConnectorId, execution.id, { phase: 'failed' });
    expect((await errorOf(hold(table)(voiceConnectorId, execution.id, until))).name).toBe('LockLost');
  });

  it('is lost where there is no teardown, and makes none', async () => {
    const { table, ledger } = await open();
    expect((await errorOf(hold(table)('another', execution.id, eleven))).name).toBe('LockLost');
    expect(await ledger.items()).toHaveLength(2);
  });
});

describe('Taking a teardown over', () => {
  it('puts a new holder in the place of the old one, who may be busy until a moment that is kept', async () => {
    const { table, teardown } = await open();
    await takeOver(table)(held, stranger, eleven);
    expect(await teardown()).toEqual({
      ...held,
      holder: stranger,
      holderSince: eleven,
      clearAt: ten,
    });
  });

  it('works the same where nobody holds it any more', async () => {
    const { table, teardown } = await open();
    await closeTeardown(table)(voiceConnectorId, execution.id, { phase: 'failed' });
    const left = await known(teardown);
    await takeOver(table)(left, stranger, eleven);
    expect(await teardown()).toEqual({ ...left, holder: stranger, holderSince: eleven, clearAt: ten });
  });

  it.each<[string, Partial<Teardown>]>([
    ['another holder', { holder: executionNamed('third').id }],
    ['another phase', { phase: 'window' }],
    ['a function that has begun since', { busyUntil: nine }],
  ])('fails where it has changed meanwhile: %s', async (_what, seen) => {
    const { table, teardown } = await open();
    const error = await errorOf(takeOver(table)({ ...held, ...seen }, stranger, eleven));
    expect(error.name).toBe('LockLost');
    expect(await teardown()).toEqual(held);
  });

  it('fails where the lock was given back meanwhile, and where it was taken meanwhile', async () => {
    const { table, teardown } = await open();
    const { holder: _nobody, ...free } = held;
    expect((await errorOf(takeOver(table)(free, stranger, eleven))).name).toBe('LockLost');
    await closeTeardown(table)(voiceConnectorId, execution.id, {});
    expect((await errorOf(takeOver(table)(held, stranger, eleven))).name).toBe('LockLost');
    expect(await teardown()).not.toHaveProperty('holder');
  });

  it('is done by one of many that try at the same time', async () => {
    const { table, teardown } = await open();
    const all = Array.from({ length: 10 }, (_, i) => executionNamed(`rival-${i}`).id);
    const ends = await Promise.allSettled(all.map((id) => takeOver(table)(held, id, eleven)));
    const winners = all.filter((_, i) => ends[i]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect((await teardown())?.holder).toBe(winners[0]);
  });
});

describe('Closing a teardown', () => {
  it('changes what it is told to, gives the lock back, and keeps until when a function may be running', async () => {
    const { table, teardown } = await open();
    await takeOver(table)(held, stranger, eleven);
    await closeTeardown(table)(voiceConnectorId, stranger, { phase: 'failed', error: 'E', endedAt: eleven });
    const { holder: _holder, holderSince: _since, ...rest } = held;
    expect(await teardown()).toEqual({ ...rest, phase: 'failed', error: 'E', endedAt: eleven });
  });

  it('may change nothing but the lock', async () => {
    const { table, teardown } = await open();
    await closeTeardown(table)(voiceConnectorId, execution.id, {});
    const { holder: _holder, holderSince: _since, ...rest } = held;
    expect(await teardown()).toEqual(rest);
  });

  it('is left to the holder', async () => {
    const { table, teardown } = await open();
    const closing = closeTeardown(table)(voiceConnectorId, stranger, { phase: 'interrupted' });
    expect((await errorOf(closing)).name).toBe('LockLost');
    expect(await teardown()).toEqual(held);
  });
});

describe('Two executions that open a teardown at the same time', () => {
  it('end with one that has it, whose numbers the other has not disturbed', async () => {
    const setting = await openSetting();
    const table = connectLedger(setting.edge);
    const [first, second] = ['ours', 'theirs'].map((generation) => {
      const id = executionNamed(generation).id;
      return { ...held, holder: id, execution: id, generation };
    });
    if (first === undefined || second === undefined) throw new Error('There are two.');
    const ends = await Promise.allSettled([
      openTeardown(table)(first, [batchOf('attached')], nine),
      openTeardown(table)(second, [batchOf('unassigned')], nine),
    ]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const opened = ends[0]?.status === 'fulfilled' ? first : second;
    expect(await teardownOf(setting, voiceConnectorId)).toEqual(opened);
    const batches = readBatches(table)(voiceConnectorId, opened.generation);
    expect(await Array.fromAsync(batches)).toEqual([batchOf(opened === first ? 'attached' : 'unassigned')]);
  });

  it('leave the progress of the one that was first as it is', async () => {
    const { table } = await open();
    await saveBatch(table)({ voiceConnectorId, generation: 'ours', batch: 0 }, batchOf('queued'));
    const late = { ...held, holder: stranger, execution: stranger, generation: 'theirs' };
    expect((await errorOf(openTeardown(table)(late, [batchOf('attached')], nine))).name).toBe('LockLost');
    expect(await Array.fromAsync(readBatches(table)(voiceConnectorId, 'ours'))).toEqual([batchOf('queued')]);
  });

  it('and one that has taken it over may open it again', async () => {
    const { table, teardown } = await open();
    await takeOver(table)(held, stranger, eleven);
    const next = { ...held, holder: stranger, execution: stranger, generation: 'theirs' };
    expect((await errorOf(openTeardown(table)(held, [batchOf('attached')], nine))).name).toBe('LockLost');
    await openTeardown(table)(next, [batchOf('unassigned')], nine, { instead: held.generation });
    expect(await teardown()).toEqual(next);
    const other = { ...next, generation: 'of another attempt' };
    const late = openTeardown(table)(other, [batchOf('attached')], nine, { instead: held.generation });
    expect((await errorOf(late)).name).toBe('LockLost');
    expect(await teardown()).toEqual(next);
  });
});

describe('Superseded plans', () => {
  it('are removed, however many; the one in force and those of other connectors stay', async () => {
    const { table, ledger, teardown } = await open();
    for (const generation of ['our', 'ours2', 'theirs']) {
      const late = { ...held, holder: stranger, generation };
      await errorOf(
        openTeardown(table)(late, [batchOf('attached'), { ...batchOf('attached'), index: 1 }], nine),
      );
    }
    await openTeardown(table)(
      { ...held, voiceConnectorId: 'another', generation: 'theirs' },
      [batchOf('attached')],
      nine,
    );
    await dropSuperseded(table)(voiceConnectorId, 'ours');
    expect(await teardown()).toEqual(held);
    const items = (await ledger.items()).map(({ voiceConnectorId: id, item }) => `${id} ${item}`);
    expect(items.sort()).toEqual([
      `${voiceConnectorId} batch#ours#000000`,
      `${voiceConnectorId} teardown`,
      'another batch#theirs#000000',
      'another teardown',
    ]);
    await dropSuperseded(table)(voiceConnectorId, 'ours');
    expect(await ledger.items()).toHaveLength(4);
  });
});

async function open() {
  const setting = await openSetting();
  const table = connectLedger(setting.edge);
  await openTeardown(table)(held, [batchOf('attached')], nine);
  return { ...setting, table, teardown: () => teardownOf(setting, voiceConnectorId) };
}

async function known(teardown: () => Promise<Teardown | undefined>): Promise<Teardown> {
  const found = await teardown();
  if (found === undefined) throw new Error('There is a teardown.');
  return found;
}

function batchOf(state: NumberState): Batch {
  const numbers = ['+12065550100', '+12065550101'].map(
    (e164): LedgerNumber => ({ id: e164.replace('+', '%2B'), e164, state }),
  );
  return { index: 0, numbers };
}

/** Yes to the first update, no to what comes after. */
function once(): (call: { readonly operation: string }) => boolean {
  let done = false;
  return ({ operation }) => {
    if (done || operation !== 'UpdateItem') return false;
    done = true;
    return true;
  };
}
