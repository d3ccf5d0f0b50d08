import { isNativeError } from 'node:util/types';
import type * as Library from 'aws-local-stepfunctions';
import { draw } from './chime/draw.ts';
import type { VirtualClock } from './clock.ts';
import { type Definition, playable, type State, taskStates } from './engine-definition.ts';
import { type EngineEvent, History } from './engine-history.ts';
import { CONTEXT, loadEngine } from './engine-module.ts';
import { currentScope, type MapItem, runInScope, Scope } from './engine-scope.ts';

/** The most bytes of UTF-8 JSON in an input, a payload or an output: a quota of Step Functions. */
export const MAX_PAYLOAD_BYTES = 262_144;

export interface ExecutionOptions {
  readonly definition: Definition;
  readonly input: unknown;
  readonly clock: VirtualClock;
  /** The same seed gives the same jitter. */
  readonly seed: string | number;
  /** Its last part is the execution's name. */
  readonly executionArn: string;
  /** Its last part is the machine's name. */
  readonly stateMachineArn: string;
  /**
   * Does what a Task state asks for. Its result passes through JSON. What it throws is the error of the state: `name`
   * is the Error, `message` the Cause. Time stands still meanwhile (see `VirtualClock.busy`).
   */
  readonly invoke: (resource: string, payload: unknown, stateName: string) => Promise<unknown>;
  /** Is told every event as it happens; must not throw. */
  readonly onEvent?: (event: EngineEvent) => void;
}

export interface ExecutionResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  /** All events, in order. */
  readonly history: readonly EngineEvent[];
  /** States entered and retries: what Step Functions bills. */
  readonly transitions: number;
}

export interface Execution {
  readonly arn: string;
  /** Stops the execution: nothing is invoked any more. What runs already runs on, as Lambda does. */
  abort(reason?: { error?: string; cause?: string }): void;
  /** Never rejects: a failure is a status. */
  readonly result: Promise<ExecutionResult>;
}

/** StartExecution refused the request: nothing was started. */
export class InvalidExecutionInput extends Error {
  override readonly name = 'InvalidExecutionInput';
}

/** A payload or an output over the quota. `States.ALL` matches it neither in Retry nor in Catch, only its name does. */
class DataLimitExceeded extends Error {
  override readonly name = 'States.DataLimitExceeded';

  get isRetryable(): boolean {
    return names(currentScope().visit?.definition.Retry, this.name);
  }

  get isCatchable(): boolean {
    return names(currentScope().visit?.definition.Catch, this.name);
  }
}

/**
 * Starts a state machine on this machine, as strictly as Step Functions. The definition is in JSONPath; where it needs
 * more than the local engine can do, this throws `UnsupportedDefinition`.
 *
 * Throws {@link InvalidExecutionInput} for an input that is no JSON or too large, and an Error that lists the faults
 * of a definition that is not valid.
 */
export function startExecution(options: ExecutionOptions): Execution {
  const { clock, definition, executionArn: arn } = options;
  const input = acceptedInput(options.input);
  const root = new Scope(undefined, '');
  const history = new History(clock, options.onEvent);
  const timers = new Map<number, Scope>();
  const dropTimersOfEnded = () => {
    for (const [handle, scope] of timers) {
      if (!scope.over) continue;
      clock.clearTimeout(handle);
      timers.delete(handle);
    }
  };
  const library = loadEngine({
    Date: clock.Date,
    setTimeout: (fn, ms = 0) => {
      const scope = currentScope();
      if (scope.over) return -1;
      const handle = clock.setTimeout(() => {
        timers.delete(handle);
        fn();
      }, ms);
      timers.set(handle, scope);
      return handle;
    },
    clearTimeout: (handle) => {
      clock.clearTimeout(handle);
      if (handle !== undefined) timers.delete(handle);
    },
    random: () => draw(options.seed, currentScope().nextDraw()),
    contextObject: contextObjects(options, input),
    record: (event, part) => {
      const scope = currentScope();
      if (event.type === 'StateExited') checkSize(event.state?.output, scope);
      history.record(event, scope, part);
      if (!/^Execution(Succeeded|Failed|Aborted|Timeout)$/.test(event.type)) return;
      // An iteration that fails ends all of its Map; one that succeeds ends nothing but itself.
      const ended = event.type === 'ExecutionFailed' && scope.index !== undefined ? scope.parent : scope;
      ended?.end();
      dropTimersOfEnded();
    },
  });

  const machine = validMachine(definition, library);
  const run = clock.outside(() =>
    runInScope(root, () =>
      machine.run(input as never, {
        context: { [CONTEXT]: true } as Library.RunOptions['context'] & object,
        overrides: { taskResourceLocalHandlers: taskHandlers(options) as never },
      }),
    ),
  );
  let reason: { error?: string; cause?: string } = {};
  return {
    arn,
    abort: (given = {}) => {
      if (root.over) return;
      reason = given;
      run.abort();
    },
    result: run.result.then(
      (output: unknown) => ({ status: 'SUCCEEDED', output, ...totals(history) }),
      (error: unknown) => ({ ...unsuccessful(error, library, reason), ...totals(history) }),
    ),
  };
}

