import { describe, expect, it } from '@jest/globals';
import { offConnector } from '../../lambda/inspection/warnings.ts';
import { connectLedger, saveBatch } from '../../lambda/ledger/ledger.ts';
import { at } from './setting.ts';
import { look, nine, open } from './survey-setting.ts';
import { type Begun, batchOf, type Setting } from './teardown-setting.ts';

describe('What a restore that died has left', () => {
  it('on the connector, before it could say so, was not put back by somebody', async () => {
    const { setting, begun } = await open(['unassigned', 'queued', 'queued']);
    await undo(setting, begun);
    for (const i of [0, 1]) setting.chime.state.associate(at(begun.e164s, i), begun.voiceConnectorId);
    const found = await look(setting, begun);
    expect([found.putBack, found.phoneNumbers, found.batchesToRelease]).toEqual([0, 3, 1]);
  });

  it('out of the queue, before it could say so, is part of the plan, which warns of it', async () => {
    const { setting, begun } = await open(['queued', 'queued', 'queued']);
    await undo(setting, begun);
    setting.chime.state.restore(at(begun.e164s, 0));
    expect(await look(setting, begun)).toMatchObject({
      phoneNumbers: 3,
      fingerprint: begun.inspected.plan.fingerprint,
      batchesToRelease: 1,
      warnings: [offConnector(1)],
    });
  });
});

/** Notes that a restore has begun with the batch. */
async function undo(setting: Setting, begun: Begun): Promise<void> {
  const batch = await batchOf(setting, begun);
  await saveBatch(connectLedger(setting.edge))(begun.batch, { ...batch, undoneAt: nine });
}
