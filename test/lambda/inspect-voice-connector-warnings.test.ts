import { describe, expect, it } from '@jest/globals';
import type { Account } from '../../local/chime/account.ts';
import { inspect } from './inspection.ts';
import { codesIn, planned, warningsOf } from './refusals.ts';
import { errorOf, script } from './setting.ts';
import {
  type BeginOptions,
  begin,
  leave,
  openSetting,
  over,
  restoreMachine,
  running,
  type Setting,
  stranger,
  teardownOf,
} from './teardown-setting.ts';

const hour = 3_600_000;
const restoreCommand = (id: string) =>
  `aws stepfunctions start-execution --state-machine-arn ${restoreMachine} --input '{"voiceConnectorId":"${id}"}'`;

describe('Every plan', () => {
  it('says that calls stop at once, how to undo it until when, and what cannot be seen', async () => {
    const { setting, request } = await open();
    expect((await planned(setting, request)).plan.warnings).toEqual([
      {
        code: 'CallsStop',
        message: 'Calls stop at minute one: the window saves the numbers, not the service.',
        wayOut: `Until the window ends, all of it can be undone: ${restoreCommand(request.voiceConnectorId)}`,
      },
      {
        code: 'PortOutUnseen',
        message: 'Whether a number is being ported out cannot be seen through the API.',
        wayOut:
          'Ask whoever orders ports for you: take a number that is being ported off the connector before the run.',
      },
    ]);
  });

  it('without numbers says that there is no window', async () => {
    const { setting, request } = await open({ numbers: 0 });
    expect((await planned(setting, { ...request, expectedPhoneNumbers: 0 })).plan.warnings).toEqual([
      {
        code: 'NoWindow',
        message:
          'There are no numbers, and so no deletion window: the connector is deleted at once, which cannot be undone.',
        wayOut:
          'Its configuration stays in the ledger, to build it again; it would have another id and host name.',
      },
    ]);
  });

  it('has its warnings in what the run goes on with, and in the ledger', async () => {
    const { setting, request } = await open({ configure: { terminationCredentials: ['pbx-1'] } });
    const { warnings } = (await planned(setting, request)).plan;
    expect(codesIn(warnings)).toEqual(['CallsStop', 'PortOutUnseen', 'CredentialsGo']);
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release', plan: { warnings } });
    expect((await teardownOf(setting, request.voiceConnectorId))?.warnings).toEqual(warnings);
  });
});