/** Definitions found valid, as JSON: the library's validator takes 50 ms each time. */
const valid = new Set<string>();

function validMachine(definition: Definition, { StateMachine }: typeof Library): Library.StateMachine {
  const text = JSON.stringify(definition);
  if (!valid.has(text)) new StateMachine(forLibrary(definition));
  valid.add(text);
  return new StateMachine(forLibrary(playable(definition)), { validationOptions: { noValidate: true } });
}

function acceptedInput(input: unknown): unknown {
  const accepted = inputAsJson(input === undefined ? {} : input);
  const bytes = sizeOf(accepted);
  if (bytes <= MAX_PAYLOAD_BYTES) return accepted;
  throw new InvalidExecutionInput(
    `The execution was not started: its input has ${bytes} bytes, and the limit is ${MAX_PAYLOAD_BYTES}.`,
  );
}

function inputAsJson(input: unknown): unknown {
  try {
    return viaJson(input);
  } catch (cause) {
    throw new InvalidExecutionInput('The execution was not started: its input is no JSON.', { cause });
  }
}

/** One function for each Task state. What must not run any more is left unanswered: nobody waits for it. */
function taskHandlers({ clock, definition, invoke }: ExecutionOptions): Record<string, unknown> {
  const handlerOf = (stateName: string, state: State) => async (payload: unknown) => {
    const scope = currentScope();
    if (scope.over) return new Promise(() => undefined);
    checkSize(payload, scope);
    const copy = viaJson(payload);
    const result = viaJson((await clock.busy(() => invoke(String(state.Resource), copy, stateName))) ?? null);
    checkSize(result, scope);
    return result;
  };
  return Object.fromEntries(taskStates(definition).map(([name, state]) => [name, handlerOf(name, state)]));
}

/** The context object as Step Functions has it: of the whole execution also inside a Map. */
function contextObjects(options: ExecutionOptions, input: unknown): (item: MapItem | undefined) => unknown {
  const { executionArn, stateMachineArn, clock } = options;
  const [, , , , account = '', , machineName = ''] = stateMachineArn.split(':');
  const startTime = clock.now().toISOString();
  return (libraryItem) => {
    const scope = currentScope();
    const { visit } = scope;
    const item = libraryItem ?? scope.nearestItem;
    return {
      Execution: {
        Id: executionArn,
        Input: input,
        Name: executionArn.split(':').at(-1),
        RoleArn: `arn:aws:iam::${account}:role/${machineName}`,
        StartTime: startTime,
      },
      StateMachine: { Id: stateMachineArn, Name: machineName },
      ...(visit && {
        State: { Name: visit.name, EnteredTime: visit.enteredTime, RetryCount: visit.retryCount },
      }),
      ...(item && { Map: { Item: item } }),
    };
  };
}

function unsuccessful(
  error: unknown,
  library: typeof Library,
  abortReason: { error?: string; cause?: string },
): Pick<ExecutionResult, 'status' | 'error' | 'cause'> {
  if (error instanceof library.ExecutionTimeoutError) return { status: 'TIMED_OUT' };
  if (error instanceof library.ExecutionAbortedError) return { status: 'ABORTED', ...abortReason };
  const failure = error instanceof library.ExecutionError ? error.cause : error;
  const { name, message } = isError(failure) ? failure : { name: 'States.Runtime', message: String(failure) };
  return { status: 'FAILED', ...(name && { error: name }), ...(message && { cause: message }) };
}

function totals(history: History): Pick<ExecutionResult, 'history' | 'transitions'> {
  return { history: [...history.events], transitions: history.transitions };
}

function checkSize(value: unknown, scope: Scope): void {
  const bytes = sizeOf(value);
  if (bytes <= MAX_PAYLOAD_BYTES) return;
  throw new DataLimitExceeded(
    `The state '${scope.visit?.name}' has an input or output of ${bytes} bytes, and the limit is ${MAX_PAYLOAD_BYTES}.`,
  );
}

function names(policies: unknown, error: string): boolean {
  return Array.isArray(policies) && policies.some(({ ErrorEquals }) => ErrorEquals.includes(error));
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

function viaJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function forLibrary(definition: Definition): Library.StateMachineDefinition {
  return definition as unknown as Library.StateMachineDefinition;
}

function isError(error: unknown): error is Error {
  return isNativeError(error) || error instanceof Error;
}
