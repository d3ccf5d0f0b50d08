import { pathToFileURL } from 'node:url';
import { pageSize } from '#chime-api';
import { type Edge, onLambda, type Step } from '../lambda/edge.ts';
import type { Settings } from '../lib/settings.ts';
import { uuidFrom } from './chime/draw.ts';
import type { FaultPlan } from './chime/faults.ts';
import { type LocalChime, startLocalChime } from './chime/server.ts';
import type { ChimeSwitches } from './chime/switches.ts';
import { type Sandbox, VirtualClock } from './clock.ts';
import { type LocalCloudWatch, startLocalCloudWatch } from './cloudwatch.ts';
import { type Execution, type ExecutionOptions, type ExecutionResult, startExecution } from './engine.ts';
import { Environments, type Handler } from './environments.ts';
import { BusFailure, type EventEntry, type LocalEventBus, startLocalEventBus } from './event-bus.ts';
import { type BusEvent, deliveriesOf } from './events.ts';
import { invokeFunction, processDied } from './lambda-service.ts';
import { type LocalLedger, startLocalLedger } from './ledger.ts';
import type { LedgerFaultPlan } from './ledger-faults.ts';
import { startLocalStates } from './states.ts';
import { edgesIn } from './surroundings.ts';
import { type DeployedFunction, type DeployedMachine, type Synthesis, synthesise } from './synthesis.ts';
import type { CapacityUsed } from './transport.ts';

export interface WorldOptions {
  readonly settings?: Partial<Settings>;
  readonly switches?: Partial<ChimeSwitches>;
  readonly faults?: FaultPlan;
  readonly ledgerFaults?: LedgerFaultPlan;
  /** By how much the clock of Chime is ahead of ours, in ms; below 0, behind. */
  readonly chimeAheadMs?: number;
  /** Steps, by name, that are connected in another way than deployed: to see that it would be noticed. */
  readonly steps?: Readonly<Record<string, Connect>>;
  /** The same seed gives the same faults, ids and jitter. Default 1. */
  readonly seed?: string | number;
  /** Is given each line that a function logs. */
  readonly onLog?: (line: string) => void;
  /** Real ms that a call may go without an answer before the SDK gives it up; default 10,000. */
  readonly requestTimeoutMs?: number;
  /** Real ms that a function may go without an answer before its time-out is let pass; default 30,000. */
  readonly realHangMs?: number;
  /** Probability, 0 to 1, that putting an event on the bus fails. Default 0. */
  readonly busFailing?: number;
  /** Whether EventBridge delivers "Step Functions Execution Status Change", which is best effort; default true. */
  readonly deliversEvents?: boolean;
  /** Virtual ms that a request of a function to Chime takes; default 0. */
  readonly chimeLatencyMs?: number;
  readonly meters?: Meters;
}

/** Who is told what is paid for. */
export interface Meters {
  /** Of each run of a function, when it has ended; `ms` of virtual time. */
  readonly onRun: (run: { readonly step: string; readonly ms: number }) => void;
  /** Of each request of a function that the ledger has carried out. */
  readonly onCapacity: (used: CapacityUsed) => void;
}

/** The whole product on this machine: the synthesised stack, deployed to local stand-ins, on one virtual clock. */
export interface World {
  readonly clock: VirtualClock;
  readonly chime: LocalChime;
  readonly ledger: LocalLedger;
  readonly cloudwatch: LocalCloudWatch;
  readonly bus: LocalEventBus;
  readonly synthesis: Synthesis;
  /**
   * Starts the teardown. Its result comes when the rules that its end sets off have done their work. Throws
   * InvalidExecutionInput where StartExecution would refuse the input.
   */
  start(input: unknown, options?: Pick<ExecutionOptions, 'onEvent'>): Execution;
  /** Starts the restore; otherwise like `start`. */
  restore(input: unknown, options?: Pick<ExecutionOptions, 'onEvent'>): Execution;
  /** The executions that events on the bus have started, in order. */
  readonly triggered: readonly Execution[];
  /** The steps whose functions are running. */
  runningFunctions(): string[];
  /** The processes of all functions that are running die, wherever they are. */
  killFunctions(): void;
  /** Time passes although the functions that are running have not answered, as if their processes stood still. */
  stallFunctions(): Stall;
  close(): Promise<void>;
}

/** Functions that stand still. */
export interface Stall {
  /** When they have answered, died, or met their time-out. */
  readonly ended: Promise<void>;
  /** They are at work again. */
  goOn(): void;
}

/** How a step gets its ports. */
export type Connect = (edge: Edge) => Step<never, unknown>;

/** A function at work. */
interface Process {
  readonly step: string;
  die(error: Error): void;
  sandbox?: Sandbox;
  readonly ended: Promise<void>;
}

