import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/delete-voice-connector.ts';
import { retriable } from '../../lambda/errors.ts';
import type { Override } from '../../lambda/plan.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { withoutIds } from './refusals.ts';
import { changes, digitsOfANumber, errorOf, reply, run, script } from './setting.ts';
import { begin, openSetting, type Setting, type SettingOptions, teardownOf } from './teardown-setting.ts';

const operation = 'DeleteVoiceConnector';
const hour = 3_600_000;
const day = 24 * hour;

describe('A connector that was protected during the run', () => {
  it.each(['teardown-protection', 'Teardown-PROTECTION'])('stays (tag "%s")', async (key) => {
    const { setting, begun, remove } = await open();
    setting.chime.state.tag(begun.voiceConnectorId, { team: 'voice', [key]: 'yes' });
    expectToEndTheRun(
      await errorOf(remove()),
      'Protected',
      `Connector ${begun.voiceConnectorId} was protected during the run: it has the tag "${key}". Its numbers are gone; ` +
        'it stays. Remove the tag. Then resume, if it is to be deleted all the same.',
    );
    expectToStay(setting);
    setting.chime.state.untag(begun.voiceConnectorId, key);
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
  });

  it.each([
    ['ForbiddenException', { status: 403, code: 'Forbidden', message: 'Not for +12065550100.' }],
    ['AccessDeniedException', { status: 403, code: 'AccessDenied', message: 'No.' }],
    ['NotFoundException', { status: 404, code: 'NotFound', message: 'No such ARN.' }],
  ])('or whose tags cannot be read (%s) stays, and it is said by which ARN', async (why, fault) => {
    const { setting, begun, remove } = await open();
    setting.chime.faults.set(script('ListTagsForResource', fault));
    const error = await errorOf(remove());
    expectToEndTheRun(error, 'Protected');
    expect(error.message).toContain('whether it is protected cannot be read (');
    expect(error.message).toContain(why);
    expect(error.message).toContain(
      `arn:aws:chime:us-east-1:111122223333:vc/${begun.voiceConnectorId}, the ARN that the service gave for it. Then resume`,
    );
    expectToStay(setting);
  });

  it.each(['throttle', 'serviceFailure', 'connectionReset'] as const)(
    'is looked at again where its tags cannot be read for a passing reason (%s)',
    async (fault) => {
      const { setting, remove } = await open();
      setting.chime.faults.set({ [fault]: 1, only: ['ListTagsForResource'] });
      expectToBeTriedAgain(await errorOf(remove()));
      expectToStay(setting);
      setting.chime.faults.set({});
      await remove();
      expect(setting.chime.remaining().connectors).toBe(0);
    },
  );

  it('stays whatever was overridden', async () => {
    const { setting, begun, remove } = await open({ overrides: ['InUse'] });
    setting.chime.state.tag(begun.voiceConnectorId, { 'teardown-protection': '' });
    expectToEndTheRun(await errorOf(remove()), 'Protected');
    expectToStay(setting);
  });
});

describe('A connector with calls since its release began', () => {
  it('stays', async () => {
    const { setting, begun, remove } = await open();
    call(setting, begun, { ago: hour, value: 3 });
    expectToEndTheRun(
      await errorOf(remove()),
      'InUse',
      `At least 3 calls went through connector ${begun.voiceConnectorId} since 2026-01-05T09:00:00.000Z, after its release ` +
        'began. Its numbers are gone; it stays. To delete it all the same, resume with "overrides": ["InUse"].',
    );
    expectToStay(setting);
  });

  it.each([
    ['at the moment in which the run was started', 7 * day, true],
    ['five minutes before', 7 * day + 5 * 60_000, false],
    ['days before', 9 * day, false],
  ])('is one whose calls were not before that: %s', async (_when, ago, isInUse) => {
    const { setting, begun, remove } = await open();
    call(setting, begun, { ago });
    if (isInUse) expectToEndTheRun(await errorOf(remove()), 'InUse');
    else await remove();
    expect(setting.chime.remaining().connectors).toBe(isInUse ? 1 : 0);
  });

  it('is looked at over the whole run, however short quietDays is', async () => {
    const { setting, begun, remove } = await open({ quietDays: 1 });
    call(setting, begun, { ago: 6 * day });
    expectToEndTheRun(await errorOf(remove()), 'InUse');
  });

  it('is found in the Region of its media', async () => {
    const { setting, begun, remove } = await open({ awsRegion: 'us-west-2' });
    call(setting, begun, { ago: hour, region: 'us-west-2' });
    expectToEndTheRun(await errorOf(remove()), 'InUse');
    expectToStay(setting);
  });

  it.each([
    ['the override is for both looks', { overrides: ['InUse'] } as const],
    ['this deployment does not look at calls', { quietDays: 0 }],
  ])('goes where %s, and nobody asks CloudWatch', async (_why, options) => {
    const { setting, begun, remove } = await open(options);
    call(setting, begun, { ago: hour });
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
    expect(setting.cloudwatch.requests).toEqual([]);
  });
});

