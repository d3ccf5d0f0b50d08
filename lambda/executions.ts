/** The only file that asks Step Functions about executions. */
import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import { asStepError } from './aws-error.ts';
import type { Edge } from './edge.ts';
import type { ExecutionsPort } from './ports.ts';
import { retryStrategy } from './retry-strategy.ts';

/** The client. Endpoint, Region and credentials come from the SDK's usual chain. */
export function connectExecutions(edge: Edge): SFNClient {
  return new SFNClient({
    ...edge.states,
    retryStrategy: retryStrategy(edge),
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: edge.requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
}

export const statusOf =
  (client: SFNClient): ExecutionsPort['statusOf'] =>
  async (executionArn) => {
    try {
      const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
      // PENDING_REDRIVE is an execution that is about to run again.
      return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'over';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return 'unknown';
      throw asStepError(error, `asking for execution ${executionArn}`);
    }
  };
