import type { VirtualClock } from './clock.ts';
import type { Definition } from './engine-definition.ts';
import type { LibraryEvent } from './engine-module.ts';
import type { Scope } from './engine-scope.ts';

/** One event of an execution. */
export interface EngineEvent {
  readonly type:
    | `Execution${'Started' | 'Succeeded' | 'Failed' | 'Aborted' | 'Timeout'}`
    | `MapIteration${'Started' | 'Succeeded' | 'Failed'}`
    | `ParallelBranch${'Started' | 'Succeeded' | 'Failed'}`
    | `State${'Entered' | 'Exited' | 'Failed' | 'Retried' | 'Caught'}`;
  /** Virtual milliseconds since 1970. */
  readonly timestamp: number;
  /** Which iteration of the innermost Map, or branch of the innermost Parallel, it happened in. */
  readonly index?: number;
  readonly state?: {
    readonly name: string;
    readonly type: string;
    readonly input: unknown;
    readonly output?: unknown;
  };
  /** The Map or Parallel state of an iteration or a branch. */
  readonly parentState?: { readonly name: string; readonly type: string; readonly input: unknown };
  readonly input?: unknown;
  readonly output?: unknown;
  readonly Error?: string;
  readonly Cause?: unknown;
  readonly retry?: { readonly retrier: unknown; readonly attempt: number };
  readonly catch?: { readonly catcher: unknown };
}

/** Keeps the events of an execution, and the scopes up to date with them. */
export class History {
  readonly events: EngineEvent[] = [];
  /** States entered and retries: what Step Functions bills. */
  transitions = 0;
  readonly #clock: VirtualClock;
  readonly #onEvent: ((event: EngineEvent) => void) | undefined;

  constructor(clock: VirtualClock, onEvent: ((event: EngineEvent) => void) | undefined) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  /** Notes what happened in `scope`; nothing from a scope that is over, as Step Functions stops such a one. */
  record(event: LibraryEvent, scope: Scope, definition: Definition): void {
    if (scope.over) return;
    const told = nested(event, scope);
    if (event.type === 'StateEntered' && event.state) {
      const { name, type, input } = event.state;
      const enteredTime = this.#clock.now().toISOString();
      scope.enter({
        name,
        type,
        input,
        enteredTime,
        retryCount: 0,
        definition: definition.States[name] ?? {},
      });
    }
    if (event.type === 'StateRetried' && scope.visit) scope.visit.retryCount += 1;
    if (event.type === 'StateEntered' || event.type === 'StateRetried') this.transitions += 1;
    if (!told) return;
    this.events.push(told);
    this.#onEvent?.(told);
  }
}

/** The library's event in the words of the execution around it: an iteration is an execution only to the library. */
function nested(event: LibraryEvent, scope: Scope): EngineEvent | undefined {
  if (scope.index === undefined) return event as EngineEvent;
  const { index, parent } = scope;
  if (event.state) return { ...event, index } as EngineEvent;
  const around = parent?.visit;
  const [, outcome] = /^Execution(Started|Succeeded|Failed)$/.exec(event.type) ?? [];
  if (!outcome || !around) return undefined;
  const parentState = { name: around.name, type: around.type, input: around.input };
  const type = `${around.type === 'Map' ? 'MapIteration' : 'ParallelBranch'}${outcome}`;
  return { ...event, type, index, parentState } as EngineEvent;
}