describe('A plan warns of what is configured', () => {
  const DNIS = [{ EmergencyPhoneNumber: '+12065550911', CallingCountry: 'US' }];
  const calling = (DefaultPhoneNumber: string) => ({ termination: { DefaultPhoneNumber } });
  const cases: [string, Configured, string[]][] = [
    ['emergency calling', { emergencyCallingConfiguration: { DNIS } }, ['EmergencyCalling']],
    ['emergency calling without a number', { emergencyCallingConfiguration: { DNIS: [] } }, []],
    ['a default calling number that goes', calling('+12065550101'), ['DefaultCallingNumber']],
    ['one that goes, written without a plus', calling('12065550101'), ['DefaultCallingNumber']],
    ['a default calling number of another connector', calling('+13125550199'), []],
    ['termination without one', { termination: { Disabled: false } }, []],
    ['credentials', { terminationCredentials: ['pbx-1', 'pbx-2'] }, ['CredentialsGo']],
    [
      'streaming',
      { streamingConfiguration: { DataRetentionInHours: 1, Disabled: false } },
      ['StreamingGoes'],
    ],
    ['streaming of which nobody says that it is off', { streamingConfiguration: {} }, ['StreamingGoes']],
    ['streaming that is off', { streamingConfiguration: { Disabled: true } }, []],
    ['logging', { loggingConfiguration: { EnableSIPLogs: true } }, []],
  ];

  it.each(cases)('where that is %s', async (_what, configure, codes) => {
    const { setting, request } = await open({ configure });
    expect(codesIn(await warningsOf(setting, request))).toEqual(codes);
  });

  it('in words that name no number and no user', async () => {
    const { setting, request } = await open({
      configure: { ...calling('+12065550101'), terminationCredentials: ['pbx-1'] },
    });
    expect(await warningsOf(setting, request)).toEqual([
      {
        code: 'DefaultCallingNumber',
        message: "The connector's default calling number (…0101) is among the numbers that go.",
        wayOut: 'Move it to another connector before the run, if it is to be kept.',
      },
      {
        code: 'CredentialsGo',
        message:
          '1 termination credential will go with the connector; the ledger keeps the user names, and passwords cannot be read.',
        wayOut: 'Make sure that no equipment depends on them.',
      },
    ]);
  });

  it('and of the parts that the service would not show, by its error', async () => {
    const { setting, request } = await open();
    const fault = { status: 403, code: 'AccessDenied', message: 'No.' };
    setting.chime.faults.set({
      script: [
        { operation: 'GetVoiceConnectorEmergencyCallingConfiguration', nth: 1, fault },
        { operation: 'ListVoiceConnectorTerminationCredentials', nth: 1, fault },
      ],
    });
    expect(await warningsOf(setting, request)).toEqual([
      {
        code: 'Unreadable',
        message:
          'The service would not show these parts of the configuration, and the snapshot lacks them: ' +
          'terminationUsernames (AccessDeniedException), emergencyCalling (AccessDeniedException).',
        wayOut: 'Note them down in the console, if they matter.',
      },
    ]);
  });

  it.each([
    [403, 'Forbidden', 'ForbiddenException'],
    [403, 'AccessDenied', 'AccessDeniedException'],
    [400, 'BadRequest', 'BadRequestException'],
  ])('and of SIP rules that the service would not list (%d %s)', async (status, code, name) => {
    const { setting, request } = await open();
    setting.chime.faults.set(script('ListSipRules', { status, code, message: 'Not for +12065550100.' }));
    expect(await warningsOf(setting, request)).toEqual([
      {
        code: 'Unchecked',
        message: `Not checked: whether SIP rules point at the connector (the service will not list them: ${name}).`,
        wayOut: 'If you use SIP rules, look at their triggers.',
      },
    ]);
  });

  it('but not in the place of a SIP rule that was found before the list broke off', async () => {
    const { setting, request } = await open();
    const triggerValue = `${request.voiceConnectorId}.voiceconnector.chime.aws`;
    for (let i = 0; i < 150; i += 1)
      setting.chime.state.addSipRule({
        name: `Rule ${i}`,
        triggerType: 'RequestUriHostname',
        triggerValue: i === 0 ? triggerValue : 'other.voiceconnector.chime.aws',
      });
    const fault = { status: 400, code: 'BadRequest', message: 'The page token is too old.' };
    setting.chime.faults.set({ script: [{ operation: 'ListSipRules', nth: 2, fault }] });
    const { plan } = await planned(setting, request);
    expect(codesIn(plan.blockers)).toEqual(['SipRules']);
    expect(codesIn(plan.warnings)).toContain('Unchecked');
  });

  it('but waits for a part that the service cannot show just now', async () => {
    const { setting, request } = await open();
    setting.chime.faults.set({ throttle: 1, only: ['GetVoiceConnectorOrigination'] });
    expect((await errorOf(inspect(setting, request))).name).toBe('ThrottledClientException');
    expect(await setting.ledger.items()).toEqual([]);
  });
});

