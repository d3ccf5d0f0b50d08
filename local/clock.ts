import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../lambda/clock.ts';

/** Turns of the event loop without any change before time may jump: engine transitions happen in promises. */
const SETTLING_TURNS = 2;

interface Timer {
  readonly due: number;
  readonly fire: () => void;
  readonly owner: BusyScope | undefined;
}

/** A piece of busy work, and what it is waiting for. */
class BusyScope {
  readonly #parent: BusyScope | undefined;
  readonly #freezes: boolean;
  readonly narrower = new Set<BusyScope>();
  sleepers = 0;
  over = false;
  gaveUp = false;

  constructor(parent: BusyScope | undefined, freezes: boolean) {
    this.#parent = parent;
    this.#freezes = freezes;
  }

  /** Work that has narrower busy work inside is as busy as that; otherwise it is busy unless it sleeps. */
  get holds(): boolean {
    if (this.over || this.gaveUp) return false;
    if (this.narrower.size === 0) return this.sleepers === 0;
    return [...this.narrower].some((scope) => scope.holds);
  }

  get frozen(): boolean {
    return (this.over && this.#freezes) || (this.#parent?.frozen ?? false);
  }
}

/** The hold that a {@link VirtualClock.sandbox} has on time. */
export interface Sandbox {
  /** Lets time move although the work has not answered: for work that hangs in real time. */
  giveUp(): void;
  /** Time stands again while the work is busy: it hangs no more. */
  holdAgain(): void;
}

/**
 * A clock whose time stands still while anybody is busy, and jumps to the next timer when nobody is: seven days pass
 * in a moment, and a slow disk or network costs no virtual time. Timers that are due fire one by one, in the order of
 * (due, set). Without a timer, time never moves.
 */
export class VirtualClock implements Clock {
  /** The instant at which this clock started. */
  readonly startedAt: Date;

  /** `Date`, except that `new Date()`, `Date()` and `Date.now()` tell the time of this clock. */
  readonly Date: DateConstructor;

  readonly #scopes = new AsyncLocalStorage<BusyScope | undefined>();
  readonly #asAtBirth = AsyncLocalStorage.snapshot();
  readonly #timers = new Map<number, Timer>();
  readonly #roots = new Set<BusyScope>();
  readonly #listeners = new Set<(nowMs: number) => void>();
  #now: number;
  #lastHandle = 0;
  #changes = 0;
  #turning = false;
  #closed = false;

  /** `start` is the first instant; the default is fixed, so that runs can be compared. */
  constructor(start: Date = new Date('2026-01-05T09:00:00.000Z')) {
    this.startedAt = new Date(start);
    this.#now = start.getTime();
    const now = () => this.#now;
    this.Date = new Proxy(Date, {
      construct: (real, args, newTarget) =>
        Reflect.construct(real, args.length === 0 ? [now()] : args, newTarget),
      apply: () => new Date(now()).toString(),
      get: (real, key, receiver) => (key === 'now' ? now : Reflect.get(real, key, receiver)),
    });
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Seconds of virtual time since {@link startedAt}. */
  get elapsedSeconds(): number {
    return (this.#now - this.startedAt.getTime()) / 1000;
  }

  /**
   * Resolves after `ms` milliseconds of virtual time. Inside {@link busy} work the sleeper gives its hold on time back
   * until it wakes; outside, it waits until nobody is busy.
   */
  sleep(ms: number): Promise<void> {
    const scope = this.#scopes.getStore();
    return new Promise((resolve) => {
      if (scope) scope.sleepers += 1;
      this.#add(ms, () => {
        if (scope) scope.sleepers -= 1;
        resolve();
      });
    });
  }

  /**
   * Calls `fn` with `args` after `ms` milliseconds of virtual time: any length, past 2^31 too; `Infinity` is never,
   * what is negative or no number is 0. Unlike {@link sleep} it gives no hold on time back.
   */
  setTimeout<A extends unknown[]>(fn: (...args: A) => void, ms = 0, ...args: A): number {
    return this.#add(ms, () => fn(...args));
  }

  clearTimeout(handle: number | undefined): void {
    if (handle !== undefined) this.#timers.delete(handle);
  }

