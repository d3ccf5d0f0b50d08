import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Library from 'aws-local-stepfunctions';
import type { Definition } from './engine-definition.ts';
import { currentScope, type MapItem, runInScope } from './engine-scope.ts';

/** What the library takes from its surroundings, and what it tells them. */
export interface EngineSurroundings {
  readonly Date: DateConstructor;
  setTimeout(fn: () => void, ms?: number): number;
  clearTimeout(handle: number | undefined): void;
  /** A number in [0, 1), for jitter. */
  random(): number;
  /** The context object for the current scope; `item` is the library's own `Map.Item`, if it knows one. */
  contextObject(item: MapItem | undefined): unknown;
  /** An event of the current scope, at once and in order; `definition` is the machine or the part it came from. */
  record(event: LibraryEvent, definition: Definition): void;
}

/** An event as the library dispatches it. */
export interface LibraryEvent {
  readonly type: string;
  /** Virtual milliseconds since 1970. */
  readonly timestamp: number;
  readonly state?: { name: string; type: string; input: unknown; output?: unknown };
  readonly [field: string]: unknown;
}

type Run = (input: unknown, options: unknown) => unknown;
type Execute = (
  input: unknown,
  options: { eventLogger: { dispatch(event: LibraryEvent): void } },
  end: unknown,
) => unknown;
type Limit = (work: () => unknown) => Promise<unknown>;
type Query = (options: { path: string; json: unknown }) => unknown;

/** Marks the library's context objects: a symbol travels along as the library spreads them, and is in no JSON. */
export const CONTEXT = Symbol('context object');

/** Wildcards, filters, deep scans, slices and unions. */
const INDEFINITE = /\.\.|\*|\[\?|\[[^'"\]]*[:,]/;

const requireHere = createRequire(import.meta.url);
const libraryPath = requireHere.resolve('aws-local-stepfunctions');
const requireThere = createRequire(libraryPath);
const libraryText = readFileSync(libraryPath, 'utf8');

/**
 * The library `aws-local-stepfunctions`, compiled anew with our clock, our randomness and our reading of its modules
 * in place of the global ones. It is compiled as a function of this realm because it compares prototypes of values.
 */
export function loadEngine(surroundings: EngineSurroundings): typeof Library {
  const names = ['require', 'module', 'exports', 'setTimeout', 'clearTimeout', 'Date', 'Math'];
  const compiled = new Function(...names, libraryText);
  const module = { exports: {} };
  compiled(
    (name: string) => requireFor(name, surroundings),
    module,
    module.exports,
    surroundings.setTimeout,
    surroundings.clearTimeout,
    surroundings.Date,
    Object.create(Math, { random: { value: surroundings.random } }),
  );
  const library = module.exports as typeof Library;
  observe(library, surroundings);
  return library;
}

function requireFor(name: string, surroundings: EngineSurroundings): unknown {
  if (name.startsWith('@aws-sdk/')) return noAws;
  const real = requireThere(name);
  if (name === 'p-limit') return (concurrency: number) => scopedLimit(real(concurrency));
  if (name === 'jsonpath-plus')
    return { ...real, JSONPath: queryAsStepFunctions(real.JSONPath, surroundings) };
  return real;
}

/** Every export of the AWS SDK, as far as a local run is concerned. */
const noAws = new Proxy(
  {},
  {
    get: () =>
      class {
        constructor() {
          throw new Error('The local run never calls AWS: a Task state has no local function.');
        }
      },
  },
);

/**
 * The limiter of one run of a Map or Parallel state. Each iteration gets a scope, whoever takes it from the queue, and
 * once the run is over, none is started any more: the library itself would still start those in the queue.
 */
function scopedLimit(limit: Limit): Limit {
  const parts = currentScope().forParts();
  let started = 0;
  return (work) => {
    const part = parts.part(started++);
    return limit(() => (part.over ? new Promise(() => undefined) : runInScope(part, work)));
  };
}

/**
 * Reads paths as Step Functions does. Into the context object (`$$`), because the library's own lacks State, and is
 * wrong or empty inside a Map; and a path to any number of values that finds none gives an empty list.
 */
function queryAsStepFunctions(query: Query, surroundings: EngineSurroundings): Query {
  return (options) => {
    if (options.path === '$' && isPrimitive(options.json)) return options.json;
    const found = query({ ...options, json: withContext(options.json, surroundings) });
    return found === undefined && INDEFINITE.test(options.path) ? [] : found;
  };
}

/** The whole of an input that is no object or list, which the library's reader does not find where it is falsy. */
function isPrimitive(json: unknown): boolean {
  return json === null || typeof json !== 'object';
}

function withContext(json: unknown, surroundings: EngineSurroundings): unknown {
  if (typeof json !== 'object' || json === null || !(CONTEXT in json)) return json;
  return surroundings.contextObject((json as { Map?: { Item: MapItem } }).Map?.Item);
}

/**
 * Hands every event on as it happens. The library's event log arrives late, misses what nested machines report after
 * the end of the one around them, and cannot be put in order.
 */
function observe(library: typeof Library, surroundings: EngineSurroundings): void {
  const prototype = library.StateMachine.prototype as unknown as { run: Run; execute: Execute };
  const { run, execute } = prototype;
  prototype.run = function (input, options) {
    return run.call(this, unwrapped(input), options);
  };
  prototype.execute = function (this: { definition: Definition }, input, options, end) {
    const scope = currentScope();
    options.eventLogger.dispatch = (event) =>
      runInScope(scope, () => surroundings.record(event, this.definition));
    return execute.call(this, input, options, end);
  };
}

/** The input of an iteration, which comes with its item (see `playableMap` in engine-definition.ts). */
function unwrapped(input: unknown): unknown {
  const scope = currentScope();
  if (scope.index === undefined || scope.visit?.type !== 'Map') return input;
  const wrapped = input as { item: MapItem; input: unknown };
  scope.item = wrapped.item;
  return wrapped.input;
}
