import { describe, expect, it } from '@jest/globals';
import {
  connectLedger,
  expireBatches,
  readBatch,
  readBatches,
  saveBatch,
} from '../../lambda/ledger/ledger.ts';
import { listTeardowns } from '../../lambda/ledger/ledger-list.ts';
import type { Batch } from '../../lambda/ledger/teardown.ts';
import { begin, openSetting } from './teardown-setting.ts';

describe('A value that is not there', () => {
  it('is left out, and does not keep a batch from being saved: what a service answers may have some', async () => {
    const setting = await openSetting();
    const { batch } = await begin(setting, { numbers: 1 });
    const table = connectLedger(setting.edge);
    const { numbers, ...before } = await readBatch(table)(batch);
    const unknown = numbers.map((number) => ({ ...number, name: undefined }));
    await saveBatch(table)(batch, { ...before, numbers: unknown } as unknown as Batch);
    expect(await readBatch(table)(batch)).toStrictEqual({ ...before, numbers });
  });
});

describe('The batches of a teardown', () => {
  it('are read to the last, page by page', async () => {
    const setting = await openSetting();
    const { voiceConnectorId, batch } = await begin(setting, { numbers: 7, batchSize: 1 });
    const table = connectLedger(setting.edge);
    const read = await Array.fromAsync(readBatches(table)(voiceConnectorId, batch.generation));
    expect(read.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('are found by their keys alone where nothing else of them is needed', async () => {
    const setting = await openSetting();
    const { voiceConnectorId, batch } = await begin(setting, { numbers: 3, batchSize: 1 });
    const table = connectLedger(setting.edge);
    const found: unknown[] = [];
    table.documents.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { Items = [] } = result.output as { Items?: object[] };
        found.push(...Items.map((item) => Object.keys(item).sort()));
        return result;
      },
      { step: 'initialize', priority: 'low' },
    );
    await expireBatches(table)(voiceConnectorId, batch.generation, 1);
    expect(found).toEqual(Array(3).fill(['item', 'voiceConnectorId']));
  });
});

describe('The list of all teardowns', () => {
  it.each([
    [0, false],
    [4, false],
    [8, true],
  ])('is whole only where no part of it was cut short: time for %d of its parts', async (parts, isWhole) => {
    const setting = await openSetting();
    await begin(setting, { numbers: 1 });
    let asked = 0;
    const isTimeUp = () => {
      asked += 1;
      return asked > parts;
    };
    expect((await listTeardowns(connectLedger(setting.edge))(isTimeUp)).isWhole).toBe(isWhole);
  });
});
