/** Several processes that measure at the same time, as many as the machine has cores. */
import { fork } from 'node:child_process';
import type { Case } from './case.ts';
import type { Held } from './held.ts';
import type { Measured } from './measured.ts';

/** A case, or how many numbers a function holds of so many. */
export type Order = Case | { readonly heldOf: number };

/** Orders that a process carries out before another takes its place: what finished worlds leave behind adds up. */
const ordersPerProcess = 6;

/**
 * Measures in child processes, what takes longest first; answers in the order of what was asked for. Chance in a case depends on
 * nothing but the case.
 *
 * @param heldOf for how many numbers to look into the functions
 * @param onMeasured is told how many of all orders are done
 */
export async function measureAll(
  cases: readonly Case[],
  heldOf: readonly number[],
  processes: number,
  onMeasured: (done: number, of: number) => void,
): Promise<{ measured: Measured[]; held: Held[] }> {
  const measured: Measured[] = [];
  const held: Held[] = [];
  const queue = [
    ...cases.map((order, at) => ({ order, size: order.numbers, put: putAt(measured, at) })),
    ...heldOf.map((numbers, at) => ({ order: { heldOf: numbers }, size: numbers, put: putAt(held, at) })),
  ].sort((a, b) => b.size - a.size);
  const all = queue.length;
  let done = 0;
  const shift = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; ) {
      const worker = fork(new URL('./worker.ts', import.meta.url));
      try {
        for (let orders = 0; orders < ordersPerProcess && next !== undefined; orders += 1) {
          next.put(await answerOf(worker, next.order));
          done += 1;
          onMeasured(done, all);
          next = queue.shift();
        }
      } finally {
        worker.kill();
      }
    }
  };
  await Promise.all(Array.from({ length: processes }, shift));
  return { measured, held };
}

function putAt<Answer>(answers: Answer[], index: number): (answer: unknown) => void {
  return (answer) => {
    answers[index] = answer as Answer;
  };
}

function answerOf(worker: ReturnType<typeof fork>, order: Order): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) =>
      reject(new Error(`A process ended with ${code} while it measured ${JSON.stringify(order)}.`));
    worker.once('exit', died);
    worker.once('message', (answer) => {
      worker.off('exit', died);
      resolve(answer);
    });
    worker.send(order);
  });
}
