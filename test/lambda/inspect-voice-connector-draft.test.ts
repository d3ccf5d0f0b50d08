import { describe, expect, it } from '@jest/globals';
import { inspect } from './inspection.ts';
import { refused } from './refusals.ts';
import { errorOf, script } from './setting.ts';
import { openSetting, type Setting, teardownOf, writes } from './teardown-setting.ts';

describe('The numbers of a plan that is being drawn up', () => {
  it('are in the ledger, batch by batch, before the last page is read, and the teardown after all of them', async () => {
    const { setting, request } = await open(1_001);
    const batchesAt: number[] = [];
    setting.chime.hooks.beforeEffect = ({ operation }) => {
      if (operation === 'ListPhoneNumbers') batchesAt.push(writes(setting).length);
    };
    await inspect(setting, request);
    expect(batchesAt).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2]);
    expect(writes(setting).map((item) => item.split('#')[0])).toEqual([
      'batch',
      'batch',
      'batch',
      'teardown',
    ]);
  });

  it('are removed again where the plan is refused: they are not those that were agreed on', async () => {
    const { setting, request } = await open(600);
    expect(await refused(setting, { ...request, expectedPhoneNumbers: 601 })).toMatchObject([
      { code: 'CountMismatch' },
    ]);
    expect(writes(setting).length).toBeGreaterThan(0);
    expect(await setting.ledger.items()).toEqual([]);
  });

  it('are not written at all where something else refuses the run, or where it is only a question', async () => {
    const { setting, request } = await open(600);
    await inspect(setting, { ...request, dryRun: true });
    setting.chime.state.tag(request.voiceConnectorId, { 'teardown-protection': '' });
    await refused(setting, { ...request, expectedPhoneNumbers: 601 });
    expect(writes(setting)).toEqual([]);
  });

  it('are removed again where the list cannot be read to its end', async () => {
    const { setting, request } = await open(600);
    const fault = { status: 403, code: 'Forbidden', message: 'No.' };
    setting.chime.faults.set({ script: [{ operation: 'ListPhoneNumbers', nth: 6, fault }] });
    expect((await errorOf(inspect(setting, request))).name).toBe('ForbiddenException');
    expect(writes(setting).length).toBeGreaterThan(0);
    expect(await setting.ledger.items()).toEqual([]);
  });

  it('stay where the ledger cannot be reached any more, the true error is told, and the next plan removes them', async () => {
    const { setting, request } = await open(600);
    const fault = { status: 403, code: 'Forbidden', message: 'No.' };
    setting.chime.faults.set({ script: [{ operation: 'ListPhoneNumbers', nth: 6, fault }] });
    setting.wire.refuse = ({ operation }) => operation === 'Query';
    expect((await errorOf(inspect(setting, request))).name).toBe('ForbiddenException');
    expect(await setting.ledger.items()).toHaveLength(1);
    setting.wire.refuse = () => false;

    await setting.clock.sleep(1_000);
    await inspect(setting, request);

    const { generation } = (await teardownOf(setting, request.voiceConnectorId)) ?? {};
    const items = (await setting.ledger.items()).map(({ item }) => String(item));
    expect(items.filter((item) => !item.includes(`#${generation}#`))).toEqual(['teardown']);
    expect(items).toHaveLength(3);
  });

  it('are never removed once the ledger was asked to open the plan: its answer may be lost, and the plan open', async () => {
    const { setting, request } = await open(600);
    setting.wire.loseAnswer = ({ operation, item }) => operation === 'PutItem' && item === 'teardown';
    await errorOf(inspect(setting, request));
    const items = (await setting.ledger.items()).map(({ item }) => String(item).split('#')[0]);
    expect(items.sort()).toEqual(['batch', 'batch', 'teardown']);
  });
});

/** What the inspection finds where it shares with nobody. */
const alone = 15.1;

describe('What a run that was throttled has found of the rate', () => {
  it.each([
    [1, 600],
    [2, 600],
    [40, 600],
  ])(
    'is shared out among the functions that release, %d at the same time',
    async (batchConcurrency, numbers) => {
      const setting = await openSetting({ batchConcurrency });
      const { voiceConnectorId } = setting.chime.seedConnector({ numbers });
      setting.chime.faults.set(script('ListPhoneNumbers', 'throttle'));
      const inspected = await inspect(setting, { voiceConnectorId });
      // There are two batches to release, so that no more than two share.
      const most = Math.min(2, batchConcurrency);
      expect((inspected as { pace?: number }).pace).toBeCloseTo(alone / most, 1);
    },
  );
});

async function open(numbers: number): Promise<{ setting: Setting; request: { voiceConnectorId: string } }> {
  const setting = await openSetting({ maxPhoneNumbers: 2_000 });
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers });
  return { setting, request: { voiceConnectorId } };
}
