import { describe, expect, it } from '@jest/globals';
import {
  closeTeardown,
  connectLedger,
  openTeardown,
  readBatch,
  readBatches,
  readTeardown,
  saveBatch,
  updateTeardown,
} from '../../lambda/ledger/ledger.ts';
import type { Batch, LedgerNumber, Teardown } from '../../lambda/ledger/teardown.ts';
import { errorOf } from './setting.ts';
import { execution, openSetting, type Setting, stranger, writes } from './teardown-setting.ts';

const voiceConnectorId = 'abcdef1ghij2klmno3pqr4';
const since = '2026-01-05T09:00:00.000Z';
const teardown: Teardown & { holder: string } = {
  voiceConnectorId,
  name: 'Trunk',
  phase: 'releasing',
  holder: execution.id,
  holderSince: since,
  busyUntil: since,
  execution: execution.id,
  generation: 'ours',
  batchesToRelease: 2,
  warnings: [],
  phoneNumbers: 4,
  fingerprint: 'sha256:00',
  startedAt: since,
};

describe('A teardown that is opened', () => {
  it('comes back as it was written', async () => {
    const { table } = await open();
    const full: typeof teardown = {
      ...teardown,
      warnings: [{ code: 'NoWindow', message: 'There is none.', wayOut: 'Wait.' }],
      snapshot: {
        connector: { voiceConnectorId, name: 'Trunk', requireEncryption: true },
        configuration: { termination: { DefaultPhoneNumber: '+12065550100' }, terminationUsernames: ['pbx'] },
        tags: { owner: 'voice' },
        groups: [{ groupId: 'g', name: 'Group', priority: 3 }],
        takenAt: since,
      },
      detachedFrom: [{ groupId: 'g', name: 'Group', priority: 3 }],
      overrides: ['InUse'],
      detachFromGroups: true,
      overridden: [{ overrides: ['InUse'], execution: execution.id, at: since, requestedBy: 'jane' }],
      releasedSince: since,
      stateMachine: execution.stateMachine,
      requestedBy: 'jane',
      reason: 'CHG-1',
    };
    await openTeardown(table)(full, batchesOf(2), since);
    expect(await readTeardown(table)(voiceConnectorId)).toEqual(full);
    expect(await readTeardown(table)('another')).toBeUndefined();
  });

  it('has its batches written before the item that names them', async () => {
    const setting = await open();
    await openTeardown(setting.table)(teardown, batchesOf(2), since);
    expect(writes(setting)).toEqual(['batch#ours#000000', 'batch#ours#000001', 'teardown']);
  });

  it('cannot be seen when its writer dies between the batches', async () => {
    const { table, wire } = await open();
    wire.refuse = ({ item }) => item === 'batch#ours#000001';
    expect((await errorOf(openTeardown(table)(teardown, batchesOf(2), since))).name).toBe(
      'ServiceFailureException',
    );
    expect(await readTeardown(table)(voiceConnectorId)).toBeUndefined();
  });

  it('may be opened again by the execution that holds it', async () => {
    const { table } = await open();
    await openTeardown(table)(teardown, batchesOf(2), since);
    await openTeardown(table)({ ...teardown, name: 'Renamed' }, batchesOf(2), since);
    expect((await readTeardown(table)(voiceConnectorId))?.name).toBe('Renamed');
  });

  it.each(['deleted', 'restored'] as const)('may follow one that came to its end: %s', async (phase) => {
    const { table } = await open();
    await openTeardown(table)(teardown, batchesOf(2), since);
    await closeTeardown(table)(voiceConnectorId, execution.id, { phase, endedAt: 'then' });
    const next = { ...teardown, holder: stranger, execution: stranger, generation: 'theirs' };
    await openTeardown(table)(next, batchesOf(1), since);
    expect(await readTeardown(table)(voiceConnectorId)).toEqual(next);
    expect(await all(table, 'theirs')).toEqual(batchesOf(1));
  });

  it.each(['releasing', 'window', 'deleting', 'restoring', 'failed', 'interrupted'] as const)(
    'is not opened over the one of another execution in phase %s',
    async (phase) => {
      const { table } = await open();
      await openTeardown(table)({ ...teardown, phase }, batchesOf(2), since);
      const late = openTeardown(table)(
        { ...teardown, holder: stranger, generation: 'theirs' },
        batchesOf(1),
        since,
      );
      expect((await errorOf(late)).name).toBe('LockLost');
      expect(await readTeardown(table)(voiceConnectorId)).toEqual({ ...teardown, phase });
    },
  );

  it('keeps its numbers and their progress where another execution opens one at the same time', async () => {
    const { table } = await open();
    await openTeardown(table)(teardown, batchesOf(2), since);
    const progress = batchOf(0, 'unassigned');
    await saveBatch(table)({ voiceConnectorId, generation: 'ours', batch: 0 }, progress);
    // It looked when nothing was open yet, and sees only the numbers that are still on the connector.
    const late = openTeardown(table)(
      { ...teardown, holder: stranger, generation: 'theirs' },
      [{ index: 0, numbers: batchOf(0).numbers.slice(1) }],
      since,
    );
    expect((await errorOf(late)).name).toBe('LockLost');
    expect(await all(table, 'ours')).toEqual([progress, batchOf(1)]);
  });

  it('holds no batch of an attempt that died before', async () => {
    const { table, wire } = await open();
    wire.refuse = ({ item }) => item === 'teardown';
    const late = { ...teardown, holder: stranger, generation: 'theirs', batchesToRelease: 3 };
    await errorOf(openTeardown(table)(late, batchesOf(3), since));
    wire.refuse = () => false;
    await openTeardown(table)(teardown, batchesOf(2), since);
    expect(await all(table, 'ours')).toEqual(batchesOf(2));
  });
});

