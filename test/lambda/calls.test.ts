import { describe, expect, it } from '@jest/globals';
import { callsSince, connectCalls } from '../../lambda/aws/calls.ts';
import type { Edge } from '../../lambda/edge.ts';
import { isPassing, StepError } from '../../lambda/errors.ts';
import { type Datum, startLocalCloudWatch } from '../../local/cloudwatch.ts';
import { afterThisTest, type ChimeSetting, errorOf, openChime, run, serve } from './setting.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const ours = 'abcdef1ghij2klmno3pqr4';
const here = { voiceConnectorId: ours, name: 'Trunk', awsRegion: 'us-east-1' };
const elsewhere = { ...here, awsRegion: 'us-west-2' };
const inbound = 'InboundCallAttempts';
const outbound = 'OutboundCallAttempts';
const alone = { VoiceConnectorId: ours };
const withRegion = { ...alone, Region: 'us-east-1' };

describe('The calls through a connector', () => {
  it('are none where there are no metrics, and nothing more is asked', async () => {
    const setting = await openChime();
    expect(await count(setting)).toBe(0);
    expect(setting.cloudwatch.requests.map(({ operation }) => operation)).toEqual(['ListMetrics']);
  });

  it('are all attempts, inbound and outbound, whenever they were', async () => {
    const setting = await openChime();
    put(setting, { name: inbound, value: 3, ago: 13 * day }, { name: inbound, value: 2, ago: day });
    put(setting, { name: outbound, value: 4, ago: minute });
    expect(await count(setting)).toBe(9);
  });

  it('count once where they are kept under several sets of dimensions: the highest count holds', async () => {
    const setting = await openChime();
    put(setting, { name: inbound, value: 5 }, { name: inbound, value: 5, dimensions: withRegion });
    put(setting, { name: outbound, value: 1 }, { name: outbound, value: 7, dimensions: withRegion });
    expect(await count(setting)).toBe(12);
  });

  it('are those of one connector: not of others, of other namespaces, nor what else is measured of it', async () => {
    const setting = await openChime();
    put(setting, { name: inbound, dimensions: { VoiceConnectorId: `${ours}0` } });
    put(setting, { name: inbound, dimensions: { Region: 'us-east-1' } });
    put(setting, { name: inbound, namespace: 'AWS/ChimeSDK' });
    put(setting, { name: 'OriginationPacketsLost', value: 8 });
    expect(await count(setting)).toBe(0);
  });
});

describe('CloudWatch', () => {
  it('is asked through one client in each Region', async () => {
    const { edge } = await openChime();
    const clientIn = connectCalls(edge);
    expect(clientIn('us-west-2')).toBe(clientIn('us-west-2'));
    expect(clientIn('us-west-2')).not.toBe(clientIn());
  });
});

describe('Metrics that only show that there were calls', () => {
  it.each(['InboundCallsActive', 'OutboundCallsActive', 'VoiceConnectorActiveCallCount'])(
    '(%s) make one, however long that took: they are sent every minute of it',
    async (name) => {
      const setting = await openChime();
      for (let ago = 0; ago < 60; ago += 1) put(setting, { name, ago: ago * minute });
      put(setting, { name: inbound, value: 0 });
      expect(await count(setting)).toBe(1);
    },
  );

  it('add nothing to the attempts that were counted', async () => {
    const setting = await openChime();
    put(setting, { name: inbound, value: 2 }, { name: 'InboundCallsActive', value: 40 });
    expect(await count(setting)).toBe(2);
  });

  it('show none where all of them are 0', async () => {
    const setting = await openChime();
    put(setting, { name: 'VoiceConnectorActiveCallCount', value: 0 });
    expect(await count(setting)).toBe(0);
  });
});

describe('The span', () => {
  it.each([
    ['just before it', 5 * day + 1, 0],
    ['at its very beginning', 5 * day, 1],
    ['at this moment', 0, 1],
  ])('leaves a call %s in or out (%d ms ago: %d)', async (_when, ago, counted) => {
    const setting = await openChime();
    put(setting, { name: inbound, ago });
    expect(await count(setting, { days: 5 })).toBe(counted);
  });

  it('is of whole five minutes, as the data are: rather a call too many than one too few', async () => {
    const setting = await openChime();
    await setting.clock.sleep(2 * minute);
    put(
      setting,
      { name: inbound, ago: day + 2 * minute },
      { name: inbound, value: 10, ago: day + 3 * minute },
    );
    expect(await count(setting, { days: 1 })).toBe(1);
  });
});

describe('A connector whose media are in another Region than the API', () => {
  it.each(['us-east-1', 'us-west-2'])('is looked for in both, and found in %s', async (region) => {
    const setting = await openChime();
    put(setting, { name: inbound, value: 3, region, dimensions: { ...alone, Region: region } });
    expect(await count(setting, { connector: elsewhere })).toBe(3);
    const asked = setting.cloudwatch.requests.filter(({ operation }) => operation === 'ListMetrics');
    expect(asked.map((request) => request.region)).toEqual(['us-east-1', 'us-west-2']);
  });

  it('has its calls counted once where both have them: the highest count holds', async () => {
    const setting = await openChime();
    put(setting, { name: inbound, value: 3 }, { name: inbound, value: 4, region: 'us-west-2' });
    put(setting, { name: outbound, value: 2 }, { name: outbound, value: 1, region: 'us-west-2' });
    expect(await count(setting, { connector: elsewhere })).toBe(6);
  });

  it.each([
    ['is in the same', here],
    ['is not known', { voiceConnectorId: ours, name: 'Trunk' }],
  ])('only: where its Region %s, one is asked', async (_what, connector) => {
    const setting = await openChime();
    put(setting, { name: inbound, region: 'us-west-2' });
    expect(await count(setting, { connector })).toBe(0);
    expect(setting.cloudwatch.requests.map(({ region }) => region)).toEqual(['us-east-1']);
  });
});

