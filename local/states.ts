import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { Connection } from '../lambda/edge.ts';
import type { Execution, ExecutionResult } from './engine.ts';
import { localCredentials } from './ledger.ts';

/** The part of Step Functions' API that the functions call, about the executions of this machine. */
export interface LocalStates {
  readonly connection: Connection;
  /** Makes an execution known; until then it does not exist for the API. */
  add(execution: Execution): void;
  /** What StartExecution was asked for, in order. Nothing runs for it: who wants that starts it. */
  readonly started: readonly StartRequest[];
  close(): Promise<void>;
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

/** Starts an HTTP server that answers Describe-, Start- and StopExecution in AWS's JSON 1.0 protocol. */
export async function startLocalStates(): Promise<LocalStates> {
  const known = new Map<string, Known>();
  const started: StartRequest[] = [];
  const app = Fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/', async (request, reply) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1);
    const body = JSON.parse(String(request.body)) as Record<string, string>;
    const { executionArn, error, cause } = body;
    void reply.type('application/x-amz-json-1.0');
    if (operation === 'StartExecution') {
      const { stateMachineArn = '', name = '', input = '{}' } = body;
      started.push({ stateMachineArn, name, input });
      const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
      return JSON.stringify({ executionArn: arn, startDate: Date.now() / 1_000 });
    }
    if (operation !== 'DescribeExecution' && operation !== 'StopExecution') {
      void reply.code(400);
      return JSON.stringify({ __type: 'UnknownOperationException' });
    }
    const found = known.get(String(executionArn));
    if (found === undefined) {
      void reply.code(400);
      return JSON.stringify({
        __type: 'com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist',
        message: `Execution Does Not Exist: '${executionArn}'`,
      });
    }
    const { execution, status, startDate } = found;
    if (operation === 'DescribeExecution') return JSON.stringify({ executionArn, status, startDate });
    execution.abort({ ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
    return JSON.stringify({ stopDate: Date.now() / 1_000 });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    connection: { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: localCredentials },
    add: (execution) => {
      const entry: Known = { execution, status: 'RUNNING', startDate: Date.now() / 1_000 };
      known.set(execution.arn, entry);
      void execution.result.then(({ status }) => {
        entry.status = status;
      });
    },
    started,
    close: () => app.close(),
  };
}
