import { AsyncLocalStorage } from 'node:async_hooks';

/** The state that a scope is in. */
export interface Visit {
  readonly name: string;
  readonly type: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  /** ISO 8601, virtual. */
  readonly enteredTime: string;
  retryCount: number;
}

/** `$$.Map.Item`. */
export interface MapItem {
  readonly Index: number;
  readonly Value: unknown;
}

/**
 * What belongs together in an execution: the execution itself, one run of a Map or Parallel state, one iteration or
 * branch of it. A scope that is over, or lies in one that is, must not start anything more.
 */
export class Scope {
  readonly parent: Scope | undefined;
  /** Position among the iterations or branches; undefined for the execution and for a Map or Parallel as a whole. */
  readonly index: number | undefined;
  /** Tells the scopes of an execution apart, the same in every run. */
  readonly path: string;
  item: MapItem | undefined;
  #visit: Visit | undefined;
  #over = false;
  #draws = 0;

  constructor(parent: Scope | undefined, path: string, index?: number) {
    this.parent = parent;
    this.path = path;
    this.index = index;
  }

  get over(): boolean {
    return this.#over || (this.parent?.over ?? false);
  }

  end(): void {
    this.#over = true;
  }

  enter(visit: Visit): void {
    this.#visit = visit;
  }

  /** The state that this scope is in or, before its first one, the state that it is a part of. */
  get visit(): Visit | undefined {
    return this.#visit ?? this.parent?.visit;
  }

  get nearestItem(): MapItem | undefined {
    return this.item ?? this.parent?.nearestItem;
  }

  /** A name for the next random number: what is drawn does not depend on the order among parallel iterations. */
  nextDraw(): string {
    this.#draws += 1;
    return `${this.path}#${this.#draws}`;
  }

  /** The scope for one run of the Map or Parallel state that this scope is in. */
  forParts(): Scope {
    return new Scope(this, `${this.nextDraw()}/${this.visit?.name ?? ''}`);
  }

  part(index: number): Scope {
    return new Scope(this, `${this.path}[${index}]`, index);
  }
}

const scopes = new AsyncLocalStorage<Scope>();

export function currentScope(): Scope {
  const scope = scopes.getStore();
  if (!scope) throw new Error('The state machine ran outside of its execution.');
  return scope;
}

export function runInScope<T>(scope: Scope, work: () => T): T {
  return scopes.run(scope, work);
}
