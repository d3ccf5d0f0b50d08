import type { GetMetricDataCommandInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
  paginateGetMetricData,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LocalCloudWatch, LocalCloudWatchOptions } from '../../local/cloudwatch.ts';
import { startLocalCloudWatch } from '../../local/cloudwatch.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const Namespace = 'AWS/ChimeVoiceConnector';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe('ListMetrics', () => {
  test('lists each set of dimensions of a metric once', async () => {
    const { cloudWatch, client } = await start();
    cloudWatch.put({
      name: 'InboundCallAttempts',
      dimensions: { VoiceConnectorId: 'a', Region: 'us-east-1' },
    });
    cloudWatch.put({
      name: 'InboundCallAttempts',
      dimensions: { Region: 'us-east-1', VoiceConnectorId: 'a' },
    });
    cloudWatch.put({ name: 'InboundCallAttempts', dimensions: { VoiceConnectorId: 'a' } });
    const { Metrics } = await client.send(new ListMetricsCommand({}));
    const id = { Name: 'VoiceConnectorId', Value: 'a' };
    expect(Metrics).toEqual([
      {
        Namespace,
        MetricName: 'InboundCallAttempts',
        Dimensions: [{ Name: 'Region', Value: 'us-east-1' }, id],
      },
      { Namespace, MetricName: 'InboundCallAttempts', Dimensions: [id] },
    ]);
  });

  test.each([
    ['a namespace', { Namespace: 'Custom' }, ['d']],
    ['a name', { MetricName: 'OutboundCallAttempts' }, ['c', 'd']],
    ['a dimension with a value', { Dimensions: [{ Name: 'VoiceConnectorId', Value: '1' }] }, ['a', 'c']],
    ['a dimension alone', { Dimensions: [{ Name: 'Region' }] }, ['b', 'c']],
    ['two dimensions', { Dimensions: [{ Name: 'Region' }, { Name: 'VoiceConnectorId', Value: '1' }] }, ['c']],
    [
      'all of these',
      { Namespace, MetricName: 'InboundCallAttempts', Dimensions: [{ Name: 'Region' }] },
      ['b'],
    ],
  ])('filters by %s', async (_case, filter, expected) => {
    const { cloudWatch, client } = await start();
    const [inbound, outbound] = ['InboundCallAttempts', 'OutboundCallAttempts'];
    cloudWatch.put({ name: inbound, dimensions: { VoiceConnectorId: '1', mark: 'a' } });
    cloudWatch.put({ name: inbound, dimensions: { VoiceConnectorId: '2', Region: 'x', mark: 'b' } });
    cloudWatch.put({ name: outbound, dimensions: { VoiceConnectorId: '1', Region: 'x', mark: 'c' } });
    cloudWatch.put({ name: outbound, namespace: 'Custom', dimensions: { mark: 'd' } });
    const { Metrics } = await client.send(new ListMetricsCommand(filter));
    const marks = Metrics?.map(({ Dimensions }) => Dimensions?.find(({ Name }) => Name === 'mark')?.Value);
    expect(marks).toEqual(expected);
  });

  test('forgets a metric two weeks after its last data point', async () => {
    const { cloudWatch, client, clock } = await start();
    cloudWatch.put({ name: 'Old', dimensions: {}, at: NOW - 14 * DAY - 1 });
    cloudWatch.put({ name: 'Recent', dimensions: {}, at: NOW - 14 * DAY });
    const list = async () => {
      const { Metrics } = await client.send(new ListMetricsCommand({}));
      return Metrics?.map(({ MetricName }) => MetricName);
    };
    expect(await list()).toEqual(['Recent']);
    clock.ms += 1;
    expect(await list()).toEqual([]);
    cloudWatch.put({ name: 'Old', dimensions: {} });
    expect(await list()).toEqual(['Old']);
  });

  test('goes in pages, of 500 where nothing else is said', async () => {
    const { cloudWatch, client } = await start({ pageSize: 2 });
    const { cloudWatch: other, client: otherClient } = await start();
    for (let i = 0; i < 501; i += 1) {
      if (i < 5) cloudWatch.put({ name: `m${i}`, dimensions: {} });
      other.put({ name: `m${i}`, dimensions: {} });
    }
    const pages: (string | undefined)[][] = [];
    for await (const { Metrics } of paginateListMetrics({ client }, {})) {
      pages.push((Metrics ?? []).map(({ MetricName }) => MetricName));
    }
    const first = await otherClient.send(new ListMetricsCommand({}));
    expect(pages).toEqual([['m0', 'm1'], ['m2', 'm3'], ['m4']]);
    expect(first.Metrics).toHaveLength(500);
    expect(first.NextToken).toBeDefined();
  });

  test.each([['made up'], ['2'], ['x.y']])('refuses the token "%s"', async (NextToken) => {
    const { client } = await start();
    await expect(client.send(new ListMetricsCommand({ NextToken }))).rejects.toMatchObject({
      name: 'InvalidNextToken',
    });
  });

  test('refuses a token that belongs to other filters', async () => {
    const { cloudWatch, client } = await start({ pageSize: 1 });
    for (const name of ['a', 'b']) cloudWatch.put({ name, dimensions: {} });
    const { NextToken } = await client.send(new ListMetricsCommand({}));
    const foreign = new ListMetricsCommand({ Namespace, NextToken });
    await expect(client.send(foreign)).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });

  test('refuses what it does not play', async () => {
    const { client } = await start();
    const command = new ListMetricsCommand({ RecentlyActive: 'PT3H' });
    await expect(client.send(command)).rejects.toThrow('RecentlyActive');
  });
});

