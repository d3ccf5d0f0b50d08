import type { Definition, State } from '../../local/engine-definition.ts';
import { type Synthesis, synthesise } from '../../local/synthesis.ts';

/** A state as the whole-graph literal shows it: what it is, and where it goes. */
export interface Node {
  readonly type: string;
  /** The step that a Task calls, or the resource of its integration. */
  readonly calls?: string;
  /** What a Wait waits for. */
  readonly until?: string;
  readonly next?: string;
  /** Choices, e.g. `$.verdict = release`, to the next state. No two of one state can be true at once. */
  readonly when?: Readonly<Record<string, string>>;
  readonly otherwise?: string;
  /** Where an error goes: one state for all errors. */
  readonly onError?: string;
  /** What a Map does with each item, from the first state on. */
  readonly each?: Graph;
}

/** A state that announces something, and goes on in any case. */
export function announcing(next: string): Node {
  return { type: 'Task', calls: 'arn:aws:states:::events:putEvents', next, onError: next };
}

export type Graph = Readonly<Record<string, Node>>;

/** A part of the machine that has a StartAt of its own: the machine itself, or what is inside a Map or Parallel. */
export interface Scope {
  readonly startAt: string;
  readonly states: Readonly<Record<string, State>>;
}

/** The machine and everything inside it. */
export function scopesOf(definition: Definition): Scope[] {
  const inner = Object.values(definition.States).flatMap(partsOf).flatMap(scopesOf);
  return [{ startAt: definition.StartAt, states: definition.States }, ...inner];
}

/** Every state of the machine, those inside a Map or Parallel included, by name. */
export function allStates(definition: Definition): Map<string, State> {
  return new Map(scopesOf(definition).flatMap(({ states }) => Object.entries(states)));
}

/** The states reachable from `start`, itself included. */
export function reachableFrom(start: string, { states }: Scope): Set<string> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const next of targetsOf(states[name])) visit(next);
  };
  visit(start);
  return reached;
}

/** Who catches the errors of a state: `Catch` in its order. */
export function catchersOf(state: State): { ErrorEquals: string[]; Next: string; ResultPath?: string }[] {
  return (state.Catch ?? []) as { ErrorEquals: string[]; Next: string; ResultPath?: string }[];
}

/** The whole machine in the form of the literal. */
export function graphOf({ definition, functions }: MachineUnderTest): Graph {
  const shown = ({ States, StartAt }: Definition): Graph =>
    Object.fromEntries(
      inOrder(StartAt, States).map(([name, state]) => [name, nodeOf(name, state, functions, shown)]),
    );
  return shown(definition);
}

/** A machine, and the functions that it calls. */
export type MachineUnderTest = Pick<Synthesis, 'definition' | 'functions'>;

/** The machine of the app's stack that retires a connector, synthesised. */
export const machineUnderTest = (): MachineUnderTest => synthesise();

/** The one that takes a teardown back. */
export function restoreUnderTest(): MachineUnderTest {
  const { restore, functions } = synthesise();
  return { definition: restore.definition, functions };
}

function partsOf(state: State): Definition[] {
  if (state.Type === 'Parallel') return state.Branches as Definition[];
  if (state.Type === 'Map') return [state.ItemProcessor as Definition];
  return [];
}

function choicesOf(state: State): (State & { Next: string })[] {
  return (state.Choices ?? []) as (State & { Next: string })[];
}

function targetsOf(state: State | undefined): string[] {
  if (state === undefined) return [];
  const targets = [state.Next, state.Default].filter((target) => typeof target === 'string');
  return [
    ...targets,
    ...choicesOf(state).map(({ Next }) => Next),
    ...catchersOf(state).map(({ Next }) => Next),
  ];
}

/** The first state first; the others stay as they are. Jest compares objects without regard to order. */
function inOrder(startAt: string, states: Readonly<Record<string, State>>): [string, State][] {
  const entries = Object.entries(states);
  return [...entries.filter(([name]) => name === startAt), ...entries.filter(([name]) => name !== startAt)];
}

function nodeOf(
  name: string,
  state: State,
  functions: Synthesis['functions'],
  shown: (part: Definition) => Graph,
): Node {
  const catchers = [...new Set(catchersOf(state).map(({ Next }) => Next))];
  if (catchers.length > 1) throw new Error(`'${name}' sends its errors to several states: show which.`);
  const [onError] = catchers;
  const [part] = partsOf(state);
  return {
    type: String(state.Type),
    ...(state.Type === 'Task' ? { calls: calledBy(state, functions) } : {}),
    ...(state.Type === 'Wait' ? { until: waitOf(state) } : {}),
    ...(typeof state.Next === 'string' ? { next: state.Next } : {}),
    ...(state.Type === 'Choice'
      ? { when: Object.fromEntries(choicesOf(state).map(({ Next, ...rule }) => [ruleOf(rule), Next])) }
      : {}),
    ...(typeof state.Default === 'string' ? { otherwise: state.Default } : {}),
    ...(onError === undefined ? {} : { onError }),
    ...(part === undefined ? {} : { each: shown(part) }),
  };
}

function calledBy(state: State, functions: Synthesis['functions']): string {
  const resource = String(state.Resource);
  return functions.get(resource)?.step ?? resource;
}

function waitOf(state: State): string {
  if (typeof state.TimestampPath === 'string') return state.TimestampPath;
  if (typeof state.Seconds === 'number') return `${state.Seconds} s`;
  return JSON.stringify(state);
}

/** `$.verdict = release`, `$.a = 1 and $.b is present`. */
function ruleOf(rule: State): string {
  if (Array.isArray(rule.And)) return rule.And.map(ruleOf).join(' and ');
  if (Array.isArray(rule.Or)) return rule.Or.map(ruleOf).join(' or ');
  if (rule.Not !== undefined) return `not ${ruleOf(rule.Not as State)}`;
  const { Variable, Comment: _, ...comparison } = rule;
  const [operator = '', value] = Object.entries(comparison)[0] ?? [];
  if (/^(String|Numeric|Boolean|Timestamp)Equals$/.test(operator)) return `${Variable} = ${value}`;
  if (/^(String|Numeric|Boolean|Timestamp)EqualsPath$/.test(operator)) return `${Variable} = ${value}`;
  if (operator === 'IsPresent') return `${Variable} is ${value === true ? 'present' : 'absent'}`;
  return `${Variable} ${operator} ${value}`;
}