describe('An answer in several pages', () => {
  it('is read to its end: of the list, and of the data', async () => {
    const setting = await openChime();
    const { clock } = setting;
    const cloudwatch = await startLocalCloudWatch({ now: () => clock.now().getTime(), pageSize: 2 });
    afterThisTest(() => cloudwatch.close());
    const paged = { ...setting, cloudwatch, edge: { ...setting.edge, cloudwatch: cloudwatch.connection } };
    for (let leg = 0; leg < 4; leg += 1)
      put(paged, { name: inbound, dimensions: { ...alone, Leg: `${leg}` } });
    put(paged, { name: outbound, value: 6 });
    expect(await count(paged)).toBe(7);
    expect(cloudwatch.requests.map(({ operation }) => operation)).toEqual([
      ...Array(3).fill('ListMetrics'),
      ...Array(3).fill('GetMetricData'),
    ]);
  });

  it('is asked for with at most 500 queries at a time', async () => {
    const setting = await openChime();
    for (let leg = 0; leg < 500; leg += 1)
      put(setting, { name: inbound, dimensions: { ...alone, Leg: `${leg}` } });
    put(setting, { name: outbound, value: 6 });
    expect(await count(setting)).toBe(7);
    expect(setting.cloudwatch.requests.map(({ operation }) => operation)).toEqual([
      'ListMetrics',
      'ListMetrics',
      'GetMetricData',
      'GetMetricData',
    ]);
  });
});

describe('Metrics that cannot be read', () => {
  it.each([
    [400, 'ThrottlingException', 'ThrottledClientException', true],
    [500, 'InternalServiceFault', 'ServiceFailureException', true],
    [503, 'ServiceUnavailable', 'ServiceUnavailableException', true],
    [400, 'AccessDeniedException', 'AccessDeniedException', false],
    [400, 'InvalidParameterValueException', 'InvalidParameterValueException', false],
  ])('(%d %s) are an error by the name %s', async (status, code, name, passes) => {
    const setting = await openChime();
    setting.cloudwatch.fault = { status, code, message: 'Nothing about +12065550100.' };
    const error = await errorOf(count(setting));
    expect(error).toBeInstanceOf(StepError);
    expect([error.name, isPassing(error)]).toEqual([name, passes]);
    expect(error.message).toContain(`connector ${ours}: Nothing about …0100.`);
  });

  it('in the other Region are an error, though none were found in the first', async () => {
    const setting = await answering((_operation, region) =>
      region === 'us-east-1' ? { Metrics: [] } : { __type: 'AccessDeniedException', message: 'No.' },
    );
    expect((await errorOf(count(setting, { connector: elsewhere }))).name).toBe('AccessDeniedException');
  });

  it.each([
    ['Forbidden', 'ForbiddenException', false],
    ['InternalError', 'ServiceFailureException', true],
  ])('(of one metric: %s) are an error by the name %s', async (StatusCode, name, passes) => {
    const setting = await answering((operation) =>
      operation === 'ListMetrics'
        ? { Metrics: [{ Namespace: 'AWS/ChimeVoiceConnector', MetricName: inbound, Dimensions: [] }] }
        : { MetricDataResults: [{ Id: 'm0', Label: inbound, Timestamps: [], Values: [], StatusCode }] },
    );
    const error = await errorOf(count(setting));
    expect([error.name, isPassing(error)]).toEqual([name, passes]);
  });

  it.each(['ListMetrics', 'GetMetricData'])(
    '(%s answers without a list) do not count as none',
    async (bare) => {
      const setting = await answering((operation) =>
        operation === bare ? {} : { Metrics: [{ MetricName: inbound, Dimensions: [] }] },
      );
      expect((await errorOf(count(setting))).name).toBe('MalformedReply');
    },
  );
});

interface Put extends Partial<Omit<Datum, 'at'>> {
  readonly name: string;
  /** In ms. */
  readonly ago?: number;
}

function put({ clock, cloudwatch }: ChimeSetting, ...data: Put[]): void {
  for (const { ago = minute, ...datum } of data)
    cloudwatch.put({ dimensions: alone, ...datum, at: clock.now().getTime() - ago });
}

function count(
  setting: ChimeSetting,
  { connector = here, days = 14 }: { connector?: Omit<typeof here, 'awsRegion'>; days?: number } = {},
): Promise<number> {
  const since = new Date(setting.clock.now().getTime() - days * day);
  const connect = (edge: Edge) => () => callsSince(connectCalls(edge), edge)(connector, since);
  return run(setting, connect, undefined);
}

/** A setting in which CloudWatch says what the test wants; an answer with a `__type` is an error. */
async function answering(answer: (operation: string, region: string) => object): Promise<ChimeSetting> {
  const setting = await openChime();
  const endpoint = await serve((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const [, , region = ''] = String(request.headers.authorization).split('Credential=')[1]?.split('/') ?? [];
    const json = answer(operation, region);
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    response.writeHead('__type' in json ? 400 : 200, headers).end(JSON.stringify(json));
  });
  return { ...setting, edge: { ...setting.edge, cloudwatch: { ...setting.edge.cloudwatch, endpoint } } };
}
