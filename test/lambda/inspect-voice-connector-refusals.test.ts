import { describe, expect, it } from '@jest/globals';
import { overridable } from '../../lambda/plan.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { inspect } from './inspection.ts';
import { codesIn, planned, refused } from './refusals.ts';
import { at, errorOf, reply, script } from './setting.ts';
import { openSetting, type SettingOptions } from './teardown-setting.ts';

const arnOf = (id: string) => `arn:aws:chime:us-east-1:111122223333:vc/${id}`;

describe('A protected connector', () => {
  it.each([
    ['teardown-protection', 'true'],
    ['Teardown-Protection', 'false'],
    ['TEARDOWN-PROTECTION', ''],
  ])('is refused by the tag %s, whatever its value ("%s")', async (key, value) => {
    const { setting, request } = await open();
    const { voiceConnectorId } = request;
    setting.chime.state.tag(voiceConnectorId, { team: 'voice', [key]: value });
    expect(await refused(setting, request)).toEqual([
      {
        code: 'Protected',
        message: `Connector ${voiceConnectorId} is protected: it has the tag "${key}".`,
        wayOut:
          `Nothing overrides it. Remove the tag: aws chime-sdk-voice untag-resource --resource-arn ${arnOf(voiceConnectorId)} ` +
          `--tag-keys ${key}`,
      },
    ]);
    setting.chime.state.untag(voiceConnectorId, key);
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
  });

  it('is not one whose tags are others', async () => {
    const { setting, request } = await open();
    setting.chime.state.tag(request.voiceConnectorId, { 'teardown-protections': 'true', team: 'voice' });
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
  });

  it.each(['us', 'teardown-protection'])(
    'is protected by the tag of the setting (here "%s") only',
    async (key) => {
      const { setting, request } = await open({}, { PROTECTION_TAG: 'us' });
      setting.chime.state.tag(request.voiceConnectorId, { [key]: 'x' });
      const isRefused = key === 'us';
      expect(codesIn((await planned(setting, request)).plan.blockers)).toEqual(
        isRefused ? ['Protected'] : [],
      );
    },
  );
});

describe('A connector whose tags cannot be read', () => {
  it.each([
    ['ForbiddenException', { status: 403, code: 'Forbidden', message: 'Not for +12065550100.' }],
    ['AccessDeniedException', { status: 403, code: 'AccessDenied', message: 'No.' }],
    ['NotFoundException', { status: 404, code: 'NotFound', message: 'No.' }],
    ['BadRequestException', { status: 400, code: 'BadRequest', message: 'No.' }],
  ])('counts as protected (%s), and it is said by which ARN they were asked for', async (why, fault) => {
    const { setting, request } = await open({ faults: script('ListTagsForResource', fault) });
    const blockers = await refused(setting, request);
    expect(codesIn(blockers)).toEqual(['Protected']);
    const { message, wayOut } = at(blockers, 0);
    expect(message).toContain('is protected: whether it is protected cannot be read (');
    expect(message).toContain(why);
    expect(wayOut).toBe(
      'Nothing overrides it. Its tags must be readable, with chime:ListTagsForResource on ' +
        `${arnOf(request.voiceConnectorId)}, the ARN that the service gave for it.`,
    );
  });

  it.each(switchPositions.errorHeader)('counts as protected (error header %s)', async (errorHeader) => {
    const fault = { status: 403, code: 'Forbidden', message: 'No.' };
    const faults = script('ListTagsForResource', fault);
    const { setting, request } = await open({ faults, switches: { errorHeader } });
    expect(codesIn(await refused(setting, request))).toEqual(['Protected']);
  });

  it('counts as protected for want of an ARN to read them by', async () => {
    const { setting, request } = await open();
    const bare = reply({ VoiceConnector: { VoiceConnectorId: request.voiceConnectorId, Name: 'Trunk' } });
    setting.chime.faults.set(script('GetVoiceConnector', bare));
    const wayOut =
      'Nothing overrides it. Its tags must be readable, and the service gave no ARN to read them by.';
    expect(await refused(setting, request)).toMatchObject([{ code: 'Protected', wayOut }]);
  });

  it.each([
    ['throttle', 'ThrottledClientException'],
    ['serviceFailure', 'ServiceFailureException'],
    ['connectionReset', 'ServiceUnreachable'],
  ] as const)(
    'for a passing reason (%s) is neither: the step fails, and is run again',
    async (fault, name) => {
      const { setting, request } = await open();
      setting.chime.faults.set({ [fault]: 1, only: ['ListTagsForResource'] });
      expect((await errorOf(inspect(setting, request))).name).toBe(name);
      expect(await setting.ledger.items()).toEqual([]);
      setting.chime.faults.set({});
      expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
    },
  );
});

