import { describe, expect, it } from '@jest/globals';
import { connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import { fingerprintOf } from '../../lambda/plan.ts';
import { codesOf, inspect } from './inspection.ts';
import { planned, refused } from './refusals.ts';
import { at } from './setting.ts';
import { begin, execution, leave, openSetting, over, stranger } from './teardown-setting.ts';

/** When a restore was asked for; our run was started an hour later. */
const eight = '2026-01-05T08:00:00.000Z';

describe('After a restore that came to its end', () => {
  it('there is nothing to resume, and a fresh run is welcome', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = await leave(setting, { numbers: 2, phase: 'restored' });
    const [blocker] = await refused(setting, { voiceConnectorId, resume: true });
    expect(blocker).toMatchObject({
      code: 'RestoreRequested',
      message: expect.stringContaining('there is nothing to resume'),
    });
    expect(await inspect(setting, { voiceConnectorId })).toMatchObject({ verdict: 'release' });
  });
});

describe('After a restore that was begun, and did not come to its end', () => {
  it.each([{}, { expectedPhoneNumbers: 2 }])(
    'a resumed run is refused, whatever count it states (%j), with both ways out',
    async (request) => {
      const { setting, voiceConnectorId, fingerprint } = await restoring();
      expect(await inspect(setting, { voiceConnectorId, resume: true, ...request })).toMatchObject({
        verdict: 'refused',
        blockers: [
          {
            code: 'RestoreRequested',
            message: expect.stringContaining(`was begun at ${eight}, and has not come to its end`),
            wayOut: expect.stringContaining(`"approvedPlan": "${fingerprint}"`),
          },
        ],
      });
    },
  );

  it('it goes on with a plan that is approved anew', async () => {
    const { setting, voiceConnectorId, fingerprint } = await restoring();
    const request = { voiceConnectorId, resume: true, approvedPlan: fingerprint };
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release', phoneNumbers: 2 });
  });
});

describe('Where one number took the place of another since the run before', () => {
  it('the same count agrees to nothing, and the fingerprint of the new plan does', async () => {
    const setting = await openSetting();
    const { voiceConnectorId, e164s } = await leave(setting, { numbers: 2 });
    const { state } = setting.chime;
    const [kept, moved, newcomer] = [at(e164s, 0), at(e164s, 1), '+12065559999'];
    state.associate(moved, state.addConnector().voiceConnectorId);
    state.addNumber({ e164: newcomer, connectorId: voiceConnectorId });
    const request = { voiceConnectorId, resume: true };
    expect(codesOf(await inspect(setting, { ...request, expectedPhoneNumbers: 2 }))).toEqual(['PlanChanged']);
    const approvedPlan = fingerprintOf(voiceConnectorId, [kept, newcomer]);
    expect(await inspect(setting, { ...request, approvedPlan })).toMatchObject({ verdict: 'release' });
  });
});

describe('The forecast of a dry run', () => {
  it.each([
    [false, undefined],
    [true, 1],
  ])('has the update of a group only where it is to be left (detachFromGroups %j)', async (detach, count) => {
    const setting = await openSetting();
    const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 1 });
    const other = setting.chime.seedConnector({ numbers: 0 });
    const items = [voiceConnectorId, other.voiceConnectorId].map((id, i) => ({
      voiceConnectorId: id,
      priority: i + 1,
    }));
    setting.chime.state.addGroup({ name: 'Pool', items });
    const { forecast } = await planned(setting, { voiceConnectorId, detachFromGroups: detach });
    expect(forecast.calls.UpdateVoiceConnectorGroup).toBe(count);
  });
});

/** A teardown whose restore was begun, and has failed. */
async function restoring() {
  const setting = await openSetting();
  const { voiceConnectorId, e164s } = await begin(setting, { numbers: 2, holder: stranger });
  await updateTeardown(connectLedger(setting.edge))(voiceConnectorId, stranger, {
    phase: 'failed',
    refusesRunsUntil: eight,
  });
  await over(setting, stranger);
  expect(execution.startedAt > eight).toBe(true);
  return { setting, voiceConnectorId, fingerprint: fingerprintOf(voiceConnectorId, e164s) };
}
