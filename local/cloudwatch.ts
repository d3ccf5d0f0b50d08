import { createHash } from 'node:crypto';
import { type JsonService, JsonServiceError, startJsonService } from './json-service.ts';

const DAY = 24 * 3_600_000;
/** How long after its last data point a metric is listed, in ms: two weeks (ListMetrics, API reference). */
const LISTED = 14 * DAY;
/** Metrics on one page (ListMetrics, API reference). */
const PAGE_SIZE = 500;
/** The most queries in one call (GetMetricData, API reference). */
const QUERY_LIMIT = 500;

export interface LocalCloudWatchOptions {
  /** The current time in epoch ms. */
  readonly now: () => number;
  /** Metrics, or results of queries, on one page. Default 500. */
  readonly pageSize?: number;
}

/** One data point. */
export interface Datum {
  /** Default us-east-1. */
  readonly region?: string;
  /** Default AWS/ChimeVoiceConnector. */
  readonly namespace?: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Epoch ms; default now. */
  readonly at?: number;
  /** Default 1. */
  readonly value?: number;
}

/** The part of CloudWatch's API that tells whether a connector is in use. */
export interface LocalCloudWatch extends JsonService {
  /** While it is set, every request is answered with this error. */
  fault: { readonly status: number; readonly code: string; readonly message: string } | undefined;
  /** Every request received, in order of arrival. */
  readonly requests: readonly { readonly operation: string; readonly region: string }[];
  put(datum: Datum): void;
}

interface Metric {
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: ReadonlyMap<string, string>;
  readonly points: { readonly at: number; readonly value: number }[];
}

type Members = Readonly<Record<string, unknown>>;

class CloudWatchError extends JsonServiceError {
  constructor(message: string, code = 'ValidationError') {
    super(code, message);
  }
}

/**
 * Starts an HTTP server that answers ListMetrics and GetMetricData in AWS's JSON 1.0 protocol. A request sees the
 * metrics of the Region that it is signed for. What is not played is a 400: a guess would look like "no calls".
 */
export async function startLocalCloudWatch(options: LocalCloudWatchOptions): Promise<LocalCloudWatch> {
  const { now, pageSize = PAGE_SIZE } = options;
  const metrics = new Map<string, Metric>();
  const requests: { operation: string; region: string }[] = [];
  const service = await startJsonService('1.0', ({ operation, region, input }) => {
    requests.push({ operation, region });
    const { fault } = cloudWatch;
    if (fault) throw new JsonServiceError(fault.code, fault.message, fault.status);
    const seen = [...metrics.values()].filter((metric) => metric.region === region);
    return answer(operation, input, { metrics: seen, now: now(), pageSize });
  });
  const cloudWatch: LocalCloudWatch = {
    ...service,
    fault: undefined,
    requests,
    put: ({
      region = 'us-east-1',
      namespace = 'AWS/ChimeVoiceConnector',
      name,
      dimensions,
      at,
      value = 1,
    }) => {
      const sorted = Object.entries(dimensions).sort();
      const key = JSON.stringify([region, namespace, name, sorted]);
      const metric = metrics.get(key) ?? { region, namespace, name, dimensions: new Map(sorted), points: [] };
      metric.points.push({ at: at ?? now(), value });
      metrics.set(key, metric);
    },
  };
  return cloudWatch;
}

interface Seen {
  readonly metrics: readonly Metric[];
  readonly now: number;
  readonly pageSize: number;
}

function answer(operation: string, input: Members, seen: Seen): object {
  if (operation === 'ListMetrics') return listMetrics(input, seen);
  if (operation === 'GetMetricData') return getMetricData(input, seen);
  throw new CloudWatchError(`Local CloudWatch does not know ${operation}.`, 'UnknownOperationException');
}

function listMetrics(input: Members, { metrics, now, pageSize }: Seen): object {
  const known = ['Namespace', 'MetricName', 'Dimensions', 'NextToken'];
  expectOnly('ListMetrics', input, known);
  const { Namespace: namespace, MetricName: name } = input;
  const filters = records(input.Dimensions).map(({ Name, Value }) => ({ name: String(Name), value: Value }));
  const listed = metrics.filter(
    (metric) =>
      (namespace === undefined || metric.namespace === namespace) &&
      (name === undefined || metric.name === name) &&
      metric.points.some(({ at }) => at >= now - LISTED) &&
      filters.every(({ name: filter, value }) => {
        const own = metric.dimensions.get(filter);
        return own !== undefined && (value === undefined || own === value);
      }),
  );
  const page = takePage(listed, input, pageSize);
  const Metrics = page.items.map((metric) => ({
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: [...metric.dimensions].map(([Name, Value]) => ({ Name, Value })),
  }));
  return { Metrics, ...page.token };
}

