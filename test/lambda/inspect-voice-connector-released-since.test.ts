import { describe, expect, it } from '@jest/globals';
import { connect as connectDelete } from '../../lambda/delete-voice-connector.ts';
import { closeTeardown, connectLedger, openTeardown, updateTeardown } from '../../lambda/ledger/ledger.ts';
import type { Teardown } from '../../lambda/ledger/teardown.ts';
import { inspect } from './inspection.ts';
import { errorOf, run } from './setting.ts';
import { execution, executionNamed, openSetting, type Setting, teardownOf } from './teardown-setting.ts';

const day = 86_400_000;
const began = '2026-01-05T09:00:00.000Z';
const resumed = { ...executionNamed('resumed'), startedAt: '2026-01-08T09:00:00.000Z' };
const again = { ...executionNamed('again'), startedAt: '2026-01-11T09:00:00.000Z' };

describe('Since when calls count before the delete', () => {
  it('is since the run was started that begins to release', async () => {
    const { setting, voiceConnectorId, start } = await open();
    await setting.clock.sleep(60_000);
    expect(await start()).toMatchObject({ releasedSince: began });
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({ releasedSince: began });
  });

  it('stays so however often the run is resumed', async () => {
    const { setting, voiceConnectorId, start } = await open();
    await start();
    for (const [left, next] of [
      [execution, resumed],
      [resumed, again],
    ] as const) {
      await leave(setting, voiceConnectorId, left.id);
      const carriedOn = await inspect(setting, { voiceConnectorId, resume: true }, next);
      expect(carriedOn).toMatchObject({ execution: next, releasedSince: began });
      expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({ releasedSince: began });
    }
  });

  it.each(['snapshot', 'nothing'])(
    'is read from what an item of an earlier version has (%s)',
    async (what) => {
      const { setting, voiceConnectorId, start } = await open();
      await start();
      const { releasedSince: _none, snapshot, ...item } = await found(setting, voiceConnectorId);
      const old = what === 'snapshot' ? { ...item, snapshot, startedAt: resumed.startedAt } : item;
      await openTeardown(connectLedger(setting.edge))({ ...old, holder: execution.id } as never, [], began);
      await leave(setting, voiceConnectorId, execution.id);
      const carriedOn = await inspect(setting, { voiceConnectorId, resume: true }, resumed);
      expect(carriedOn).toMatchObject({ releasedSince: began });
    },
  );

  it('begins anew where a restore was begun in between', async () => {
    const { setting, voiceConnectorId, start } = await open();
    const inspected = await start();
    if (inspected.verdict !== 'delete') throw new Error('It has no numbers.');
    const change = { refusesRunsUntil: '2026-01-06T09:00:00.000Z' };
    await updateTeardown(connectLedger(setting.edge))(voiceConnectorId, execution.id, change);
    await leave(setting, voiceConnectorId, execution.id);
    const { fingerprint: approvedPlan } = inspected.plan;
    expect(await inspect(setting, { voiceConnectorId, resume: true, approvedPlan }, resumed)).toMatchObject({
      releasedSince: resumed.startedAt,
    });
  });
});

describe('A call between the first run and the one that resumes it', () => {
  it('keeps the connector from being deleted', async () => {
    const { setting, voiceConnectorId, start } = await open();
    await start();
    await leave(setting, voiceConnectorId, execution.id);
    const at = setting.clock.now().getTime() - 2 * day;
    const dimensions = { VoiceConnectorId: voiceConnectorId };
    setting.cloudwatch.put({ name: 'OutboundCallAttempts', dimensions, at });
    const inspected = await inspect(setting, { voiceConnectorId, resume: true }, resumed);
    if (inspected.verdict !== 'delete') throw new Error('The first look goes back one day.');
    expect(await errorOf(run(setting, connectDelete, inspected))).toMatchObject({
      name: 'InUse',
      message: expect.stringContaining(`since ${began}, after its release began`),
    });
    expect(setting.chime.remaining().connectors).toBe(1);
  });
});

/** A connector without numbers, and a deployment that wants it to have been quiet for a day. */
async function open() {
  const setting = await openSetting({ quietDays: 1 });
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 0, name: 'Trunk' });
  const start = () => inspect(setting, { voiceConnectorId, expectedPhoneNumbers: 0 });
  return { setting, voiceConnectorId, start };
}

/** The run fails, and three days go by. */
async function leave(setting: Setting, voiceConnectorId: string, holder: string): Promise<void> {
  await closeTeardown(connectLedger(setting.edge))(voiceConnectorId, holder, { phase: 'failed' });
  await setting.clock.sleep(3 * day);
}

async function found(setting: Setting, voiceConnectorId: string): Promise<Teardown> {
  const teardown = await teardownOf(setting, voiceConnectorId);
  if (teardown === undefined) throw new Error('It is on record.');
  return teardown;
}