  /**
   * Runs `work`, which does real I/O: time may not move until it settles, except while it awaits {@link sleep}.
   * Parallel sleeps give one hold back, not two; as one of them wakes, time stands again. Busy work may hold narrower
   * busy work (one request of several, say): then time stands while any of that is busy. Work that waits for a sleep
   * taken outside of it waits for ever.
   */
  busy<T>(work: () => Promise<T>): Promise<T> {
    return this.#hold(false, () => work());
  }

  /**
   * {@link busy} work that freezes when it has settled, as Lambda freezes what a function leaves behind: its sleeps
   * and timers, pending or begun later, never end and hold nothing.
   */
  sandbox<T>(work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
    return this.#hold(true, work);
  }

  /** Runs `fn` as part of no busy work: what it starts has a life of its own. */
  outside<T>(fn: () => T): T {
    return this.#scopes.run(undefined, fn);
  }

  /** Calls `fn` with the new time (ms since 1970) whenever time has jumped; returns the way to stop that. */
  onAdvance(fn: (nowMs: number) => void): () => void {
    const listener = AsyncLocalStorage.bind(fn);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Drops all timers and takes no more: nothing that waits for this clock ever wakes. */
  close(): void {
    this.#closed = true;
    this.#timers.clear();
  }

  async #hold<T>(freezes: boolean, work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
    const outer = this.#scopes.getStore();
    const parent = outer?.over && !outer.frozen ? undefined : outer;
    const scope = new BusyScope(parent, freezes);
    const siblings = parent?.narrower ?? this.#roots;
    siblings.add(scope);
    const giveUp = () => {
      scope.gaveUp = true;
      this.#kick();
    };
    const holdAgain = () => {
      scope.gaveUp = false;
      this.#kick();
    };
    try {
      return await this.#scopes.run(scope, async () => work({ giveUp, holdAgain }));
    } finally {
      scope.over = true;
      siblings.delete(scope);
      for (const [handle, { owner }] of this.#timers) if (owner?.frozen) this.#timers.delete(handle);
      this.#kick();
    }
  }

  #add(ms: number, fire: () => void): number {
    this.#lastHandle += 1;
    const owner = this.#scopes.getStore();
    const delay = ms > 0 ? Math.ceil(ms) : 0;
    const never = this.#closed || owner?.frozen || delay === Number.POSITIVE_INFINITY;
    if (!never) {
      const timer = { due: this.#now + delay, fire: AsyncLocalStorage.bind(fire), owner };
      this.#timers.set(this.#lastHandle, timer);
    }
    this.#kick();
    return this.#lastHandle;
  }

  /** Something has changed: starts the loop that fires timers, or makes it wait until things are settled again. */
  #kick(): void {
    this.#changes += 1;
    if (this.#turning) return;
    this.#turning = true;
    this.#nextTurn(0);
  }

  #nextTurn(quietTurns: number): void {
    const seen = this.#changes;
    this.#asAtBirth(() => setImmediate(() => this.#turn(seen === this.#changes ? quietTurns + 1 : 0)));
  }

  #turn(quietTurns: number): void {
    const next = this.#earliest();
    if (!next || (next.due > this.#now && this.#isBusy())) {
      this.#turning = false;
      return;
    }
    if (next.due > this.#now && quietTurns < SETTLING_TURNS) {
      this.#nextTurn(quietTurns);
      return;
    }
    try {
      this.#advanceTo(next.due);
      this.#timers.delete(next.handle);
      next.fire();
    } finally {
      this.#changes += 1;
      this.#nextTurn(0);
    }
  }

  #advanceTo(due: number): void {
    if (due <= this.#now) return;
    this.#now = due;
    for (const listener of this.#listeners) listener(due);
  }

  #earliest(): (Timer & { handle: number }) | undefined {
    let found: (Timer & { handle: number }) | undefined;
    for (const [handle, timer] of this.#timers) {
      if (!found || timer.due < found.due) found = { ...timer, handle };
    }
    return found;
  }

  #isBusy(): boolean {
    return [...this.#roots].some((scope) => scope.holds);
  }
}