function getMetricData(input: Members, { metrics, pageSize }: Seen): object {
  const known = ['MetricDataQueries', 'StartTime', 'EndTime', 'NextToken', 'ScanBy'];
  expectOnly('GetMetricData', input, known);
  const { StartTime: start, EndTime: end } = input;
  if (typeof start !== 'number' || typeof end !== 'number' || start >= end) {
    throw new CloudWatchError('StartTime must be less than EndTime.');
  }
  const queries = records(input.MetricDataQueries);
  if (queries.length === 0 || queries.length > QUERY_LIMIT) {
    throw new CloudWatchError(`There must be 1 to ${QUERY_LIMIT} queries, not ${queries.length}.`);
  }
  const ids = queries.map(({ Id }) => String(Id));
  if (new Set(ids).size < ids.length) throw new CloudWatchError('The ids of the queries must be unique.');
  const results = queries.map((query) => {
    const { id, period, namespace, name, dimensions } = readQuery(query);
    const metric = metrics.find(
      (candidate) =>
        candidate.namespace === namespace &&
        candidate.name === name &&
        candidate.dimensions.size === dimensions.size &&
        [...dimensions].every(([dimension, value]) => candidate.dimensions.get(dimension) === value),
    );
    const points = metric?.points.filter(({ at }) => at >= start * 1000 && at < end * 1000) ?? [];
    const sums = sumUp(points, period);
    if (input.ScanBy !== 'TimestampAscending') sums.reverse();
    return {
      Id: id,
      Label: name,
      Timestamps: sums.map(([at]) => at),
      Values: sums.map(([, sum]) => sum),
      StatusCode: 'Complete',
    };
  });
  const page = takePage(results, input, pageSize);
  return { MetricDataResults: page.items, ...page.token };
}

function readQuery(query: Members) {
  expectOnly('MetricDataQuery', query, ['Id', 'MetricStat']);
  const id = String(query.Id);
  if (!/^[a-z]\w*$/.test(id)) throw new CloudWatchError(`The id ${id} must begin with a small letter.`);
  const [stat] = records([query.MetricStat]);
  const [metric] = records([stat?.Metric]);
  if (!stat || !metric) throw new CloudWatchError(`The query ${id} has no MetricStat with a Metric.`);
  expectOnly('MetricStat', stat, ['Metric', 'Period', 'Stat']);
  const { Period: period, Stat } = stat;
  if (Stat !== 'Sum') throw new CloudWatchError(`Local CloudWatch does not know the Stat ${String(Stat)}.`);
  if (typeof period !== 'number' || period <= 0 || period % 60 !== 0) {
    throw new CloudWatchError(`Period must be a multiple of 60 s, not ${String(period)}.`);
  }
  const { Namespace: namespace, MetricName: name } = metric;
  const pairs = records(metric.Dimensions).map(({ Name, Value }) => [String(Name), String(Value)] as const);
  return { id, period, namespace, name, dimensions: new Map(pairs) };
}

/** Sums by period, the earliest first: the beginning of each (epoch s) with its sum. Periods without data are left out. */
function sumUp(points: Metric['points'], period: number): [number, number][] {
  const sums = new Map<number, number>();
  for (const { at, value } of points) {
    const begin = Math.floor(at / 1000 / period) * period;
    sums.set(begin, (sums.get(begin) ?? 0) + value);
  }
  return [...sums].sort(([a], [b]) => a - b);
}

/** The token says where the next page begins; it belongs to one request, and is no good with another. */
function takePage<Item>(items: readonly Item[], { NextToken, ...request }: Members, pageSize: number) {
  const mark = createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 12);
  const [from, its] = String(NextToken ?? `0.${mark}`).split('.');
  const start = Number(from);
  if (!Number.isInteger(start) || its !== mark) {
    throw new CloudWatchError('The next token is not valid for this request.', 'InvalidNextToken');
  }
  const end = start + pageSize;
  const token = end < items.length ? { NextToken: `${end}.${mark}` } : {};
  return { items: items.slice(start, end), token };
}

/** Throws for a member that is not played. */
function expectOnly(what: string, members: Members, known: readonly string[]): void {
  const unknown = Object.keys(members).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new CloudWatchError(`Local CloudWatch does not know ${unknown.join(', ')} of ${what}.`);
  }
}

/** The objects of a list; none where there is no list. */
function records(list: unknown): Members[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'object' && item !== null) : [];
}
