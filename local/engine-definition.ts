/** A state of the Amazon States Language. */
export type State = Readonly<Record<string, unknown>>;

/** A state machine, or the part of one inside a Map or Parallel state. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  /** Seconds until the execution times out. */
  readonly TimeoutSeconds?: number;
  readonly [field: string]: unknown;
}

/** Step Functions' own default for a Task's TimeoutSeconds. The library's is 60. */
const TASK_TIMEOUT_SECONDS = 99_999_999;

/** Fields that the library does not know and would pass over in silence. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  Any: ['Arguments', 'Assign', 'Output'],
  Task: ['HeartbeatSeconds', 'HeartbeatSecondsPath'],
  Map: [
    'ItemBatcher',
    'ItemReader',
    'ResultWriter',
    'ToleratedFailureCount',
    'ToleratedFailureCountPath',
    'ToleratedFailurePercentage',
    'ToleratedFailurePercentagePath',
  ],
};

/** The machine asks for something that the local engine cannot play as Step Functions does. */
export class UnsupportedDefinition extends Error {
  override readonly name = 'UnsupportedDefinition';

  constructor(stateName: string, what: string) {
    super(`The local engine cannot play ${what} (state '${stateName}').`);
  }
}

/** Every Task state of a definition, those inside Map and Parallel included. */
export function taskStates(definition: Definition): [name: string, state: State][] {
  return Object.entries(definition.States).flatMap(([name, state]) =>
    state.Type === 'Task' ? [[name, state] as [string, State]] : partsOf(state).flatMap(taskStates),
  );
}

/**
 * The definition in words that the library reads as Step Functions reads the original.
 *
 * Throws {@link UnsupportedDefinition} where there are no such words.
 */
export function playable(definition: Definition): Definition {
  const states = Object.entries(definition.States).map(([name, state]) => {
    refuseUnsupported(name, state, definition);
    return [name, playableState(state)];
  });
  return { ...definition, States: Object.fromEntries(states) };
}

function partsOf(state: State): Definition[] {
  if (state.Type === 'Parallel') return state.Branches as Definition[];
  if (state.Type === 'Map') return [(state.ItemProcessor ?? state.Iterator) as Definition];
  return [];
}

function refuseUnsupported(name: string, state: State, machine: Definition): void {
  const fields = [...(UNSUPPORTED.Any ?? []), ...(UNSUPPORTED[String(state.Type)] ?? [])];
  const found = fields.find((field) => field in state);
  if (found) throw new UnsupportedDefinition(name, found);
  if ((state.QueryLanguage ?? machine.QueryLanguage) === 'JSONata')
    throw new UnsupportedDefinition(name, 'JSONata');
  if (/\.(waitForTaskToken|sync(:\d)?)$/.test(String(state.Resource ?? ''))) {
    throw new UnsupportedDefinition(name, `the integration pattern of ${state.Resource}`);
  }
  if (state.Type === 'Pass' && 'Result' in state && !state.Result) {
    throw new UnsupportedDefinition(name, `a Pass state with the Result ${JSON.stringify(state.Result)}`);
  }
  const [processor] = state.Type === 'Map' ? partsOf(state) : [];
  if ((processor?.ProcessorConfig as State | undefined)?.Mode === 'DISTRIBUTED') {
    throw new UnsupportedDefinition(name, 'a Distributed Map');
  }
}

function playableState(state: State): State {
  const plain = { ...withPlainResultPath(state) };
  if (Array.isArray(plain.Catch)) plain.Catch = plain.Catch.map(withPlainResultPath);
  switch (plain.Type) {
    case 'Task':
      return 'TimeoutSecondsPath' in plain ? plain : { TimeoutSeconds: TASK_TIMEOUT_SECONDS, ...plain };
    case 'Map':
      return playableMap(plain);
    case 'Parallel':
      return { ...plain, Branches: partsOf(plain).map(playable) };
    case 'Choice':
      return { ...plain, Choices: (plain.Choices as State[]).map(playableRule) };
    case 'Fail':
      return playableFail(plain);
    default:
      return plain;
  }
}

/** The library takes the `$` of `$` and of `$['key']` for the name of a field. */
function withPlainResultPath<T extends State>(holder: T): State {
  const { ResultPath: path, ...rest } = holder;
  if (path === '$') return rest;
  return typeof path === 'string' && path.startsWith('$[') ? { ...rest, ResultPath: path.slice(1) } : holder;
}

/** Iterations are handed their item beside their input (see `unwrapped` in engine-module.ts), for `$$.Map.Item`. */
function playableMap(map: State): State {
  const { Parameters, ItemSelector = Parameters, Iterator, ItemProcessor = Iterator, ...rest } = map;
  const input = ItemSelector === undefined ? { 'input.$': '$$.Map.Item.Value' } : { input: ItemSelector };
  return {
    ...rest,
    ItemSelector: { 'item.$': '$$.Map.Item', ...input },
    ItemProcessor: playable(ItemProcessor as Definition),
  };
}

/**
 * The library finds `IsPresent: false` and its like never true, and compares values of different types as JavaScript
 * does, where Step Functions says no.
 */
function playableRule(rule: State): State {
  const { Next, Comment, ...test } = rule;
  const next = Next === undefined ? {} : { Next };
  if (Array.isArray(test.And)) return { And: test.And.map(playableRule), ...next };
  if (Array.isArray(test.Or)) return { Or: test.Or.map(playableRule), ...next };
  if (test.Not) return { Not: playableRule(test.Not as State), ...next };
  const { Variable, ...comparison } = test;
  const [operator = '', value] = Object.entries(comparison)[0] ?? [];
  if (operator.startsWith('Is') && value === false) return { Not: { Variable, [operator]: true }, ...next };
  const type = /^(Numeric|String|Timestamp)/.exec(operator)?.[0];
  return type ? { And: [{ Variable, [`Is${type}`]: true }, test], ...next } : { ...test, ...next };
}

/** The library knows no intrinsic functions in ErrorPath and CausePath, and makes names up where there are none. */
function playableFail(fail: State): State {
  const { Error: error = '', Cause: cause = '', ErrorPath, CausePath, ...rest } = fail;
  const parameters: Record<string, unknown> = {};
  if (ErrorPath !== undefined) parameters['Error.$'] = ErrorPath;
  if (CausePath !== undefined) parameters['Cause.$'] = CausePath;
  return {
    ...rest,
    Parameters: parameters,
    ...(ErrorPath === undefined ? { Error: error } : { ErrorPath: '$.Error' }),
    ...(CausePath === undefined ? { Cause: cause } : { CausePath: '$.Cause' }),
  };
}