describe('A batch', () => {
  it('comes back as it was saved, with the ids, names and failures of its numbers', async () => {
    const { table } = await open();
    await openTeardown(table)(teardown, batchesOf(2), since);
    const batch: Batch = {
      index: 1,
      numbers: [
        {
          id: '%2B12065550100',
          e164: '+12065550100',
          name: 'Front desk',
          callingName: 'ACME',
          lost: ['callingName'],
          isBack: true,
          state: 'attached',
          failure: { code: 'Forbidden', message: 'No.' },
        },
      ],
      begunAt: '2026-01-05T08:59:00.000Z',
      queuedAt: '2026-01-05T09:00:00.000Z',
      waitingSince: '2026-01-05T09:00:01.000Z',
    };
    const address = { voiceConnectorId, generation: 'ours', batch: 1 };
    await saveBatch(table)(address, batch);
    expect(await readBatch(table)(address)).toEqual(batch);
    expect(await readBatch(table)({ ...address, batch: 0 })).toEqual(batchOf(0));
  });

  it.each([
    ['index', { voiceConnectorId, generation: 'ours', batch: 7 }],
    ['plan', { voiceConnectorId, generation: 'our', batch: 0 }],
    ['connector', { voiceConnectorId: 'another', generation: 'ours', batch: 0 }],
  ])('of a wrong %s is neither read nor made up', async (_which, address) => {
    const { table, ledger } = await open();
    await openTeardown(table)(teardown, batchesOf(2), since);
    expect((await errorOf(readBatch(table)(address))).name).toBe('LedgerMismatch');
    expect((await errorOf(saveBatch(table)(address, batchOf(0)))).name).toBe('LedgerMismatch');
    expect(await ledger.items()).toHaveLength(3);
  });

  it('is found in order among many large ones, over several pages of the ledger', async () => {
    const { table, wire } = await open();
    const count = 60;
    const plan = Array.from({ length: count }, (_, i) => batchOf(i, 'attached', 500));
    await openTeardown(table)(
      { ...teardown, batchesToRelease: count, phoneNumbers: count * 500 },
      plan,
      since,
    );
    const found = await all(table, 'ours');
    expect(found.map(({ index }) => index)).toEqual(plan.map(({ index }) => index));
    expect(new Set(found.flatMap(({ numbers }) => numbers.map(({ e164 }) => e164))).size).toBe(count * 500);
    expect(JSON.stringify(found).length).toBeGreaterThan(1024 * 1024);
    expect(wire.calls.filter(({ operation }) => operation === 'Query').length).toBeGreaterThan(1);
  });

  it('belongs to one plan, whose name is no part of another', async () => {
    const { table } = await open();
    await openTeardown(table)({ ...teardown, generation: 'a', phase: 'deleted' }, batchesOf(1), since);
    await openTeardown(table)({ ...teardown, generation: 'ab', phase: 'deleted' }, batchesOf(2), since, {
      instead: 'a',
    });
    await openTeardown(table)({ ...teardown, generation: 'abc', phase: 'deleted' }, batchesOf(3), since, {
      instead: 'ab',
    });
    expect(
      [await all(table, 'a'), await all(table, 'ab'), await all(table, 'abc')].map((found) => found.length),
    ).toEqual([1, 2, 3]);
  });
});