describe('A dry run forecasts', () => {
  it('the calls that would change something, the end of the window, and the cost until then', async () => {
    const { setting, request } = await open({ numbers: 120 });
    await setting.clock.sleep(hour);
    const { voiceConnectorId } = request;
    expect((await planned(setting, request)).forecast).toEqual({
      calls: {
        DisassociatePhoneNumbersFromVoiceConnector: 3,
        BatchDeletePhoneNumber: 3,
        DeleteVoiceConnector: 1,
      },
      windowEndsAt: '2026-01-12T10:00:00.000Z',
      monthlyCost: {
        usDollars: 120,
        basis: expect.stringMatching(/^\$1\.00 a number and month, .* pricing/),
      },
      toKeepSome: `Take them off before the run, each then costs what it did: aws chime-sdk-voice disassociate-phone-numbers-from-voice-connector --voice-connector-id ${voiceConnectorId} --e164-phone-numbers +1…`,
    });
  });

  it('calls batch by batch, as the run makes them', async () => {
    const { setting, request } = await open({ numbers: 501 });
    expect((await planned(setting, request)).forecast.calls).toMatchObject({
      DisassociatePhoneNumbersFromVoiceConnector: 11,
      BatchDeletePhoneNumber: 11,
    });
  });

  it('one call for a connector without numbers, and no window', async () => {
    const { setting, request } = await open({ numbers: 0 });
    expect((await planned(setting, { ...request, expectedPhoneNumbers: 0 })).forecast).toMatchObject({
      calls: { DeleteVoiceConnector: 1 },
      windowEndsAt: '2026-01-05T09:00:00.000Z',
      monthlyCost: { usDollars: 0 },
    });
  });

  it.each([
    ['attached', { DisassociatePhoneNumbersFromVoiceConnector: 1, BatchDeletePhoneNumber: 1 }],
    ['unassigned', { BatchDeletePhoneNumber: 1 }],
    ['queued', {}],
  ] as const)('what is left to do where numbers were left %s', async (state, calls) => {
    const setting = await openSetting();
    const { voiceConnectorId } = await leave(setting, { numbers: 4, state });
    const { forecast } = await planned(setting, { voiceConnectorId, resume: true });
    expect(forecast.windowEndsAt).toMatch(/^2026-01-12T09:00:00/);
    expect(forecast.calls).toEqual({ ...calls, DeleteVoiceConnector: 1 });
  });

  it('the window of numbers that are in the queue already from when they were put there', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = await leave(setting, { numbers: 4, state: 'queued' });
    await setting.clock.sleep(24 * hour);
    const { forecast } = await planned(setting, { voiceConnectorId, resume: true });
    expect(forecast.windowEndsAt).toBe('2026-01-12T09:00:00.000Z');
  });

  it('no delete where the connector is gone', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = await leave(setting, { numbers: 4, state: 'unassigned' });
    setting.chime.state.deleteConnector(voiceConnectorId);
    const { forecast } = await planned(setting, { voiceConnectorId, resume: true });
    expect(forecast.calls).toEqual({ BatchDeletePhoneNumber: 1 });
  });
});

describe('A dry run of a connector whose teardown is under way', () => {
  it.each([true, false])('says how it stands (running: %p), and how to go on or back', async (isRunning) => {
    const { setting, voiceConnectorId } = await underWay({ numbers: 4, state: 'queued', phase: 'window' });
    if (isRunning) running(setting, stranger);
    else await over(setting, stranger);
    const { teardown, plan } = await planned(setting, { voiceConnectorId });
    expect(teardown).toEqual({
      ...{ phase: 'window', execution: stranger, isRunning },
      ...{ attached: 0, unassigned: 0, queued: 4, gone: 0, reclaimed: 0 },
      resumeCommand: expect.stringContaining(`'{"voiceConnectorId":"${voiceConnectorId}","resume":true}'`),
      restoreCommand: restoreCommand(voiceConnectorId),
    });
    expect(codesIn(plan.blockers)).toEqual([isRunning ? 'AlreadyRunning' : 'Unfinished']);
  });

  it('says nothing of one that is over', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = await leave(setting, { numbers: 4, phase: 'restored' });
    expect(await planned(setting, { voiceConnectorId })).not.toHaveProperty('teardown');
  });
});

type Configured = Parameters<Account['configure']>[1];

async function open({ numbers = 3, configure = {} }: { numbers?: number; configure?: Configured } = {}) {
  const setting = await openSetting();
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers, name: 'Trunk' });
  setting.chime.state.configure(voiceConnectorId, configure);
  return { setting, request: { voiceConnectorId } };
}

async function underWay(options: BeginOptions): Promise<{ setting: Setting; voiceConnectorId: string }> {
  const setting = await openSetting();
  const { voiceConnectorId } = await begin(setting, { ...options, holder: stranger });
  return { setting, voiceConnectorId };
}
