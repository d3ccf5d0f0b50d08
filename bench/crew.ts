/** Cases that are measured at the same time. */
import { carryOut } from '../local/crew.ts';
import type { Case } from './case.ts';
import type { Held } from './held.ts';
import type { Measured } from './measured.ts';

/** A case, or how many numbers a function holds of so many. */
export type Order = Case | { readonly heldOf: number };

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
  const tasks = [
    ...cases.map((order, at) => ({ order, size: order.numbers, put: putAt(measured, at) })),
    ...heldOf.map((numbers, at) => ({ order: { heldOf: numbers }, size: numbers, put: putAt(held, at) })),
  ].sort((a, b) => b.size - a.size);
  const putOf = new Map<Order, (answer: unknown) => void>(tasks.map(({ order, put }) => [order, put]));
  let done = 0;
  await carryOut<Order, unknown>(putOf.keys(), {
    worker: new URL('./worker.ts', import.meta.url),
    ordersPerProcess: 6,
    processes,
    onAnswer: (order, answer) => {
      putOf.get(order)?.(answer);
      done += 1;
      onMeasured(done, tasks.length);
      return true;
    },
  });
  return { measured, held };
}

function putAt<Answer>(answers: Answer[], index: number): (answer: unknown) => void {
  return (answer) => {
    answers[index] = answer as Answer;
  };
}
