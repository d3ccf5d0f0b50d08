import { describe, expect, it } from '@jest/globals';
import { closeTeardown, connectLedger, openTeardown, refuseRuns } from '../../lambda/ledger/ledger.ts';
import type { Teardown } from '../../lambda/ledger/teardown.ts';
import { errorOf } from './setting.ts';
import { execution, openSetting, restoreNamed, stranger, teardownOf } from './teardown-setting.ts';

const voiceConnectorId = 'abcdef1ghij2klmno3pqr4';
const eight = '2026-01-05T08:00:00.000Z';
const nine = '2026-01-05T09:00:00.000Z';
const ten = '2026-01-05T10:00:00.000Z';

/** What a restore puts down that was asked for before anything was released. */
const marker: Teardown & { refusesRunsUntil: string } = {
  voiceConnectorId,
  name: 'Trunk',
  phase: 'restored',
  busyUntil: nine,
  execution: restoreNamed('ours').id,
  generation: 'none',
  batchesToRelease: 0,
  warnings: [],
  phoneNumbers: 0,
  fingerprint: 'sha256:00',
  startedAt: nine,
  endedAt: nine,
  refusesRunsUntil: nine,
};

const { refusesRunsUntil: _none, endedAt: _open, ...rest } = marker;
const teardown: Teardown & { holder: string } = {
  ...rest,
  phase: 'releasing',
  holder: execution.id,
  holderSince: nine,
  execution: execution.id,
  generation: 'ours',
};

describe('After a restore was asked for', () => {
  it.each([
    ['before it', eight],
    ['in the same millisecond', nine],
  ])('no run that was started %s opens a teardown', async (_when, runStartedAt) => {
    const { table, found } = await open();
    await refuseRuns(table)(marker);
    const error = await errorOf(openTeardown(table)(teardown, [], runStartedAt));
    expect(error.name).toBe('LockLost');
    expect(error.message).toContain(voiceConnectorId);
    expect(await found()).toEqual(marker);
  });

  it('a run that was started later opens one, which refuses nobody', async () => {
    const { table, found } = await open();
    await refuseRuns(table)(marker);
    await openTeardown(table)(teardown, [], ten);
    expect(await found()).toEqual(teardown);
  });

  it('runs of other connectors open theirs', async () => {
    const { table, ledger } = await open();
    await refuseRuns(table)(marker);
    await openTeardown(table)({ ...teardown, voiceConnectorId: 'another' }, [], eight);
    expect(await ledger.items()).toHaveLength(2);
  });
});

describe('That a restore was asked for', () => {
  it('is noted again, later, where it was noted before', async () => {
    const { table, found } = await open();
    await refuseRuns(table)(marker);
    await refuseRuns(table)({ ...marker, refusesRunsUntil: ten });
    expect((await found())?.refusesRunsUntil).toBe(ten);
  });

  it('is noted on a teardown that was restored', async () => {
    const { table, found } = await open();
    await openTeardown(table)(teardown, [], nine);
    await closeTeardown(table)(voiceConnectorId, execution.id, { phase: 'restored', endedAt: nine });
    const restored = await found();
    if (restored === undefined) throw new Error('There is a teardown.');
    await refuseRuns(table)({ ...restored, refusesRunsUntil: ten });
    expect(await found()).toEqual({ ...restored, refusesRunsUntil: ten });
  });

  it.each(['releasing', 'window', 'deleting', 'restoring', 'failed', 'interrupted', 'deleted'] as const)(
    'is not noted over a teardown in phase %s',
    async (phase) => {
      const { table, found } = await open();
      await openTeardown(table)(teardown, [], nine);
      await closeTeardown(table)(voiceConnectorId, execution.id, { phase });
      const before = await found();
      expect((await errorOf(refuseRuns(table)(marker))).name).toBe('LockLost');
      expect(await found()).toEqual(before);
    },
  );

  it('is not noted over a teardown that somebody holds, whatever its phase', async () => {
    const { table, found } = await open();
    const held = { ...teardown, phase: 'restored', holder: stranger } as const;
    await openTeardown(table)(held, [], nine);
    expect((await errorOf(refuseRuns(table)(marker))).name).toBe('LockLost');
    expect(await found()).toEqual(held);
  });
});

async function open() {
  const setting = await openSetting();
  return {
    ...setting,
    table: connectLedger(setting.edge),
    found: () => teardownOf(setting, voiceConnectorId),
  };
}
