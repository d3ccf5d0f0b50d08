import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/detach-from-groups.ts';
import { retriable } from '../../lambda/errors.ts';
import type { Override } from '../../lambda/plan.ts';
import { changes, errorOf, run, script } from './setting.ts';
import { begin, openSetting, type Setting, type SettingOptions, teardownOf } from './teardown-setting.ts';

const hour = 3_600_000;
const day = 24 * hour;

describe('A connector that', () => {
  it.each([
    ['was protected in the window', 'Protected', protect],
    ['was called through in the window', 'InUse', call],
    ['got a number in the window', 'StillAttached', attach],
  ])('%s stays in its groups as well', async (_what, name, act) => {
    const { setting, voiceConnectorId, isMember, detach } = await open();
    act(setting, voiceConnectorId);
    expect((await errorOf(detach())).name).toBe(name);
    expect(isMember()).toBe(true);
    expect(changes(setting.chime)).toEqual([]);
    expect(await teardownOf(setting, voiceConnectorId)).not.toHaveProperty('detachedFrom');
  });

  it('is protected no more leaves them', async () => {
    const { setting, voiceConnectorId, isMember, detach } = await open();
    protect(setting, voiceConnectorId);
    expect((await errorOf(detach())).name).toBe('Protected');
    setting.chime.state.untag(voiceConnectorId, 'teardown-protection');
    await detach();
    expect(isMember()).toBe(false);
  });

  it.each([
    ['the override is for both looks', { overrides: ['InUse'] } as const],
    ['this deployment does not look at calls', { quietDays: 0 }],
  ])('was called through leaves them where %s', async (_why, options) => {
    const { setting, voiceConnectorId, isMember, detach } = await open(options);
    call(setting, voiceConnectorId);
    await detach();
    expect(isMember()).toBe(false);
    expect(setting.cloudwatch.requests).toEqual([]);
  });

  it('is in no group is looked at by the next step', async () => {
    const { setting, voiceConnectorId, detach } = await open();
    setting.chime.state.groups.leave(voiceConnectorId);
    protect(setting, voiceConnectorId);
    await detach();
    expect(setting.chime.calls().ListTagsForResource).toBe(0);
  });

  it('is gone is in no group, and nothing more is asked', async () => {
    const { setting, voiceConnectorId, detach } = await open();
    setting.chime.state.groups.leave(voiceConnectorId);
    setting.chime.state.deleteConnector(voiceConnectorId);
    await detach();
    expect(setting.chime.requests.map(({ operation }) => operation)).toEqual(['GetVoiceConnector']);
  });
});

describe('The look before the connector leaves its groups', () => {
  it.each(['throttle', 'serviceFailure', 'connectionReset'] as const)(
    'is taken again where tags cannot be read for a passing reason (%s)',
    async (fault) => {
      const { setting, isMember, detach } = await open();
      setting.chime.faults.set({ [fault]: 1, only: ['ListTagsForResource'] });
      const { name } = await errorOf(detach());
      expect([...retriable.throttling, ...retriable.serviceTrouble]).toContain(name);
      expect(isMember()).toBe(true);
      setting.chime.faults.set({});
      await detach();
      expect(isMember()).toBe(false);
    },
  );

  it('is taken each time that the step runs', async () => {
    const { setting, voiceConnectorId, isMember, detach } = await open();
    const fault = { status: 503, code: 'ServiceUnavailable', message: 'Later.' };
    setting.chime.faults.set(script('UpdateVoiceConnectorGroup', fault, fault, fault, fault));
    expect((await errorOf(detach())).name).toBe('ServiceUnavailableException');
    protect(setting, voiceConnectorId);
    expect((await errorOf(detach())).name).toBe('Protected');
    expect(isMember()).toBe(true);
  });
});

interface Options extends SettingOptions {
  readonly overrides?: readonly Override[];
}

/** A connector without numbers in a group, seven days after the run was started. */
async function open({ overrides = [], ...options }: Options = {}) {
  const setting = await openSetting(options);
  const { voiceConnectorId, inspected } = await begin(setting, { numbers: 0 });
  const { state } = setting.chime;
  const ids = [voiceConnectorId, state.addConnector().voiceConnectorId];
  const items = ids.map((id, i) => ({ voiceConnectorId: id, priority: i + 1 }));
  state.addGroup({ name: 'East', items });
  await setting.clock.sleep(7 * day);
  const detach = () => run(setting, connect, { ...inspected, overrides });
  return {
    setting,
    voiceConnectorId,
    isMember: () => state.groups.with(voiceConnectorId).length > 0,
    detach,
  };
}

function protect({ chime }: Setting, voiceConnectorId: string): void {
  chime.state.tag(voiceConnectorId, { 'teardown-protection': '' });
}

function call({ clock, cloudwatch }: Setting, voiceConnectorId: string): void {
  const dimensions = { VoiceConnectorId: voiceConnectorId };
  cloudwatch.put({ name: 'OutboundCallAttempts', dimensions, at: clock.now().getTime() - hour });
}

function attach({ chime }: Setting, connectorId: string): void {
  chime.state.addNumber({ e164: '+13125550199', connectorId });
}
