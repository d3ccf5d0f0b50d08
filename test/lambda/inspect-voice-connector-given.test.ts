import { describe, expect, it } from '@jest/globals';
import { closeTeardown, connectLedger } from '../../lambda/ledger/ledger.ts';
import { inspect } from './inspection.ts';
import { planned, refused } from './refusals.ts';
import { at } from './setting.ts';
import {
  execution,
  executionNamed,
  openSetting,
  over,
  type Setting,
  teardownOf,
} from './teardown-setting.ts';

const [second, third] = [executionNamed('second'), executionNamed('third')];
const all = { detachFromGroups: true, overrides: ['InUse'] };

describe('The command to resume', () => {
  it.each([{}, { detachFromGroups: true }, { overrides: ['InUse'] }, all])(
    'says again what the run was given (%j)',
    async (given) => {
      const { setting, voiceConnectorId } = await open();
      await inspect(setting, { voiceConnectorId, ...given });
      await leave(setting, voiceConnectorId, execution.id);
      const input = `--input '${JSON.stringify({ voiceConnectorId, resume: true, ...given })}'`;
      const { wayOut } = at(await refused(setting, { voiceConnectorId }, second), 0);
      expect(wayOut).toContain(`${input} - to go back`);
      const { teardown } = await planned(setting, { voiceConnectorId }, second);
      expect(teardown?.resumeCommand).toContain(input);
    },
  );

  it('says nothing again of what was given in vain', async () => {
    const { setting, voiceConnectorId } = await open();
    await inspect(setting, { voiceConnectorId, detachFromGroups: false, overrides: [] });
    await leave(setting, voiceConnectorId, execution.id);
    const { teardown } = await planned(setting, { voiceConnectorId }, second);
    expect(teardown?.resumeCommand).toContain(`'{"voiceConnectorId":"${voiceConnectorId}","resume":true}'`);
  });

  it('is about the last run: what that was not given is not said for it', async () => {
    const { setting, voiceConnectorId } = await open();
    await inspect(setting, { voiceConnectorId, ...all });
    await leave(setting, voiceConnectorId, execution.id);
    await inspect(setting, { voiceConnectorId, resume: true, detachFromGroups: true }, second);
    await leave(setting, voiceConnectorId, second.id);
    const { teardown } = await planned(setting, { voiceConnectorId }, third);
    expect(teardown?.resumeCommand).toContain('"resume":true,"detachFromGroups":true}');
  });
});

describe('A resumed run', () => {
  it('has nothing that is not said for it anew', async () => {
    const { setting, voiceConnectorId } = await open();
    await inspect(setting, { voiceConnectorId, ...all });
    await leave(setting, voiceConnectorId, execution.id);
    const resumed = await inspect(setting, { voiceConnectorId, resume: true }, second);
    expect(resumed).toMatchObject({ detachFromGroups: false, overrides: [] });
    const teardown = await teardownOf(setting, voiceConnectorId);
    expect(teardown).not.toHaveProperty('overrides');
    expect(teardown).not.toHaveProperty('detachFromGroups');
  });

  it('keeps on record who overrode what in the runs before it, when and why, and adds its own', async () => {
    const { setting, voiceConnectorId } = await open();
    const [ada, bob] = [
      { requestedBy: 'Ada', reason: 'Test calls' },
      { requestedBy: 'Bob', reason: 'Test calls again' },
    ];
    const { overrides } = all;
    await inspect(setting, { voiceConnectorId, overrides, ...ada });
    await leave(setting, voiceConnectorId, execution.id);
    await inspect(setting, { voiceConnectorId, resume: true, requestedBy: 'Eve' }, second);
    await leave(setting, voiceConnectorId, second.id);
    await inspect(setting, { voiceConnectorId, resume: true, overrides, ...bob }, third);
    expect((await teardownOf(setting, voiceConnectorId))?.overridden).toEqual([
      { overrides, execution: execution.id, at: '2026-01-05T09:00:00.000Z', ...ada },
      { overrides, execution: third.id, at: '2026-01-07T09:00:00.000Z', ...bob },
    ]);
  });

  it('takes nobody’s name for an override that nobody put a name to', async () => {
    const { setting, voiceConnectorId } = await open();
    await inspect(setting, { voiceConnectorId, requestedBy: 'Ada', reason: 'CHG-1' });
    await leave(setting, voiceConnectorId, execution.id);
    await inspect(setting, { voiceConnectorId, resume: true, overrides: ['InUse'] }, second);
    const { overridden, requestedBy } = (await teardownOf(setting, voiceConnectorId)) ?? {};
    expect(requestedBy).toBe('Ada');
    expect(overridden).toEqual([
      { overrides: ['InUse'], execution: second.id, at: '2026-01-06T09:00:00.000Z' },
    ]);
  });
});

async function open() {
  const setting = await openSetting();
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 2, name: 'Trunk' });
  return { setting, voiceConnectorId };
}

/** The run fails, and a day goes by. */
async function leave(setting: Setting, voiceConnectorId: string, holder: string): Promise<void> {
  await closeTeardown(connectLedger(setting.edge))(voiceConnectorId, holder, { phase: 'failed' });
  await over(setting, holder);
  await setting.clock.sleep(86_400_000);
}
