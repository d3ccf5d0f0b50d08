/** Several processes that work at the same time. */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** How a crew works. */
export interface CrewOptions<Order, Answer> {
  /** The module that a process runs: it is sent orders, and sends back one answer to each. */
  readonly worker: URL;
  /** Orders that a process carries out before another takes its place: what finished worlds leave behind adds up. */
  readonly ordersPerProcess: number;
  /** How many processes work at the same time; by default as many as the machine has cores. */
  readonly processes?: number;
  /** Is told of each answer as it comes, in no certain order; answers whether to go on. */
  readonly onAnswer: (order: Order, answer: Answer) => boolean;
}

/**
 * Has the orders carried out in child processes, which are handed them in their order. Throws where a process dies, and then
 * takes no more of them.
 */
export async function carryOut<Order, Answer>(
  orders: Iterable<Order>,
  { worker, ordersPerProcess, processes = availableParallelism(), onAnswer }: CrewOptions<Order, Answer>,
): Promise<void> {
  const queue = orders[Symbol.iterator]();
  let isOver = false;
  const next = (): Order | undefined => {
    if (isOver) return undefined;
    const { value, done } = queue.next();
    return done === true ? undefined : value;
  };
  const shift = async (): Promise<void> => {
    for (let order = next(); order !== undefined; ) {
      const child = fork(worker);
      try {
        for (let carried = 0; carried < ordersPerProcess && order !== undefined; carried += 1) {
          if (!onAnswer(order, await answerOf<Order, Answer>(child, order))) isOver = true;
          order = next();
        }
      } catch (error) {
        isOver = true;
        throw error;
      } finally {
        child.kill();
      }
    }
  };
  await Promise.all(Array.from({ length: processes }, shift));
}

function answerOf<Order, Answer>(child: ChildProcess, order: Order): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) =>
      reject(new Error(`A process ended with ${code} over ${JSON.stringify(order)}.`));
    child.once('exit', died);
    child.once('message', (answer: Answer) => {
      child.off('exit', died);
      resolve(answer);
    });
    child.send(order as object);
  });
}
