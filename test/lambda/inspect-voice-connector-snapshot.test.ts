import { describe, expect, it } from '@jest/globals';
import { closeTeardown, connectLedger } from '../../lambda/ledger/ledger.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { inspect, trunk } from './inspection.ts';
import { at } from './setting.ts';
import {
  batchesOf,
  executionNamed,
  openSetting,
  type Setting,
  stranger,
  teardownOf,
} from './teardown-setting.ts';

const settings = {
  termination: { CpsLimit: 1, DefaultPhoneNumber: '+12065550100', CallingRegions: ['US'], Disabled: false },
  origination: {
    Routes: [{ Host: '198.51.100.12', Port: 5060, Protocol: 'UDP', Priority: 1, Weight: 5 }],
    Disabled: false,
  },
  streamingConfiguration: { DataRetentionInHours: 24, Disabled: false },
  emergencyCallingConfiguration: {
    DNIS: [{ EmergencyPhoneNumber: '+12065550911', CallingCountry: 'US' }],
  },
  loggingConfiguration: { EnableSIPLogs: true, EnableMediaMetricLogs: false },
  proxy: { DefaultSessionExpiryMinutes: 60, Disabled: false, PhoneNumberCountries: ['US'] },
  externalSystemsConfiguration: { SessionBorderControllerTypes: ['RIBBON_SBC'] },
};

describe('The snapshot of a connector', () => {
  it('is in the ledger before anything is changed: what it would take to build it again', async () => {
    const { setting, voiceConnectorId, east, west } = await furnished();
    await inspect(setting, { voiceConnectorId, detachFromGroups: true });
    expect((await teardownOf(setting, voiceConnectorId))?.snapshot).toEqual({
      connector: trunk(voiceConnectorId),
      configuration: {
        termination: settings.termination,
        terminationUsernames: ['pbx-1', 'pbx-2'],
        origination: settings.origination,
        streaming: settings.streamingConfiguration,
        emergencyCalling: settings.emergencyCallingConfiguration,
        logging: settings.loggingConfiguration,
        proxy: settings.proxy,
        externalSystems: settings.externalSystemsConfiguration,
      },
      tags: { team: 'voice', empty: '' },
      groups: [
        { groupId: east, name: 'East', priority: 7 },
        { groupId: west, name: 'West', priority: 99 },
      ],
      takenAt: '2026-01-05T09:00:00.000Z',
    });
  });

  it('has the names of the numbers with these, in the batches', async () => {
    const { setting, voiceConnectorId } = await furnished();
    await inspect(setting, { voiceConnectorId, detachFromGroups: true });
    expect((await batchesOf(setting, { voiceConnectorId })).flatMap(({ numbers }) => numbers)).toEqual([
      {
        ...{ id: '%2B12065550100', e164: '+12065550100', state: 'attached' },
        ...{ name: 'Reception', callingName: 'Acme' },
      },
      { id: '%2B12065550101', e164: '+12065550101', state: 'attached', name: 'Fax' },
      { id: '%2B12065550102', e164: '+12065550102', state: 'attached' },
    ]);
  });

  it.each(switchPositions.notConfigured)(
    'of a bare connector has no more than that (what is not set: %s)',
    async (notConfigured) => {
      const setting = await openSetting({ switches: { notConfigured } });
      const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 1 });
      await inspect(setting, { voiceConnectorId });
      expect((await teardownOf(setting, voiceConnectorId))?.snapshot).toMatchObject({
        configuration: { terminationUsernames: [] },
        tags: {},
        groups: [],
      });
      const { configuration } = (await teardownOf(setting, voiceConnectorId))?.snapshot ?? {};
      expect(Object.keys(configuration ?? {})).toEqual(['terminationUsernames']);
    },
  );

  it('names the parts that the service would not show, and is kept all the same', async () => {
    const { setting, voiceConnectorId } = await furnished();
    const fault = { status: 403, code: 'Forbidden', message: 'No.' };
    setting.chime.faults.set({
      script: [
        { operation: 'GetVoiceConnectorOrigination', nth: 1, fault },
        { operation: 'GetVoiceConnectorProxy', nth: 1, fault: { ...fault, status: 400, code: 'BadRequest' } },
      ],
    });
    await inspect(setting, { voiceConnectorId, detachFromGroups: true });
    const { configuration } = (await teardownOf(setting, voiceConnectorId))?.snapshot ?? {};
    expect(configuration).toMatchObject({
      termination: settings.termination,
      unreadable: { origination: 'ForbiddenException', proxy: 'BadRequestException' },
    });
    expect(configuration).not.toHaveProperty('origination');
  });

  it('holds no number that leaves the ledger with the state', async () => {
    const { setting, voiceConnectorId } = await furnished();
    const inspected = await inspect(setting, { voiceConnectorId, detachFromGroups: true });
    expect(JSON.stringify(inspected)).not.toMatch(/1?2065550\d{3}/);
    expect(inspected).not.toHaveProperty('snapshot');
  });
});

