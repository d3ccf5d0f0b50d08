import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { pageSize } from '#chime-api';
import { type Edge, onLambda, type Step } from '../lambda/edge.ts';
import type { Settings } from '../lib/settings.ts';
import { draw } from './chime/draw.ts';
import type { FaultPlan } from './chime/faults.ts';
import { type LocalChime, startLocalChime } from './chime/server.ts';
import type { ChimeSwitches } from './chime/switches.ts';
import { VirtualClock } from './clock.ts';
import { type LocalCloudWatch, startLocalCloudWatch } from './cloudwatch.ts';
import { type Execution, type ExecutionOptions, type ExecutionResult, startExecution } from './engine.ts';
import { deliveriesOf } from './events.ts';
import { invokeFunction, processDied } from './lambda-service.ts';
import { type LocalLedger, localCredentials, startLocalLedger } from './ledger.ts';
import { loggerTo } from './logs.ts';
import { startLocalStates } from './states.ts';
import { type DeployedFunction, type DeployedMachine, type Synthesis, synthesise } from './synthesis.ts';

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
  /** Real ms that a function may go without an answer before its time-out is let pass; default 30,000. */
  readonly realHangMs?: number;
  /** Whether EventBridge delivers "Step Functions Execution Status Change", which is best effort; default true. */
  readonly deliversEvents?: boolean;
}

/** The whole product on this machine: the synthesised stack, deployed to local stand-ins, on one virtual clock. */
export interface World {
  readonly clock: VirtualClock;
  readonly chime: LocalChime;
  readonly ledger: LocalLedger;
  readonly cloudwatch: LocalCloudWatch;
  readonly synthesis: Synthesis;
  /**
   * Starts the teardown. Its result comes when the rules that its end sets off have done their work. Throws
   * InvalidExecutionInput where StartExecution would refuse the input.
   */
  start(input: unknown, options?: Pick<ExecutionOptions, 'onEvent'>): Execution;
  /** Starts the restore; otherwise like `start`. */
  restore(input: unknown, options?: Pick<ExecutionOptions, 'onEvent'>): Execution;
  /** The steps whose functions are running. */
  runningFunctions(): string[];
  /** The processes of all functions that are running die, wherever they are. */
  killFunctions(): void;
  close(): Promise<void>;
}

type Handler = ReturnType<typeof onLambda>;

/** Synthesises the stack, starts the stand-ins and connects the real handlers to them. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { seed = 1, switches = {}, faults = {}, requestTimeoutMs = 10_000 } = options;
  const clock = new VirtualClock();
  const synthesis = synthesise(options.settings);
  const [chime, ledger, states, cloudwatch] = await Promise.all([
    startLocalChime({ now: () => clock.now().getTime(), seed, switches, faults, pageLimit: pageSize }),
    startLocalLedger(synthesis.table),
    startLocalStates(),
    startLocalCloudWatch({ now: () => clock.now().getTime() }),
  ]);
  let draws = 0;
  const surroundings: Omit<Edge, 'env'> = {
    clock,
    random: () => draw(seed, `function ${draws++}`),
    log: loggerTo(options.onLog ?? (() => undefined)),
    requestTimeoutMs,
    chime: { endpoint: chime.url, region: 'us-east-1', credentials: localCredentials },
    dynamodb: ledger.connection,
    states: states.connection,
    cloudwatch: cloudwatch.connection,
  };
  const handlers = new Map<string, Handler>();
  for (const [arn, deployed] of synthesis.functions) {
    handlers.set(arn, await handlerOf(deployed, { ...surroundings, env: deployed.environment }));
  }
  const running = new Set<{ readonly step: string; die(error: Error): void }>();

  const invoke = async (arn: string, payload: unknown): Promise<unknown> => {
    const deployed = synthesis.functions.get(arn);
    const handler = handlers.get(arn);
    if (deployed === undefined || handler === undefined) throw new Error(`There is no function ${arn}.`);
    const { promise: death, reject: die } = Promise.withResolvers<never>();
    death.catch(() => undefined);
    const process = { step: deployed.step, die };
    running.add(process);
    try {
      return await invokeFunction({
        name: deployed.step,
        functionArn: arn,
        handler,
        timeoutSeconds: deployed.timeoutSeconds,
        payload,
        clock,
        death,
        requestId: randomUUID(),
        ...(options.realHangMs === undefined ? {} : { realHangMs: options.realHangMs }),
      });
    } finally {
      running.delete(process);
    }
  };
  const deliver = async (
    executionArn: string,
    { stateMachineArn }: DeployedMachine,
    input: unknown,
    result: ExecutionResult,
  ): Promise<void> => {
    const event = statusChange(executionArn, stateMachineArn, input, result);
    for (const { arn, input: payload } of deliveriesOf(event, synthesis.rules)) {
      await clock.outside(() => clock.busy(() => invoke(arn, payload)));
    }
  };

  const startOn =
    (machine: DeployedMachine): World['start'] =>
    (input, { onEvent } = {}) => {
      const { definition, stateMachineArn } = machine;
      const execution = startExecution({
        ...{ definition, input, clock, seed, stateMachineArn, invoke },
        executionArn: `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${randomUUID()}`,
        ...(onEvent === undefined ? {} : { onEvent }),
      });
      states.add(execution);
      const settled = execution.result.then(async (result) => {
        if (options.deliversEvents !== false) await deliver(execution.arn, machine, input, result);
        return result;
      });
      return { arn: execution.arn, abort: execution.abort, result: settled };
    };

  return {
    clock,
    chime,
    ledger,
    cloudwatch,
    synthesis,
    start: startOn(synthesis),
    restore: startOn(synthesis.restore),
    runningFunctions: () => [...running].map(({ step }) => step),
    killFunctions: () => {
      for (const { die } of running) die(processDied(randomUUID()));
    },
    close: async () => {
      clock.close();
      await Promise.all([chime.close(), ledger.close(), states.close(), cloudwatch.close()]);
    },
  };
}

/** The handler that the deployed function has, in surroundings of our own. */
async function handlerOf({ entry }: DeployedFunction, edge: Edge): Promise<Handler> {
  const module: { connect: (edge: Edge) => Step<unknown, unknown> } = await import(pathToFileURL(entry).href);
  return onLambda(module.connect, () => edge);
}

/** What Step Functions tells EventBridge when an execution ends. */
function statusChange(
  executionArn: string,
  stateMachineArn: string,
  input: unknown,
  result: ExecutionResult,
) {
  const { status, error = null, cause = null } = result;
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn, stateMachineArn, status, input: JSON.stringify(input), error, cause },
  };
}
