import { Console } from 'node:console';
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Logger } from '@aws-lambda-powertools/logger';
import { pageSize } from '#chime-api';
import { type Edge, onLambda, type Step } from '../lambda/edge.ts';
import type { Settings } from '../lib/settings.ts';
import { draw } from './chime/draw.ts';
import type { FaultPlan } from './chime/faults.ts';
import { type LocalChime, startLocalChime } from './chime/server.ts';
import type { ChimeSwitches } from './chime/switches.ts';
import { VirtualClock } from './clock.ts';
import { type Execution, type ExecutionOptions, startExecution } from './engine.ts';
import { invokeFunction } from './lambda-service.ts';
import { type LocalLedger, localCredentials, startLocalLedger } from './ledger.ts';
import { type DeployedFunction, type Synthesis, synthesise } from './synthesis.ts';

export interface WorldOptions {
  readonly settings?: Partial<Settings>;
  readonly switches?: Partial<ChimeSwitches>;
  readonly faults?: FaultPlan;
  /** The same seed gives the same faults, ids and jitter. Default 1. */
  readonly seed?: string | number;
  /** Is given each line that a function logs. */
  readonly onLog?: (line: string) => void;
  /** Real ms that a call may go without an answer before the SDK gives it up; default 10,000. */
  readonly requestTimeoutMs?: number;
}

/** The whole product on this machine: the synthesised stack, deployed to local stand-ins, on one virtual clock. */
export interface World {
  readonly clock: VirtualClock;
  readonly chime: LocalChime;
  readonly ledger: LocalLedger;
  readonly synthesis: Synthesis;
  /** Starts the teardown. Throws InvalidExecutionInput where StartExecution would refuse the input. */
  start(input: unknown, options?: Pick<ExecutionOptions, 'onEvent'>): Execution;
  close(): Promise<void>;
}

type Handler = ReturnType<typeof onLambda>;

/** Synthesises the stack, starts the stand-ins and connects the real handlers to them. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { seed = 1, switches = {}, faults = {}, requestTimeoutMs = 10_000 } = options;
  const clock = new VirtualClock();
  const synthesis = synthesise(options.settings);
  const [chime, ledger] = await Promise.all([
    startLocalChime({ now: () => clock.now().getTime(), seed, switches, faults, pageLimit: pageSize }),
    startLocalLedger(synthesis.table),
  ]);
  const log = logTo(options.onLog ?? (() => undefined));
  let draws = 0;
  const surroundings: Omit<Edge, 'env'> = {
    clock,
    random: () => draw(seed, `function ${draws++}`),
    log,
    requestTimeoutMs,
    chime: { endpoint: chime.url, region: 'us-east-1', credentials: localCredentials },
    dynamodb: ledger.connection,
  };
  const handlers = new Map<string, Handler>();
  for (const [arn, deployed] of synthesis.functions) {
    handlers.set(arn, await handlerOf(deployed, { ...surroundings, env: deployed.environment }));
  }

  return {
    clock,
    chime,
    ledger,
    synthesis,
    start: (input, { onEvent } = {}) =>
      startExecution({
        definition: synthesis.definition,
        input,
        clock,
        seed,
        stateMachineArn: synthesis.stateMachineArn,
        executionArn: `${synthesis.stateMachineArn.replace(':stateMachine:', ':execution:')}:${randomUUID()}`,
        ...(onEvent === undefined ? {} : { onEvent }),
        invoke: (arn, payload) => {
          const deployed = synthesis.functions.get(arn);
          const handler = handlers.get(arn);
          if (deployed === undefined || handler === undefined)
            throw new Error(`There is no function ${arn}.`);
          const { step: name, timeoutSeconds } = deployed;
          return invokeFunction({
            name,
            functionArn: arn,
            handler,
            timeoutSeconds,
            payload,
            clock,
            requestId: randomUUID(),
          });
        },
      }),
    close: async () => {
      clock.close();
      await Promise.all([chime.close(), ledger.close()]);
    },
  };
}

/** The handler that the deployed function has, in surroundings of our own. */
async function handlerOf({ entry }: DeployedFunction, edge: Edge): Promise<Handler> {
  const module: { connect: (edge: Edge) => Step<unknown, unknown> } = await import(pathToFileURL(entry).href);
  return onLambda(module.connect, () => edge);
}

/** The functions' own logger; only where its lines go is different. */
function logTo(onLog: (line: string) => void): Logger {
  const sink = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      for (const line of String(chunk).split('\n')) if (line !== '') onLog(line);
      done();
    },
  });
  const logger = new Logger({ serviceName: 'voice-connector-teardown' });
  Reflect.set(logger, 'console', new Console({ stdout: sink, stderr: sink }));
  return logger;
}
