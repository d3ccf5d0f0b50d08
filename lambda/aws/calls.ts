/** The only file that asks CloudWatch: how many calls went through a connector. */
import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  type Metric,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Edge } from '../edge.ts';
import { MalformedReply, ServiceError } from '../errors.ts';
import type { CallsPort } from '../ports.ts';
import { mapped } from './aws-error.ts';
import { clientSettings } from './client-settings.ts';

/** Where Chime puts its metrics; they are sent once a minute while there are calls, so that no data means no calls. */
const namespace = 'AWS/ChimeVoiceConnector';
/** The metrics that count calls one by one; others only show that there were some. */
const attempts: ReadonlySet<string> = new Set(['InboundCallAttempts', 'OutboundCallAttempts']);
/** Seconds of one datum: CloudWatch keeps data of this length for 63 days. */
const period = 300;
/** The most queries that GetMetricData takes. */
const queriesPerRequest = 500;

/** What CloudWatch says of one metric in an answer of status 200, by the names that such errors have here. */
const errorsOfMetric: Readonly<Record<string, string>> = {
  Forbidden: 'ForbiddenException',
  InternalError: 'ServiceFailureException',
};

/** How many calls, by the name of the metric. */
type Counts = Map<string, number>;

/** A client for each Region that is asked, made when it is first needed. */
export function connectCalls(edge: Edge): (region?: string) => CloudWatchClient {
  const clients = new Map<string | undefined, CloudWatchClient>();
  return (region) => {
    const connection = region === undefined ? edge.cloudwatch : { ...edge.cloudwatch, region };
    const client = clients.get(region) ?? new CloudWatchClient(clientSettings(edge, connection));
    clients.set(region, client);
    return client;
  };
}

export const callsSince =
  (clientIn: ReturnType<typeof connectCalls>, { clock }: Pick<Edge, 'clock'>): CallsPort['callsSince'] =>
  async ({ voiceConnectorId, awsRegion }, since) => {
    const client = clientIn();
    const isElsewhere = awsRegion !== undefined && awsRegion !== (await client.config.region());
    const span = spanOf(since, clock.now());
    const counts: Counts = new Map();
    // Whether metrics are kept where the API is called or where the media are is not documented.
    for (const each of isElsewhere ? [client, clientIn(awsRegion)] : [client]) {
      await countCalls(each, voiceConnectorId, span, counts);
    }
    const counted = [...counts].filter(([name]) => attempts.has(name)).map(([, value]) => value);
    const total = counted.reduce((sum, value) => sum + value, 0);
    if (total > 0) return Math.ceil(total);
    // The others are sent every minute of a call: they do not say how many calls that were.
    return [...counts.values()].some((value) => value > 0) ? 1 : 0;
  };

/** The same calls may be counted in several places (Regions, sets of dimensions): the highest count of a metric holds. */
async function countCalls(
  client: CloudWatchClient,
  voiceConnectorId: string,
  span: { StartTime: Date; EndTime: Date },
  counts: Counts,
): Promise<void> {
  const metrics = await callMetrics(client, voiceConnectorId);
  for (let first = 0; first < metrics.length; first += queriesPerRequest) {
    const slice = metrics.slice(first, first + queriesPerRequest);
    for (const [id, sum] of await sums(client, slice, span)) {
      const name = slice[id]?.MetricName ?? '';
      counts.set(name, Math.max(sum, counts.get(name) ?? 0));
    }
  }
}

/**
 * The connector's metrics about calls, with whatever dimensions they are kept under: CloudWatch matches sets of dimensions
 * exactly, and which ones Chime uses is not documented. Only metrics with data in the last two weeks are listed.
 */
async function callMetrics(client: CloudWatchClient, voiceConnectorId: string): Promise<Metric[]> {
  const doing = `listing the call metrics of connector ${voiceConnectorId}`;
  const metrics: Metric[] = [];
  let token: string | undefined;
  do {
    const command = new ListMetricsCommand({
      Namespace: namespace,
      Dimensions: [{ Name: 'VoiceConnectorId', Value: voiceConnectorId }],
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const page = await mapped(() => client.send(command), doing);
    if (page.Metrics === undefined) throw new MalformedReply(`${doing}: the answer holds no list`);
    metrics.push(...page.Metrics.filter(({ MetricName = '' }) => MetricName.includes('Call')));
    token = page.NextToken || undefined;
  } while (token !== undefined);
  return metrics;
}

/** The sum of each metric over a span, by its index. */
async function sums(
  client: CloudWatchClient,
  metrics: readonly Metric[],
  span: { StartTime: Date; EndTime: Date },
): Promise<Map<number, number>> {
  const doing = 'reading call metrics';
  const found = new Map<number, number>();
  let token: string | undefined;
  do {
    const command = new GetMetricDataCommand({
      ...span,
      MetricDataQueries: metrics.map((metric, index) => ({
        Id: `m${index}`,
        MetricStat: { Metric: metric, Period: period, Stat: 'Sum' },
      })),
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const page = await mapped(() => client.send(command), doing);
    if (page.MetricDataResults === undefined)
      throw new MalformedReply(`${doing}: the answer holds no results`);
    for (const result of page.MetricDataResults) {
      const index = indexOf(result, doing);
      const sum = (result.Values ?? []).reduce((total, value) => total + value, 0);
      found.set(index, (found.get(index) ?? 0) + sum);
    }
    token = page.NextToken || undefined;
  } while (token !== undefined);
  return found;
}

function indexOf({ Id = '', StatusCode }: MetricDataResult, doing: string): number {
  const error = StatusCode === undefined ? undefined : errorsOfMetric[StatusCode];
  if (error !== undefined) throw new ServiceError(error, `${doing}: CloudWatch answers ${StatusCode}`);
  return Number(Id.slice(1));
}

/** Whole periods, as CloudWatch wants them. */
function spanOf(since: Date, now: Date): { StartTime: Date; EndTime: Date } {
  const length = period * 1_000;
  return {
    StartTime: new Date(Math.floor(since.getTime() / length) * length),
    EndTime: new Date(Math.ceil((now.getTime() + 1) / length) * length),
  };
}
