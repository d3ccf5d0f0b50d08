import { describe, expect, it } from '@jest/globals';
import { connectLedger, hold, readBatch, readBatches, readTeardown } from '../../lambda/ledger/ledger.ts';
import { errorOf } from './setting.ts';
import { begin, execution, openSetting, stranger } from './teardown-setting.ts';

const later = '2026-01-05T10:00:00.000Z';
const muchLater = '2026-01-05T11:00:00.000Z';

describe('What the ledger is asked', () => {
  it('is answered as it is now, not as it was a moment ago', async () => {
    const setting = await openSetting();
    const { voiceConnectorId, batch } = await begin(setting, { numbers: 1 });
    const table = connectLedger(setting.edge);
    const asked: unknown[] = [];
    table.documents.middlewareStack.add(
      (next) => async (args) => {
        asked.push((args.input as { ConsistentRead?: boolean }).ConsistentRead);
        return next(args);
      },
      { step: 'initialize' },
    );
    await readTeardown(table)(voiceConnectorId);
    await readBatch(table)(batch);
    await Array.fromAsync(readBatches(table)(voiceConnectorId, batch.generation));
    expect(asked).toEqual([true, true, true]);
  });
});

describe('The lock', () => {
  it('is kept where a function of the same execution is noted for longer already', async () => {
    const { table, voiceConnectorId, holds } = await held(execution.id);
    await holds(muchLater);
    await holds(later);
    expect((await readTeardown(table)(voiceConnectorId))?.busyUntil).toBe(muchLater);
  });

  it('is lost where another execution holds it, whatever its time', async () => {
    for (const until of ['2026-01-05T08:00:00.000Z', muchLater]) {
      const { holds } = await held(stranger);
      expect((await errorOf(holds(until))).name).toBe('LockLost');
    }
  });
});

async function held(holder: string) {
  const setting = await openSetting();
  const { voiceConnectorId } = await begin(setting, { numbers: 1, holder });
  const table = connectLedger(setting.edge);
  const holds = (until: string) => hold(table)(voiceConnectorId, execution.id, until);
  return { table, voiceConnectorId, holds };
}
