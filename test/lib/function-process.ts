import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Invocation } from './bundle-host.ts';

const host = fileURLToPath(new URL('./bundle-host.ts', import.meta.url));

/** A bundle in a process of its own: what it is given is its environment, its event, and nothing else. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #invocations = 0;
  #output = '';

  /** @param bundle path of the .mjs file */
  constructor(bundle: string, environment: Readonly<Record<string, string>>) {
    // Not the flags of this process: the Lambda runtime has none.
    this.#child = fork(host, [bundle], {
      env: environment,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.#child.on('message', (answer: Answer) => this.#settle(answer));
    this.#child.on('exit', (code) => {
      const error = new Error(`The function's process has ended (${code}): ${this.#output}`);
      for (const { reject } of this.#waiting.values()) reject(error);
    });
  }

  /** Everything that the process has written: its logs. */
  get output(): string {
    return this.#output;
  }

  /** Calls the handler. Throws its error, by the name and with the message that Lambda would report. */
  invoke(event: unknown, context: object): Promise<unknown> {
    this.#invocations += 1;
    const id = this.#invocations;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    const plain = JSON.parse(JSON.stringify({ event, context }));
    this.#child.send({ id, ...plain } satisfies Invocation);
    return answer.promise;
  }

  async end(): Promise<void> {
    const hasEnded = once(this.#child, 'exit');
    this.#child.kill();
    await hasEnded;
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('output' in answer) {
      waiting?.resolve(answer.output);
      return;
    }
    const error = new Error(answer.error.message);
    error.name = answer.error.name;
    waiting?.reject(error);
  }
}
