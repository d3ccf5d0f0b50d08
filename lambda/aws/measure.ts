/** What the functions count of their calls to Chime: CloudWatch reads it from their logs (embedded metric format). */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { ChimeClient } from '#chime-api';
import { callMetricNames, metricNamespace } from '../metric-names.ts';

/** Powertools' metrics under the product's namespace; the only dimension is `service`. */
export function productMetrics(): Metrics {
  return new Metrics({ namespace: metricNamespace, serviceName: 'voice-connector-teardown' });
}

/** Counts each request that a client sends, the SDK's own retries included, and each that is answered with 429. */
export function countRequests(client: ChimeClient, metrics: Metrics): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      metrics.addMetric(callMetricNames.calls, MetricUnit.Count, 1);
      const result = await next(args);
      const { statusCode } = result.response as { statusCode?: number };
      if (statusCode === 429) metrics.addMetric(callMetricNames.throttled, MetricUnit.Count, 1);
      return result;
    },
    // Nearest to the wire: once for every attempt, with the answer as it came.
    { step: 'deserialize', priority: 'low', name: 'countRequests' },
  );
}

/**
 * Writes what a run of a function has counted, as one line; nothing where it has called nothing.
 *
 * @param execution ARN of the execution that it worked for: in the line, as in those of the logger
 */
export function writeMetrics(metrics: Metrics, execution: string | undefined): void {
  if (!metrics.hasStoredMetrics()) return;
  if (execution !== undefined) metrics.addMetadata('execution', execution);
  metrics.publishStoredMetrics();
}