describe('GetMetricData', () => {
  test('sums up by period, the latest first, from the start on and before the end', async () => {
    const { cloudWatch, client } = await start();
    const points = [-1, 0, 1, HOUR - 1, HOUR, 3 * HOUR - 1, 3 * HOUR];
    for (const offset of points) cloudWatch.put({ ...calls('a'), at: NOW + offset, value: 2 });
    const reply = await client.send(data([query('q', 'a')], { EndTime: new Date(NOW + 3 * HOUR) }));
    expect(reply.MetricDataResults).toEqual([
      {
        Id: 'q',
        Label: 'InboundCallAttempts',
        Timestamps: [new Date(NOW + 2 * HOUR), new Date(NOW + HOUR), new Date(NOW)],
        Values: [2, 2, 6],
        StatusCode: 'Complete',
      },
    ]);
  });

  test('goes from the earliest where that is asked for', async () => {
    const { cloudWatch, client } = await start();
    for (const at of [NOW + HOUR, NOW]) cloudWatch.put({ ...calls('a'), at });
    const reply = await client.send(data([query('q', 'a')], { ScanBy: 'TimestampAscending' }));
    expect(reply.MetricDataResults?.[0]?.Timestamps).toEqual([new Date(NOW), new Date(NOW + HOUR)]);
  });

  test('aligns periods to the clock, whatever the start', async () => {
    const { cloudWatch, client } = await start();
    cloudWatch.put({ ...calls('a'), at: NOW + 90_000 });
    const StartTime = new Date(NOW + 61_000);
    const reply = await client.send(data([query('q', 'a', { Period: 300 })], { StartTime }));
    expect(reply.MetricDataResults?.[0]).toMatchObject({ Timestamps: [new Date(NOW)], Values: [1] });
  });

  test('finds a metric by exactly its dimensions', async () => {
    const { cloudWatch, client } = await start();
    cloudWatch.put({
      name: 'InboundCallAttempts',
      dimensions: { VoiceConnectorId: 'a', Region: 'us-east-1' },
    });
    const id = { Name: 'VoiceConnectorId', Value: 'a' };
    const region = { Name: 'Region', Value: 'us-east-1' };
    const sets = [[id], [region, id], [], [id, { Name: 'Region', Value: 'us-west-2' }]];
    const queries = sets.map((Dimensions, i) => query(`q${i}`, 'a', {}, Dimensions));
    const { MetricDataResults } = await client.send(data(queries));
    expect(MetricDataResults?.map(({ Id, Values }) => [Id, Values])).toEqual([
      ['q0', []],
      ['q1', [1]],
      ['q2', []],
      ['q3', []],
    ]);
    expect(MetricDataResults?.every(({ StatusCode }) => StatusCode === 'Complete')).toBe(true);
  });

  test('splits results over pages by query', async () => {
    const { cloudWatch, client } = await start({ pageSize: 2 });
    cloudWatch.put(calls('a'));
    const input = data(['x', 'y', 'z'].map((id) => query(id, 'a'))).input;
    const pages: (string | undefined)[][] = [];
    for await (const { MetricDataResults } of paginateGetMetricData({ client }, input)) {
      pages.push((MetricDataResults ?? []).map(({ Id }) => Id));
    }
    expect(pages).toEqual([['x', 'y'], ['z']]);
  });

  test('takes 500 queries and no more', async () => {
    const { client } = await start();
    const queries = Array.from({ length: 501 }, (_, i) => query(`q${i}`, 'a'));
    const reply = await client.send(data(queries.slice(1)));
    expect(reply.MetricDataResults).toHaveLength(500);
    await expect(client.send(data(queries))).rejects.toMatchObject({
      name: expect.stringMatching(/^Validation/),
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each<[string, Partial<GetMetricDataCommandInput>]>([
    ['no queries', { MetricDataQueries: [] }],
    ['an expression', { MetricDataQueries: [{ Id: 'e', Expression: 'SUM(METRICS())' }] }],
    ['another statistic', { MetricDataQueries: [query('q', 'a', { Stat: 'Average' })] }],
    ['a unit', { MetricDataQueries: [query('q', 'a', { Unit: 'Count' })] }],
    ['a period of 90 s', { MetricDataQueries: [query('q', 'a', { Period: 90 })] }],
    ['an id that begins with a capital', { MetricDataQueries: [query('Q', 'a')] }],
    ['an id used twice', { MetricDataQueries: [query('q', 'a'), query('q', 'b')] }],
    ['a query without a metric', { MetricDataQueries: [{ Id: 'q' }] }],
    ['an end that is not after the start', { EndTime: new Date(NOW) }],
    ['a limit of data points', { MaxDatapoints: 100 }],
  ])('refuses %s', async (_case, change) => {
    const { client } = await start();
    await expect(client.send(data([query('q', 'a')], change))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('local CloudWatch', () => {
  test('shows a request the metrics of the Region that it is signed for, and keeps count', async () => {
    const { cloudWatch, client } = await start();
    const west = clientOf(cloudWatch, 'us-west-2');
    cloudWatch.put({ ...calls('a'), value: 3 });
    cloudWatch.put({ ...calls('a'), value: 5, region: 'us-west-2' });
    cloudWatch.put({ name: 'OutboundCallAttempts', dimensions: {}, region: 'us-west-2' });
    const east = await client.send(data([query('q', 'a')]));
    const inWest = await west.send(data([query('q', 'a')]));
    const listed = await west.send(new ListMetricsCommand({}));
    expect(east.MetricDataResults?.[0]?.Values).toEqual([3]);
    expect(inWest.MetricDataResults?.[0]?.Values).toEqual([5]);
    expect(listed.Metrics).toHaveLength(2);
    expect(cloudWatch.requests).toEqual([
      { operation: 'GetMetricData', region: 'us-east-1' },
      { operation: 'GetMetricData', region: 'us-west-2' },
      { operation: 'ListMetrics', region: 'us-west-2' },
    ]);
  });

  test('answers every request with the fault, as long as it is set', async () => {
    const { cloudWatch, client } = await start();
    cloudWatch.fault = { status: 400, code: 'AccessDenied', message: 'You may not look.' };
    for (const send of [
      () => client.send(new ListMetricsCommand({})),
      () => client.send(data([query('q', 'a')])),
    ]) {
      await expect(send()).rejects.toMatchObject({
        name: 'AccessDenied',
        message: 'You may not look.',
        $metadata: { httpStatusCode: 400 },
      });
    }
    cloudWatch.fault = undefined;
    expect((await client.send(new ListMetricsCommand({}))).Metrics).toEqual([]);
    expect(cloudWatch.requests).toHaveLength(3);
  });

  test('refuses an operation that it does not play', async () => {
    const { client } = await start();
    await expect(client.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});

async function start(options: Partial<LocalCloudWatchOptions> = {}) {
  const clock = { ms: NOW };
  const cloudWatch = await startLocalCloudWatch({ now: () => clock.ms, ...options });
  cleanUps.push(() => cloudWatch.close());
  return { clock, cloudWatch, client: clientOf(cloudWatch) };
}

function clientOf({ connection }: LocalCloudWatch, region = connection.region ?? '') {
  const client = new CloudWatchClient({ ...connection, region, maxAttempts: 1 });
  cleanUps.push(() => client.destroy());
  return client;
}

function calls(id: string) {
  return { name: 'InboundCallAttempts', dimensions: { VoiceConnectorId: id } };
}

function query(Id: string, id: string, stat = {}, Dimensions = [{ Name: 'VoiceConnectorId', Value: id }]) {
  const Metric = { Namespace, MetricName: 'InboundCallAttempts', Dimensions };
  return { Id, MetricStat: { Metric, Period: 3600, Stat: 'Sum', ...stat } };
}

/** A day from now on, unless something else is said. */
function data(MetricDataQueries: MetricDataQuery[], change: Partial<GetMetricDataCommandInput> = {}) {
  const span = { StartTime: new Date(NOW), EndTime: new Date(NOW + DAY) };
  return new GetMetricDataCommand({ MetricDataQueries, ...span, ...change });
}