describe('A connector that a SIP rule points at', () => {
  it.each([
    ['in small letters', false, (host: string) => host],
    ['in capitals', false, (host: string) => host.toUpperCase()],
    ['though the rule is disabled', true, (host: string) => host],
  ])('is refused: by its host name %s', async (_how, disabled, writtenAs) => {
    const { setting, request } = await open();
    const { voiceConnectorId } = request;
    const triggerValue = writtenAs(`${voiceConnectorId}.voiceconnector.chime.aws`);
    const rule = { name: 'Reception', triggerType: 'RequestUriHostname', triggerValue, disabled } as const;
    const { sipRuleId } = setting.chime.state.addSipRule(rule);
    expect(await refused(setting, request)).toEqual([
      {
        code: 'SipRules',
        message: `SIP rule Reception (${sipRuleId}) is triggered by the host name of connector ${voiceConnectorId} (${triggerValue}).`,
        wayOut: `Disable the rule, then delete it: aws chime-sdk-voice delete-sip-rule --sip-rule-id ${sipRuleId}`,
      },
    ]);
  });

  it('is refused for each rule, on whatever page of the list it is', async () => {
    const { setting, request } = await open();
    const { state } = setting.chime;
    const other = `${state.addConnector().voiceConnectorId}.voiceconnector.chime.aws`;
    const host = `${request.voiceConnectorId}.voiceconnector.chime.aws`;
    for (let i = 0; i < 250; i += 1) {
      const triggerValue = i === 3 || i === 249 ? host : other;
      state.addSipRule({ name: `Rule ${i}`, triggerType: 'RequestUriHostname', triggerValue });
    }
    const blockers = await refused(setting, request);
    expect(blockers.map(({ code, message }) => [code, message.split(' (')[0]])).toEqual([
      ['SipRules', 'SIP rule Rule 3'],
      ['SipRules', 'SIP rule Rule 249'],
    ]);
  });

  it('is none of which only a number is in a rule: that cannot be on a connector', async () => {
    const { setting, request, e164s } = await open();
    const triggerValue = at(e164s, 0);
    setting.chime.state.addSipRule({ name: 'Number', triggerType: 'ToPhoneNumber', triggerValue });
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
  });
});

describe('A connector of Amazon Connect', () => {
  it('is refused, and left to Connect', async () => {
    const { setting, request } = await open({}, {}, { integrationType: 'CONNECT_CALL_TRANSFER_CONNECTOR' });
    expect(await refused(setting, request)).toEqual([
      {
        code: 'ManagedByConnect',
        message: `Amazon Connect uses connector ${request.voiceConnectorId} (CONNECT_CALL_TRANSFER_CONNECTOR).`,
        wayOut: 'Remove the integration in Amazon Connect, which then takes care of the connector.',
      },
    ]);
  });
});

describe('Numbers that the service is busy with', () => {
  it('refuse the run, by how many have which status', async () => {
    const { setting, request, e164s } = await open({ numbers: 6 });
    const statuses = ['PortinInProgress', 'PortinInProgress', 'PortinCancelRequested', 'AcquireInProgress'];
    statuses.forEach((status, i) => {
      setting.chime.state.setStatus(at(e164s, i), status as 'PortinInProgress');
    });
    expect(await refused(setting, request)).toEqual([
      {
        code: 'NumbersInFlight',
        message: `Connector ${request.voiceConnectorId} has numbers that are being ported in or provisioned: 2 × PortinInProgress, 1 × PortinCancelRequested, 1 × AcquireInProgress.`,
        wayOut: 'Wait until the service is done with them, then plan again.',
      },
    ]);
  });
});

