/** The executions of a day, and the story of what happened to them. */
import type { ExecutionResult } from '../local/engine.ts';
import type { EngineEvent } from '../local/engine-history.ts';
import type { Place } from './day.ts';
import type { Scene } from './scene.ts';

/** One execution. */
export interface Run {
  /** ARN of the execution. */
  readonly arn: string;
  readonly machine: Place['machine'];
  readonly request: Readonly<Record<string, unknown>>;
  readonly result: Promise<ExecutionResult>;
  /** The state that it was in last. */
  readonly state: string;
  readonly ended: ExecutionResult | undefined;
  /** Whether the day stopped it. */
  readonly isStopped: boolean;
}

type OpenRun = { -readonly [Key in keyof Run]: Run[Key] };

interface Listeners {
  /** Not in the middle of the engine's own step. */
  onState(run: Run, state: string): void;
  onEnd(run: Run): Promise<void>;
}

export class Runs {
  readonly all: Run[] = [];
  /** What happened, one line each, with the hour of it. */
  readonly story: string[] = [];
  /** Executions stopped, and functions that died, by workflow and state. */
  readonly interrupted: Record<string, number> = {};
  readonly #scene: Scene;
  readonly #listeners: Listeners;
  readonly #aborts = new Map<Run, () => void>();

  constructor(scene: Scene, listeners: Listeners) {
    this.#scene = scene;
    this.#listeners = listeners;
  }

  get running(): Run[] {
    return this.all.filter(({ ended }) => ended === undefined);
  }

  start(machine: Run['machine'], request: Readonly<Record<string, unknown>>): Run {
    const { world } = this.#scene;
    const { promise: result, resolve } = Promise.withResolvers<ExecutionResult>();
    const run: OpenRun = { arn: '', machine, request, result, state: '', ended: undefined, isStopped: false };
    const onEvent = ({ type, state }: EngineEvent): void => {
      if (type !== 'StateEntered' || state === undefined) return;
      run.state = state.name;
      queueMicrotask(() => this.#listeners.onState(run, state.name));
    };
    this.tell(`a ${machine} was started: ${JSON.stringify(request)}`);
    const execution = world.clock.outside(() =>
      (machine === 'teardown' ? world.start : world.restore)(request, { onEvent }),
    );
    run.arn = execution.arn;
    this.all.push(run);
    this.#aborts.set(run, execution.abort);
    void execution.result.then(async (ended) => {
      run.ended = ended;
      const { status, error = '', cause = '' } = ended;
      this.tell(`the ${machine} ended: ${status} ${error} ${cause}`.trim());
      await this.#listeners.onEnd(run);
      resolve(ended);
    });
    return run;
  }

  stop(runs: readonly Run[]): void {
    this.interrupt(runs);
    for (const run of runs) {
      (run as OpenRun).isStopped = true;
      this.#aborts.get(run)?.();
    }
  }

  /** Notes in which states runs were interrupted. */
  interrupt(runs: readonly Run[]): void {
    for (const { machine, state } of runs) {
      const key = `${machine}: ${state}`;
      this.interrupted[key] = (this.interrupted[key] ?? 0) + 1;
    }
  }

  /** Until all are over. */
  async over(): Promise<void> {
    while (this.running.length > 0) await Promise.all(this.all.map(({ result }) => result));
  }

  tell(what: string): void {
    const hours = (this.#scene.world.clock.elapsedSeconds / 3_600).toFixed(3);
    this.story.push(`${hours} h: ${what}`);
  }
}
