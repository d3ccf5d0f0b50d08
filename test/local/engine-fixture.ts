import { VirtualClock } from '../../local/clock.ts';
import { type ExecutionOptions, type ExecutionResult, startExecution } from '../../local/engine.ts';
import type { Definition, State } from '../../local/engine-definition.ts';

/** A function's ARN as `payloadResponseOnly` puts it into a Task state. */
export function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:123456789012:function:${name}:1`;
}

export function task(name: string, more: State = { End: true }): State {
  return { Type: 'Task', Resource: functionArn(name), ...more };
}

/** A machine that starts at the first of the given states. */
export function machine(States: Record<string, State>, more: Record<string, unknown> = {}): Definition {
  return { StartAt: Object.keys(States)[0] ?? '', States, ...more };
}

export type Functions = Record<string, (payload: never, stateName: string) => unknown>;

/** Starts a definition whose functions are given by the names in their ARNs. */
export function start(
  definition: Definition,
  functions: Functions = {},
  more: Partial<ExecutionOptions> & { clock?: VirtualClock } = {},
) {
  return startExecution({
    definition,
    input: {},
    clock: new VirtualClock(),
    seed: 1,
    executionArn: 'arn:aws:states:us-east-1:123456789012:execution:Teardown:run-1',
    stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:Teardown',
    invoke: async (resource, payload, stateName) => {
      const handler = functions[resource.split(':')[6] ?? ''];
      if (!handler) throw new Error(`No function for ${resource}`);
      return handler(payload as never, stateName);
    },
    ...more,
  });
}

export function play(...given: Parameters<typeof start>): Promise<ExecutionResult> {
  return start(...given).result;
}

/** An error as a Lambda function's arrives: a name, and JSON as the message. */
export function failure(name: string, message = '{"errorMessage":"no"}'): Error {
  return Object.assign(new Error(message), { name });
}

/** Lets everything happen that needs no virtual time. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
