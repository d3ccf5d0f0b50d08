/** The execution environments of functions: what outlives an invocation, and what two at once never share. */
import type { onLambda } from '../lambda/edge.ts';
import { FunctionError } from './lambda-service.ts';

export type Handler = ReturnType<typeof onLambda>;

/** How Lambda names the end of a process: what was in it does not come back. */
const endsOfProcesses = new Set(['Sandbox.Timedout', 'Runtime.ExitError']);

/**
 * Keeps the environments of one function as Lambda does: one invocation at a time in each; the one that was idle last is
 * used first, and a new one is made where none is idle. One whose process died or met its time-out is not used again.
 */
export class Environments {
  readonly #make: () => Handler;
  readonly #idle: Handler[] = [];

  /** @param make the handler of a new environment, with clients of its own */
  constructor(make: () => Handler) {
    this.#make = make;
  }

  /** Runs `invocation` in an environment that nobody else uses meanwhile. */
  async use<T>(invocation: (handler: Handler) => Promise<T>): Promise<T> {
    const handler = this.#idle.pop() ?? this.#make();
    let isAlive = true;
    try {
      return await invocation(handler);
    } catch (error) {
      isAlive = !(error instanceof FunctionError && endsOfProcesses.has(error.name));
      throw error;
    } finally {
      if (isAlive) this.#idle.push(handler);
    }
  }
}