describe('Metrics that cannot be read', () => {
  it.each([
    [400, 'AccessDeniedException', 'AccessDeniedException'],
    [400, 'InvalidParameterValueException', 'InvalidParameterValueException'],
  ])('for good (%d %s) count as calls', async (status, code, name) => {
    const { setting, begun, remove } = await open();
    setting.cloudwatch.fault = { status, code, message: 'Not for +12065550100.' };
    const error = await errorOf(remove());
    expectToEndTheRun(error, 'InUse');
    expect(error.message).toContain(
      `Whether calls went through connector ${begun.voiceConnectorId} cannot be read (${name}: `,
    );
    expectToStay(setting);
  });

  it.each([
    [400, 'ThrottlingException', 'ThrottledClientException'],
    [500, 'InternalServiceFault', 'ServiceFailureException'],
    [503, 'ServiceUnavailable', 'ServiceUnavailableException'],
  ])('just now (%d %s) are read again: a week was waited for this', async (status, code, name) => {
    const { setting, remove } = await open();
    setting.cloudwatch.fault = { status, code, message: 'Later.' };
    const error = await errorOf(remove());
    expect(error.name).toBe(name);
    expectToBeTriedAgain(error);
    expectToStay(setting);
    setting.cloudwatch.fault = undefined;
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
  });

  it('because nobody answers are read again', async () => {
    const { setting, remove } = await open();
    await setting.cloudwatch.close();
    expectToBeTriedAgain(await errorOf(remove()));
    expectToStay(setting);
  });
});

describe('The look before the delete', () => {
  it.each(switchPositions.errorHeader)(
    'finds nothing to look at where the connector is gone (error header %s)',
    async (errorHeader) => {
      const { setting, begun, remove } = await open({ switches: { errorHeader } });
      setting.chime.state.tag(begun.voiceConnectorId, { 'teardown-protection': '' });
      call(setting, begun, { ago: hour });
      setting.chime.state.deleteConnector(begun.voiceConnectorId);
      await remove();
      expect(setting.chime.requests.map((request) => request.operation)).toEqual(['GetVoiceConnector']);
    },
  );

  it('is taken before anything is called that changes the account, each time that the step runs', async () => {
    const { setting, begun, remove } = await open();
    const conflict = { status: 409, code: 'Conflict', message: 'Not yet.' };
    setting.chime.faults.set(script(operation, conflict));
    expect((await errorOf(remove())).name).toBe('StillAttached');
    setting.chime.state.tag(begun.voiceConnectorId, { 'teardown-protection': '' });
    expectToEndTheRun(await errorOf(remove()), 'Protected');
    expect(changes(setting.chime)).toEqual([[operation, 0]]);
  });

  it('tells of numbers on the connector first: they are what somebody has to see to', async () => {
    const { setting, begun, remove } = await open();
    setting.chime.state.tag(begun.voiceConnectorId, { 'teardown-protection': '' });
    setting.chime.state.addNumber({ e164: '+13125550199', connectorId: begun.voiceConnectorId });
    expect((await errorOf(remove())).name).toBe('StillAttached');
  });

  it('leaves the teardown on record as about to delete, to be resumed', async () => {
    const { setting, begun, remove } = await open();
    setting.chime.state.tag(begun.voiceConnectorId, { 'teardown-protection': '' });
    await errorOf(remove());
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('deleting');
  });
});

interface Options extends SettingOptions {
  readonly overrides?: readonly Override[];
  readonly awsRegion?: string;
}

/** A connector without numbers, seven days after the run was started. */
async function open({ overrides = [], awsRegion, ...options }: Options = {}) {
  const setting = await openSetting(options);
  const begun = await begin(setting, { numbers: 0 });
  if (awsRegion !== undefined) {
    const { chime } = setting;
    const json = { VoiceConnectorId: begun.voiceConnectorId, Name: 'Trunk', AwsRegion: awsRegion };
    const VoiceConnectorArn = `arn:aws:chime:us-east-1:111122223333:vc/${begun.voiceConnectorId}`;
    chime.faults.set(script('GetVoiceConnector', reply({ VoiceConnector: { ...json, VoiceConnectorArn } })));
  }
  await setting.clock.sleep(7 * day);
  const state = { ...begun.inspected, overrides };
  return { setting, begun, remove: () => run(setting, connect, state) };
}

interface Call {
  readonly ago: number;
  readonly value?: number;
  readonly region?: string;
}

function call(
  { clock, cloudwatch }: Setting,
  { voiceConnectorId }: { readonly voiceConnectorId: string },
  { ago, ...datum }: Call,
): void {
  const dimensions = { VoiceConnectorId: voiceConnectorId };
  cloudwatch.put({ name: 'OutboundCallAttempts', dimensions, ...datum, at: clock.now().getTime() - ago });
}

function expectToEndTheRun(error: Error, name: string, message?: string): void {
  expect(error.name).toBe(name);
  expect(Object.values(retriable).flat()).not.toContain(name);
  if (message !== undefined) expect(error.message).toBe(message);
  expect(withoutIds(error.message)).not.toMatch(digitsOfANumber);
}

function expectToBeTriedAgain({ name }: Error): void {
  expect([...retriable.throttling, ...retriable.serviceTrouble]).toContain(name);
}

function expectToStay({ chime }: Setting): void {
  expect(chime.remaining().connectors).toBe(1);
  expect(changes(chime)).toEqual([]);
}
