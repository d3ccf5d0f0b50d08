import { describe, expect, it } from '@jest/globals';
import { retriable } from '../../lambda/errors.ts';
import type { RestoreCheck } from '../../lambda/journey.ts';
import { connect } from '../../lambda/rejoin-groups.ts';
import { check, detached, operation } from './rejoin-setting.ts';
import { errorOf, reply, run } from './setting.ts';
import { teardownOf } from './teardown-setting.ts';

describe('A group that will not take it', () => {
  const denied = { status: 403, code: 'AccessDenied', message: 'Not for +12065550100.' };

  it('is told with what to do about it, and can be tried again: it is still on record', async () => {
    const { setting, group, ids, voiceConnectorId, rejoin } = await detached((make) =>
      make('East', { other: 3, ours: 2 }),
    );
    const { voiceConnectorGroupId: id } = group('East');
    setting.chime.faults.set({
      script: [{ operation, nth: setting.chime.calls()[operation] + 1, fault: denied }],
    });
    expect(await rejoin()).toEqual({
      ...{ verdict: 'incomplete', counts: check.counts, looks: check.looks, phase: 'failed' },
      failure: {
        Error: 'GroupsNotRejoined',
        Cause:
          `No number is missing. Connector ${voiceConnectorId} is not back in 1 Voice Connector group: East (${id}), where ` +
          `it had priority 2: AccessDeniedException (updating Voice Connector group ${id}: Not for …0100.). Restore again ` +
          'once the cause is gone; or add it by hand, in the console or with update-voice-connector-group, which replaces ' +
          'all members of a group: give those that are in it as well.',
      },
    });
    expect((await teardownOf(setting, voiceConnectorId))?.detachedFrom).toHaveLength(1);
    expect(await rejoin()).toEqual(check);
    expect(group('East').items).toContainEqual({ voiceConnectorId: ids.ours, priority: 2 });
    expect(await teardownOf(setting, voiceConnectorId)).not.toHaveProperty('detachedFrom');
  });

  it('does not keep it out of the others', async () => {
    const { setting, group, ids, voiceConnectorId, rejoin } = await detached((make) => {
      make('East', { other: 3, ours: 2 });
      make('West', { other: 1, ours: 7 });
    });
    setting.chime.faults.set({
      script: [{ operation, nth: setting.chime.calls()[operation] + 1, fault: denied }],
    });
    const { failure } = await rejoin();
    expect(failure?.Cause).toContain('not back in 1 Voice Connector group: East (');
    expect(group('West').items).toContainEqual({ voiceConnectorId: ids.ours, priority: 7 });
    expect((await teardownOf(setting, voiceConnectorId))?.detachedFrom).toHaveLength(1);
  });

  it('is told behind what is missing of the numbers', async () => {
    const { setting, restorable } = await detached((make) => make('East', { other: 3, ours: 2 }));
    setting.chime.faults.set({
      script: [{ operation, nth: setting.chime.calls()[operation] + 1, fault: denied }],
    });
    const failure = { Error: 'NumbersGone', Cause: '2 numbers on connector abc, 1 gone for good.' } as const;
    const short: RestoreCheck = { ...check, verdict: 'incomplete', failure, phase: 'restored' };
    expect(await run(setting, connect, { ...restorable, check: short })).toMatchObject({
      ...{ verdict: 'incomplete', phase: 'failed' },
      failure: {
        Error: 'NumbersGone',
        Cause: expect.stringMatching(
          /^2 numbers on connector abc, 1 gone for good\. Connector .* is not back in 1 /,
        ),
      },
    });
  });

  it('for a passing reason is tried again by the flow, once every group was tried', async () => {
    const { setting, group, ids, rejoin } = await detached((make) => {
      make('East', { other: 3, ours: 2 });
      make('West', { other: 1, ours: 7 });
    });
    const nth = setting.chime.calls()[operation];
    setting.chime.faults.set({
      script: [1, 2, 3, 4, 5, 6].map((i) => ({ operation, nth: nth + i, fault: 'throttle' })),
    });
    const { name } = await errorOf(rejoin());
    expect(retriable.throttling).toContain(name);
    expect(group('West').items).toContainEqual({ voiceConnectorId: ids.ours, priority: 7 });
    expect(await rejoin()).toEqual(check);
    expect(group('East').items).toContainEqual({ voiceConnectorId: ids.ours, priority: 2 });
  });

  it('and says nothing is not believed: it is looked at, and tried again', async () => {
    const { setting, group, rejoin } = await detached((make) => make('East', { other: 3, ours: 2 }));
    const nth = setting.chime.calls()[operation] + 1;
    setting.chime.faults.set({ script: [{ operation, nth, fault: reply({ VoiceConnectorGroup: {} }) }] });
    const { name } = await errorOf(rejoin());
    expect(retriable.notYetConverged).toContain(name);
    expect(await rejoin()).toEqual(check);
    expect(group('East').items).toHaveLength(2);
  });
});
