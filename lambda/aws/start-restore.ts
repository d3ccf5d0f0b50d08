/** Beside ./executions.ts: starts the restore. A file of its own, so that no other function's bundle can start anything. */
import { randomUUID } from 'node:crypto';
import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { RestoreRequest } from '../inspection/request.ts';
import { mapped } from './aws-error.ts';

/** Starts the restore, and answers the ARN of its execution. */
export type StartRestore = (request: RestoreRequest) => Promise<string>;

/** The name makes a call that is sent again (its answer was lost) start nothing anew. */
export const startRestore =
  (client: SFNClient, stateMachineArn: string): StartRestore =>
  async (request) => {
    const command = new StartExecutionCommand({
      stateMachineArn,
      name: `board-${randomUUID()}`,
      input: JSON.stringify(request),
    });
    const { executionArn } = await mapped(() => client.send(command), 'starting the restore');
    return executionArn ?? '';
  };