describe('A change to a teardown', () => {
  it('leaves its other fields as they are', async () => {
    const { table } = await open();
    await openTeardown(table)(teardown, [], since);
    const change = { phase: 'failed', error: 'E', cause: 'C', endedAt: 'now' } as const;
    await updateTeardown(table)(voiceConnectorId, execution.id, change);
    expect(await readTeardown(table)(voiceConnectorId)).toEqual({ ...teardown, ...change });
  });

  it('removes the fields that it gives as undefined, whether they are there or not', async () => {
    const { table } = await open();
    await openTeardown(table)({ ...teardown, error: 'E', detachedFrom: ['group'] }, [], since);
    const change = { phase: 'window', error: undefined, cause: undefined, detachedFrom: undefined } as const;
    await updateTeardown(table)(voiceConnectorId, execution.id, change);
    expect(await readTeardown(table)(voiceConnectorId)).toEqual({ ...teardown, phase: 'window' });
  });

  it('is refused to an execution that does not hold it', async () => {
    const { table } = await open();
    await openTeardown(table)(teardown, [], since);
    const error = await errorOf(updateTeardown(table)(voiceConnectorId, stranger, { phase: 'deleted' }));
    expect(error.name).toBe('LockLost');
    expect(error.message).toContain(voiceConnectorId);
    expect(await readTeardown(table)(voiceConnectorId)).toEqual(teardown);
  });

  it('is refused where there is no teardown, and makes none', async () => {
    const { table, ledger } = await open();
    const error = await errorOf(updateTeardown(table)(voiceConnectorId, execution.id, { phase: 'deleted' }));
    expect(error.name).toBe('LockLost');
    expect(await ledger.items()).toEqual([]);
  });
});

describe('A ledger that cannot be used', () => {
  it.each([undefined, ''])('for want of its name (%p) is a fault of the deployment', async (LEDGER_TABLE) => {
    const { edge } = await openSetting();
    const connecting = () => connectLedger({ ...edge, env: { LEDGER_TABLE } });
    expect(connecting).toThrow(expect.objectContaining({ name: 'BadEnvironment' }));
    expect(connecting).toThrow('LEDGER_TABLE');
  });

  it('is tried four times, and then is trouble at the service', async () => {
    const { table, wire, clock } = await open();
    wire.refuse = () => true;
    expect((await errorOf(readTeardown(table)(voiceConnectorId))).name).toBe('ServiceFailureException');
    expect(wire.calls).toHaveLength(4);
    expect(clock.elapsedSeconds).toBeGreaterThan(0);
  });

  it('because it is not there is an error that is not tried again', async () => {
    const { edge, wire } = await openSetting();
    const table = connectLedger({ ...edge, env: { LEDGER_TABLE: 'NoSuchTable' } });
    expect((await errorOf(readTeardown(table)(voiceConnectorId))).name).toBe('ResourceNotFoundException');
    expect(wire.calls).toHaveLength(1);
  });
});

async function open(): Promise<Setting & { table: ReturnType<typeof connectLedger> }> {
  const setting = await openSetting();
  return { ...setting, table: connectLedger(setting.edge) };
}

function batchOf(index: number, state: LedgerNumber['state'] = 'attached', size = 2): Batch {
  const numbers = Array.from({ length: size }, (_, i): LedgerNumber => {
    const e164 = `+${12_065_550_100 + index * size + i}`;
    return { id: e164.replace('+', '%2B'), e164, state };
  });
  return { index, numbers };
}

function batchesOf(count: number): Batch[] {
  return Array.from({ length: count }, (_, index) => batchOf(index));
}

async function all(table: ReturnType<typeof connectLedger>, generation: string): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of readBatches(table)(voiceConnectorId, generation)) found.push(batch);
  return found;
}
