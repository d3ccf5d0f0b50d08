import { describe, expect, it } from '@jest/globals';
import type { Datum } from '../../local/cloudwatch.ts';
import { inspect } from './inspection.ts';
import { codesIn, planned, refused, warningsOf } from './refusals.ts';
import { at } from './setting.ts';
import { openSetting, type Setting, type SettingOptions } from './teardown-setting.ts';

const hour = 3_600_000;
const day = 24 * hour;

describe('A connector with calls', () => {
  it('is refused: how many there were, since when, and what can be done', async () => {
    const { setting, request } = await open();
    call(setting, request, { name: 'InboundCallAttempts', value: 40, ago: 3 * day });
    call(setting, request, { name: 'OutboundCallAttempts', value: 2, ago: hour });
    expect(await refused(setting, request)).toEqual([
      {
        code: 'InUse',
        message: `At least 42 calls went through connector ${request.voiceConnectorId} since 2025-12-22T09:00:00.000Z.`,
        wayOut: 'Wait until it has been quiet for 14 days, or say "overrides": ["InUse"].',
      },
    ]);
  });

  it('is refused for one call alone, and in words that fit that', async () => {
    const { setting, request } = await open();
    call(setting, request, {});
    const [blocker] = await refused(setting, request);
    expect(blocker?.message).toMatch(/^At least one call went through connector \w+ since /);
  });

  it.each([
    [14, 14 * day, true],
    [14, 14 * day + 1, false],
    [3, 3 * day, true],
    [3, 3 * day + 1, false],
    [1, 2 * day, false],
  ])(
    'is in use where quietDays is %d and the last call was %d ms ago: %p',
    async (quietDays, ago, isInUse) => {
      const { setting, request } = await open({ quietDays });
      call(setting, request, { ago });
      if (isInUse) expect(codesIn(await refused(setting, request))).toEqual(['InUse']);
      else expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
    },
  );

  it('is told for how long it has to be quiet here', async () => {
    const { setting, request } = await open({ quietDays: 3 });
    call(setting, request, {});
    const [blocker] = await refused(setting, request);
    expect(blocker?.message).toContain('since 2026-01-02T09:00:00.000Z.');
    expect(blocker?.wayOut).toContain('quiet for 3 days');
  });

  it('in another Region is found there', async () => {
    const { setting, request } = await open({}, 'us-west-2');
    call(setting, request, { region: 'us-west-2' });
    expect(codesIn(await refused(setting, request))).toEqual(['InUse']);
  });

  it('is another one where only others have calls', async () => {
    const { setting, request } = await open();
    call(setting, { voiceConnectorId: setting.chime.state.addConnector().voiceConnectorId }, {});
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
  });
});

describe('Calls that cannot be counted', () => {
  it.each([
    [400, 'AccessDeniedException', 'AccessDeniedException'],
    [400, 'ThrottlingException', 'ThrottledClientException'],
    [500, 'InternalServiceFault', 'ServiceFailureException'],
  ])('(%d %s) count as calls', async (status, code, name) => {
    const { setting, request } = await open();
    const { voiceConnectorId } = request;
    setting.cloudwatch.fault = { status, code, message: 'Not for +12065550100.' };
    expect(await refused(setting, request)).toEqual([
      {
        code: 'InUse',
        message:
          `Whether calls went through connector ${voiceConnectorId} in the last 14 days cannot be read (${name}: ` +
          `listing the call metrics of connector ${voiceConnectorId}: Not for …0100.).`,
        wayOut: 'Wait until it has been quiet for 14 days, or say "overrides": ["InUse"].',
      },
    ]);
  });

  it('count as calls where CloudWatch does not answer at all', async () => {
    const { setting, request } = await open();
    await setting.cloudwatch.close();
    const [blocker, ...others] = await refused(setting, request);
    expect([blocker?.code, others]).toEqual(['InUse', []]);
    expect(blocker?.message).toContain('cannot be read (ServiceUnreachable: ');
  });
});

describe('An override of InUse', () => {
  it('lets the run go on, and the plan says which calls there were', async () => {
    const { setting, request } = await open();
    call(setting, request, { value: 5 });
    const overridden = { ...request, overrides: ['InUse'] };
    expect(await warningsOf(setting, overridden)).toEqual([
      {
        code: 'CallsOverridden',
        message: `At least 5 calls went through connector ${request.voiceConnectorId} since 2025-12-22T09:00:00.000Z.`,
        wayOut: 'Leave "overrides" out if calls are to refuse the run.',
      },
    ]);
    const released = await inspect(setting, overridden);
    expect(released).toMatchObject({ verdict: 'release', overrides: ['InUse'] });
    expect(await setting.ledger.items()).toContainEqual(
      expect.objectContaining({ item: 'teardown', overrides: ['InUse'] }),
    );
  });

  it('goes for calls that cannot be counted, too', async () => {
    const { setting, request } = await open();
    setting.cloudwatch.fault = { status: 400, code: 'AccessDeniedException', message: 'No.' };
    const warnings = await warningsOf(setting, { ...request, overrides: ['InUse'] });
    expect(codesIn(warnings)).toEqual(['CallsOverridden']);
    expect(at(warnings, 0).message).toContain('cannot be read (AccessDeniedException: ');
  });

  it('of nothing is no warning, and goes on to the look before the delete', async () => {
    const { setting, request } = await open();
    const overridden = { ...request, overrides: ['InUse'] };
    expect(await warningsOf(setting, overridden)).toEqual([]);
    expect(await inspect(setting, overridden)).toMatchObject({ overrides: ['InUse'] });
  });

  it('that was not given is not there', async () => {
    const { setting, request } = await open();
    expect(await inspect(setting, request)).toMatchObject({ overrides: [] });
    const [teardown] = (await setting.ledger.items()).filter(({ item }) => item === 'teardown');
    expect(teardown).not.toHaveProperty('overrides');
  });
});

describe('A deployment that does not look at calls (quietDays is 0)', () => {
  it('asks CloudWatch for nothing, and says so in every plan', async () => {
    const { setting, request } = await open({ quietDays: 0 });
    call(setting, request, {});
    const { plan } = await planned(setting, request);
    expect(plan.blockers).toEqual([]);
    expect(plan.warnings).toContainEqual({
      code: 'Unchecked',
      message: 'Not checked: whether calls go through the connector (setting quietDays is 0).',
      wayOut: 'Look at its call metrics in CloudWatch.',
    });
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
    expect(setting.cloudwatch.requests).toEqual([]);
  });
});

interface Call extends Partial<Omit<Datum, 'at' | 'dimensions'>> {
  /** In ms; by default an hour. */
  readonly ago?: number;
}

function call(
  { clock, cloudwatch }: Setting,
  { voiceConnectorId }: { readonly voiceConnectorId: string },
  { ago = hour, ...datum }: Call,
): void {
  cloudwatch.put({
    name: 'InboundCallAttempts',
    dimensions: { VoiceConnectorId: voiceConnectorId },
    ...datum,
    at: clock.now().getTime() - ago,
  });
}

async function open(options: SettingOptions = {}, awsRegion = 'us-east-1') {
  const setting = await openSetting(options);
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 3, name: 'Trunk', awsRegion });
  return { setting, request: { voiceConnectorId } };
}