describe('A resumed run', () => {
  it('keeps the snapshot and the names of the first one, whatever has become of them', async () => {
    const { setting, voiceConnectorId, groups } = await furnished();
    const first = await leaveUnfinished(setting, voiceConnectorId);
    const { state } = setting.chime;
    const nothing = Object.fromEntries(Object.keys(settings).map((part) => [part, undefined]));
    state.configure(voiceConnectorId, { ...nothing, terminationCredentials: [] });
    state.untag(voiceConnectorId, 'team', 'empty');
    for (const group of groups) state.groups.update(group, { name: 'Left', items: [] });
    state.rename('+12065550100', { name: 'Lobby', callingName: 'Theirs' });
    state.disassociate('+12065550101');
    state.rename('+12065550101', { name: '' });
    await setting.clock.sleep(86_400_000);

    await inspect(setting, { voiceConnectorId, resume: true, expectedPhoneNumbers: 2 });
    const teardown = await teardownOf(setting, voiceConnectorId);
    expect(teardown?.execution).not.toBe(stranger);
    expect(teardown?.snapshot).toEqual(first);
    const numbers = (await batchesOf(setting, { voiceConnectorId })).flatMap((batch) => batch.numbers);
    expect(numbers.map(({ e164, name, callingName }) => [e164, name, callingName])).toEqual(
      expect.arrayContaining([
        ['+12065550100', 'Reception', 'Acme'],
        ['+12065550101', 'Fax', undefined],
      ]),
    );
  });

  it('keeps it where the connector is gone by now', async () => {
    const { setting, voiceConnectorId } = await furnished();
    const first = await leaveUnfinished(setting, voiceConnectorId);
    setting.chime.state.deleteConnector(voiceConnectorId);
    for (const e164 of ['+12065550100', '+12065550101', '+12065550102']) setting.chime.state.queue(e164);
    expect(await inspect(setting, { voiceConnectorId, resume: true })).toMatchObject({ verdict: 'release' });
    expect((await teardownOf(setting, voiceConnectorId))?.snapshot).toEqual(first);
  });
});

describe('A run after a teardown that was taken back', () => {
  it('is a new one, with a snapshot of its own', async () => {
    const { setting, voiceConnectorId } = await furnished();
    await leaveUnfinished(setting, voiceConnectorId, 'restored');
    setting.chime.state.tag(voiceConnectorId, { team: 'data' });
    await inspect(setting, { voiceConnectorId, detachFromGroups: true });
    expect((await teardownOf(setting, voiceConnectorId))?.snapshot?.tags).toEqual({
      team: 'data',
      empty: '',
    });
  });
});

/** A connector with something of everything, in two groups. */
async function furnished() {
  const setting = await openSetting();
  const { state } = setting.chime;
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 3, name: 'Trunk' });
  const other = state.addConnector().voiceConnectorId;
  state.configure(voiceConnectorId, { ...settings, terminationCredentials: ['pbx-1', 'pbx-2'] });
  state.tag(voiceConnectorId, { team: 'voice', empty: '' });
  state.rename('+12065550100', { name: 'Reception', callingName: 'Acme' });
  state.rename('+12065550101', { name: 'Fax' });
  const groups = ['East', 'West'].map((name, i) => {
    const items = [
      { voiceConnectorId: other, priority: 1 },
      { voiceConnectorId, priority: i === 0 ? 7 : 99 },
    ];
    return state.addGroup({ name, items }).voiceConnectorGroupId;
  });
  return { setting, voiceConnectorId, groups, east: at(groups, 0), west: at(groups, 1) };
}

/** The snapshot of a run that was begun by another execution, and has ended. */
async function leaveUnfinished(
  setting: Setting,
  voiceConnectorId: string,
  phase: 'failed' | 'restored' = 'failed',
) {
  await inspect(setting, { voiceConnectorId, detachFromGroups: true }, executionNamed('another'));
  const first = (await teardownOf(setting, voiceConnectorId))?.snapshot;
  await closeTeardown(connectLedger(setting.edge))(voiceConnectorId, stranger, { phase });
  return first;
}
