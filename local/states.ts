import type { Execution, ExecutionResult } from './engine.ts';
import { type JsonService, JsonServiceError, startJsonService } from './json-service.ts';

/** The part of Step Functions' API that the functions call, about the executions of this machine. */
export interface LocalStates extends JsonService {
  /** Makes an execution known; until then it does not exist for the API. */
  add(execution: Execution): void;
  /** What StartExecution was asked for, in order. Nothing runs for it: who wants that starts it. */
  readonly started: readonly StartRequest[];
}

/** What StartExecution was asked for; `input` is JSON. */
interface StartRequest {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: string;
}

interface Known {
  readonly execution: Execution;
  /** Seconds since 1970, as AWS's JSON has it. */
  readonly startDate: number;
  status: 'RUNNING' | ExecutionResult['status'];
}

/** The members of an input, all of which are texts. */
type Texts = Readonly<Record<string, string | undefined>>;

/** Starts an HTTP server that answers Describe-, Start- and StopExecution in AWS's JSON 1.0 protocol. */
export async function startLocalStates(): Promise<LocalStates> {
  const known = new Map<string, Known>();
  const started: StartRequest[] = [];
  const service = await startJsonService('1.0', ({ operation, input: members }) => {
    const { executionArn, error, cause, stateMachineArn = '', name = '', input = '{}' } = members as Texts;
    if (operation === 'StartExecution') {
      started.push({ stateMachineArn, name, input });
      const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
      return { executionArn: arn, startDate: Date.now() / 1_000 };
    }
    if (operation !== 'DescribeExecution' && operation !== 'StopExecution')
      throw new JsonServiceError(
        'UnknownOperationException',
        `Local Step Functions does not know ${operation}.`,
      );
    const found = known.get(String(executionArn));
    if (found === undefined) {
      throw new JsonServiceError(
        'com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist',
        `Execution Does Not Exist: '${executionArn}'`,
      );
    }
    const { execution, status, startDate } = found;
    if (operation === 'DescribeExecution') return { executionArn, status, startDate };
    execution.abort({ ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
    return { stopDate: Date.now() / 1_000 };
  });
  return {
    ...service,
    add: (execution) => {
      const entry: Known = { execution, status: 'RUNNING', startDate: Date.now() / 1_000 };
      known.set(execution.arn, entry);
      void execution.result.then(({ status }) => {
        entry.status = status;
      });
    },
    started,
  };
}
