/** The only file that asks Step Functions about executions, and stops one. */
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Edge } from '../edge.ts';
import type { ExecutionsPort } from '../ports.ts';
import { asStepError } from './aws-error.ts';
import { clientSettings } from './client-settings.ts';

/** The client. */
export function connectExecutions(edge: Edge): SFNClient {
  return new SFNClient(clientSettings(edge, edge.states));
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

export const stop =
  (client: SFNClient): ExecutionsPort['stop'] =>
  async (executionArn, why) => {
    try {
      await client.send(new StopExecutionCommand({ executionArn, error: 'TakenOver', cause: why }));
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return;
      throw asStepError(error, `stopping execution ${executionArn}`);
    }
  };