/** Synthesises the stack, starts the stand-ins and connects the real handlers to them. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { seed = 1, switches = {}, faults = {}, requestTimeoutMs = 10_000, chimeAheadMs = 0 } = options;
  const { onLog = () => undefined, chimeLatencyMs = 0 } = options;
  const clock = new VirtualClock();
  const synthesis = synthesise(options.settings);
  const chimeNow = () => clock.now().getTime() + chimeAheadMs;
  const triggered: Execution[] = [];
  const [chime, ledger, states, cloudwatch, bus] = await Promise.all([
    startLocalChime({ now: chimeNow, seed, switches, faults, pageLimit: pageSize }),
    startLocalLedger(synthesis.table, { seed: String(seed), faults: options.ledgerFaults ?? {} }),
    startLocalStates(),
    startLocalCloudWatch({ now: () => clock.now().getTime() }),
    startLocalEventBus({
      now: () => clock.now().getTime(),
      seed,
      failing: options.busFailing ?? 0,
      onEvent: (event) => clock.outside(() => void deliver(event).catch(() => undefined)),
    }),
  ]);
  const edgeOf = edgesIn({
    ...{ clock, seed, onLog, requestTimeoutMs, chimeLatencyMs },
    chimeUrl: chime.url,
    connections: {
      dynamodb: ledger.connection,
      states: states.connection,
      cloudwatch: cloudwatch.connection,
      events: bus.connection,
    },
    onCapacity: options.meters?.onCapacity,
  });
  const environments = new Map<string, Environments>();
  for (const [arn, deployed] of synthesis.functions) {
    const connect = options.steps?.[deployed.step] ?? (await connectOf(deployed));
    environments.set(arn, new Environments(() => handlerOf(connect, () => edgeOf(deployed))));
  }
  const running = new Set<Process>();
  let ids = 0;
  const nextId = () => uuidFrom(seed, 'world', ids++);

  const invoke = async (arn: string, payload: unknown): Promise<unknown> => {
    if (arn === putEvents) return announce(bus, payload);
    const deployed = synthesis.functions.get(arn);
    const pool = environments.get(arn);
    if (deployed === undefined || pool === undefined) throw new Error(`There is no function ${arn}.`);
    const { promise: death, reject: die } = Promise.withResolvers<never>();
    death.catch(() => undefined);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const process: Process = { step: deployed.step, die, ended };
    running.add(process);
    const began = clock.now().getTime();
    try {
      return await pool.use((handler) =>
        invokeFunction({
          name: deployed.step,
          functionArn: arn,
          handler,
          timeoutSeconds: deployed.timeoutSeconds,
          payload,
          clock,
          death,
          onStart: (sandbox) => {
            process.sandbox = sandbox;
          },
          requestId: nextId(),
          ...(options.realHangMs === undefined ? {} : { realHangMs: options.realHangMs }),
        }),
      );
    } finally {
      running.delete(process);
      options.meters?.onRun({ step: deployed.step, ms: clock.now().getTime() - began });
      end();
    }
  };
  /** Gives an event to the targets of the rules that it matches; a topic's mail goes nowhere. */
  const deliver = async (event: BusEvent): Promise<void> => {
    for (const { arn, input: payload } of deliveriesOf(event, synthesis.rules)) {
      const machine = [synthesis, synthesis.restore].find(({ stateMachineArn }) => stateMachineArn === arn);
      if (machine !== undefined) triggered.push(startOn(machine)(payload));
      else if (synthesis.functions.has(arn))
        await invokeAsynchronously(() => clock.outside(() => clock.busy(() => invoke(arn, payload))), clock);
    }
  };

  const startOn =
    (machine: DeployedMachine): World['start'] =>
    (input, { onEvent } = {}) => {
      const { definition, stateMachineArn } = machine;
      const execution = startExecution({
        ...{ definition, input, clock, seed, stateMachineArn, invoke },
        executionArn: `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${nextId()}`,
        ...(onEvent === undefined ? {} : { onEvent }),
      });
      states.add(execution);
      const settled = execution.result.then(async (result) => {
        if (options.deliversEvents !== false)
          await deliver(statusChange(execution.arn, stateMachineArn, input, result));
        return result;
      });
      return { arn: execution.arn, abort: execution.abort, result: settled };
    };

  return {
    clock,
    chime,
    ledger,
    cloudwatch,
    bus,
    triggered,
    synthesis,
    start: startOn(synthesis),
    restore: startOn(synthesis.restore),
    runningFunctions: () => [...running].map(({ step }) => step),
    killFunctions: () => {
      for (const { die } of running) die(processDied(nextId()));
    },
    stallFunctions: () => {
      const stalled = [...running];
      for (const { sandbox } of stalled) sandbox?.giveUp();
      return {
        ended: Promise.all(stalled.map(({ ended }) => ended)).then(() => undefined),
        goOn: () => {
          for (const { sandbox } of stalled) sandbox?.holdAgain();
        },
      };
    },
    close: async () => {
      clock.close();
      await Promise.all([chime.close(), ledger.close(), states.close(), cloudwatch.close(), bus.close()]);
    },
  };
}

/** The optimised integration of Step Functions with EventBridge. */
const putEvents = 'arn:aws:states:::events:putEvents';

/** As a state does it: an entry that is not taken is an error of the state. */
function announce(bus: LocalEventBus, payload: unknown): object {
  const { Entries } = payload as { Entries: EventEntry[] };
  try {
    const answer = bus.put(Entries);
    if (answer.FailedEntryCount === 0) return answer;
    throw failure('EventBridge.FailedEntry', JSON.stringify(answer));
  } catch (error) {
    if (error instanceof BusFailure) throw failure('EventBridge.InternalException', error.message);
    throw error;
  }
}

function failure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** How the deployed function gets its ports. */
async function connectOf({ entry }: DeployedFunction): Promise<Connect> {
  const { connect }: { connect: Connect } = await import(pathToFileURL(entry).href);
  return connect;
}

/** The handler that the deployed function has, in surroundings of our own. */
function handlerOf(connect: Connect, makeEdge: () => Edge): Handler {
  return onLambda<never, unknown>(connect, makeEdge) as Handler;
}

/** When Lambda runs a function again that an event has invoked and that failed: twice, in ms after each failure. */
const asynchronousRetriesMs = [60_000, 120_000];

/** Nobody hears of the answer, nor of the last failure. */
async function invokeAsynchronously(invoke: () => Promise<unknown>, clock: VirtualClock): Promise<void> {
  for (const delay of [...asynchronousRetriesMs, undefined]) {
    try {
      await invoke();
      return;
    } catch {
      if (delay !== undefined) await clock.sleep(delay);
    }
  }
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
