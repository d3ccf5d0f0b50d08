import { describe, expect, it } from '@jest/globals';
import { ListTagsForResourceCommand } from '#chime-api';
import { inspect } from './inspection.ts';
import { codesIn, planned, refused, warningsOf } from './refusals.ts';
import { openSetting, teardownOf } from './teardown-setting.ts';

/** The older API knows no tags of connectors, nor what Amazon Connect has to do with them. */
const knowsTags = ListTagsForResourceCommand !== undefined;

describe(`An inspection through ${knowsTags ? 'the current' : 'the older'} API`, () => {
  it('finds what refuses the run, as far as that API tells', async () => {
    const { setting, request } = await furnished();
    const { voiceConnectorId } = request;
    setting.chime.state.tag(voiceConnectorId, { 'teardown-protection': '' });
    const items = [{ voiceConnectorId, priority: 1 }];
    setting.chime.state.addGroup({ name: 'East', items });
    const triggerValue = `${voiceConnectorId}.voiceconnector.chime.aws`;
    setting.chime.state.addSipRule({ name: 'Rule', triggerType: 'RequestUriHostname', triggerValue });
    expect(codesIn(await refused(setting, request))).toEqual([
      ...(knowsTags ? ['Protected'] : []),
      ...['InGroup', 'SipRules'],
    ]);
  });

  it('says in every plan what it cannot tell', async () => {
    const { setting, request } = await furnished();
    const unchecked = {
      code: 'Unchecked',
      message:
        'Not checked: a protection tag, and whether Amazon Connect uses the connector (the older API knows neither).',
      wayOut: 'Look at the connector in the console, or deploy with chimeApi "chime-sdk-voice".',
    };
    const warnings = await warningsOf(setting, request);
    expect(warnings.filter(({ code }) => code === 'Unchecked')).toEqual(knowsTags ? [] : [unchecked]);
    expect(setting.chime.calls()).toMatchObject({
      ListTagsForResource: knowsTags ? 1 : 0,
      GetVoiceConnectorExternalSystemsConfiguration: knowsTags ? 1 : 0,
      Unknown: 0,
    });
  });

  it('takes the same snapshot of the configuration', async () => {
    const { setting, request } = await furnished();
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
    const snapshot = (await teardownOf(setting, request.voiceConnectorId))?.snapshot;
    expect(snapshot?.configuration).toMatchObject({
      termination: { CpsLimit: 1, DefaultPhoneNumber: '+12065550100' },
      terminationUsernames: ['pbx-1'],
      emergencyCalling: { DNIS: [{ EmergencyPhoneNumber: '+12065550911' }] },
      logging: { EnableSIPLogs: true },
    });
    expect(snapshot?.tags).toEqual(knowsTags ? { team: 'voice' } : undefined);
    expect(snapshot?.configuration).not.toHaveProperty('unreadable');
  });

  it('has the same fingerprint', async () => {
    const { setting, request } = await furnished();
    expect((await planned(setting, request)).plan.fingerprint).toBe(
      'sha256:11ccdfe68ffa79a3c3091435521cf44093799b4c2457c1cedccdc8f4189f2318',
    );
  });
});

async function furnished() {
  const setting = await openSetting();
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 3, name: 'Trunk' });
  setting.chime.state.tag(voiceConnectorId, { team: 'voice' });
  setting.chime.state.configure(voiceConnectorId, {
    termination: { CpsLimit: 1, DefaultPhoneNumber: '+12065550100', CallingRegions: ['US'], Disabled: false },
    terminationCredentials: ['pbx-1'],
    emergencyCallingConfiguration: {
      DNIS: [{ EmergencyPhoneNumber: '+12065550911', CallingCountry: 'US' }],
    },
    loggingConfiguration: { EnableSIPLogs: true },
  });
  return { setting, request: { voiceConnectorId } };
}