describe('A plan that was approved', () => {
  it('is the plan in whatever order the numbers are listed', async () => {
    const { setting, request, e164s } = await open({ numbers: 4 });
    const { fingerprint } = (await planned(setting, request)).plan;
    const Associations = [{ Name: 'VoiceConnectorId', Value: request.voiceConnectorId }];
    const listed = e164s.map((e164) => ({
      ...{ PhoneNumberId: e164, E164PhoneNumber: e164, Status: 'Assigned', Associations },
    }));
    setting.chime.faults.set({
      script: [
        { operation: 'ListPhoneNumbers', nth: 2, fault: reply({ PhoneNumbers: listed.toReversed() }) },
      ],
    });
    const approved = { ...request, approvedPlan: fingerprint };
    expect(await inspect(setting, approved)).toMatchObject({ verdict: 'release', plan: { fingerprint } });
  });

  it.each(['added', 'taken off'])('is another one where a number was %s since', async (what) => {
    const { setting, request, e164s } = await open();
    const approvedPlan = (await planned(setting, request)).plan.fingerprint;
    const { voiceConnectorId: connectorId } = request;
    if (what === 'added') setting.chime.state.addNumber({ e164: '+13125550199', connectorId });
    else setting.chime.state.disassociate(at(e164s, 0));
    const { fingerprint } = (await planned(setting, request)).plan;
    expect(await refused(setting, { ...request, approvedPlan })).toEqual([
      {
        code: 'PlanChanged',
        message: `The plan for connector ${connectorId} is not the one that was approved: numbers were added, removed or moved since, or it was another connector's. Its fingerprint now is ${fingerprint}.`,
        wayOut: 'Look at a plan again ("dryRun": true), and give its fingerprint as "approvedPlan".',
      },
    ]);
  });

  it('is another one where it was for another connector, also without any numbers', async () => {
    const { setting, request } = await open({ numbers: 0 });
    const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 0 });
    const approvedPlan = (await planned(setting, { voiceConnectorId })).plan.fingerprint;
    const asked = { ...request, approvedPlan, expectedPhoneNumbers: 0 };
    expect(codesIn(await refused(setting, asked))).toEqual(['PlanChanged']);
  });

  it('must be named where this deployment wants it, and a dry run does without', async () => {
    const { setting, request } = await open({ requireApprovedPlan: true });
    expect(await refused(setting, request)).toEqual([
      {
        code: 'InvalidInput',
        message:
          'approvedPlan is missing, and this deployment runs no teardown without it (setting requireApprovedPlan).',
        wayOut: 'Look at a plan ("dryRun": true), and give its fingerprint as "approvedPlan".',
      },
    ]);
    const approvedPlan = (await planned(setting, request)).plan.fingerprint;
    expect(await inspect(setting, { ...request, approvedPlan })).toMatchObject({ verdict: 'release' });
  });
});

describe('Several reasons to refuse', () => {
  it('are told all at once, in a plan as in a refusal, and only calls can be overridden', async () => {
    const { setting, request, e164s } = await open(
      {},
      {},
      { integrationType: 'CONNECT_ANALYTICS_CONNECTOR' },
    );
    const { voiceConnectorId } = request;
    const { state } = setting.chime;
    const items = [{ voiceConnectorId, priority: 1 }];
    state.tag(voiceConnectorId, { 'teardown-protection': '' });
    for (const name of ['East', 'West']) state.addGroup({ name, items });
    const triggerValue = `${voiceConnectorId}.voiceconnector.chime.aws`;
    state.addSipRule({ name: 'Rule', triggerType: 'RequestUriHostname', triggerValue });
    state.setStatus(at(e164s, 0), 'PortinInProgress');
    setting.cloudwatch.put({
      name: 'InboundCallAttempts',
      dimensions: { VoiceConnectorId: voiceConnectorId },
    });
    const asked = { ...request, expectedPhoneNumbers: 7, approvedPlan: `sha256:${'0'.repeat(64)}` };
    const all = [
      ...['Protected', 'ManagedByConnect', 'InGroup', 'InGroup', 'SipRules'],
      ...['InUse', 'NumbersInFlight', 'CountMismatch', 'PlanChanged'],
    ];
    expect(codesIn(await refused(setting, asked))).toEqual(all);
    expect(codesIn((await planned(setting, asked)).plan.blockers)).toEqual(all);
    const overridden = { ...asked, overrides: ['InUse'], detachFromGroups: true };
    expect(codesIn(await refused(setting, overridden))).toEqual(
      all.filter((code) => code !== 'InUse' && code !== 'InGroup'),
    );
  });

  it.each([
    'Protected',
    'InGroup',
    'SipRules',
    'ManagedByConnect',
    'NumbersInFlight',
    'PlanChanged',
    'Unfinished',
  ])('are not taken away by an override of %s: there is none', async (code) => {
    const { setting, request } = await open();
    const [blocker, ...others] = await refused(setting, { ...request, overrides: ['InUse', code] });
    expect([blocker?.code, others]).toEqual(['InvalidInput', []]);
    expect(blocker?.message).toContain(`must be ${overridable.join(' or ')}: no other blocker can be`);
    expect(setting.chime.requests).toEqual([]);
  });
});

interface Options extends SettingOptions {
  readonly numbers?: number;
}

async function open(
  { numbers = 3, ...options }: Options = {},
  env: Record<string, string> = {},
  connector: { integrationType?: string } = {},
) {
  const opened = await openSetting(options);
  const setting = { ...opened, edge: { ...opened.edge, env: { ...opened.edge.env, ...env } } };
  const { voiceConnectorId, e164s } = setting.chime.seedConnector({ numbers, name: 'Trunk', ...connector });
  return { setting, request: { voiceConnectorId }, e164s };
}
