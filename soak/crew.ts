/** Several processes that play days at the same time, as many as the machine has cores. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Breakage } from './breakages.ts';
import { dayOf } from './draw-day.ts';
import { type Played, play } from './play.ts';

/** What a worker is asked: one day, with the product as it is or broken in one way. */
export interface Order {
  readonly seed: number;
  readonly run: number;
  readonly breakage?: Breakage | undefined;
}

/** Runs that a process plays before another takes its place: what finished worlds leave behind adds up. */
const runsPerProcess = 250;

/** Plays one day in this process. */
export async function playOrder({ seed, run, breakage }: Order): Promise<Played> {
  const { stepsBroken } = await import('./breakages.ts');
  const steps = breakage === undefined ? {} : stepsBroken(breakage);
  return play(dayOf(seed, run), `${seed}/${run}`, steps);
}

/**
 * Plays the orders in child processes, and tells of each as it is done, in no certain order.
 *
 * @param onPlayed answers whether to go on
 */
export async function playAll(
  orders: Iterable<Order>,
  onPlayed: (order: Order, played: Played) => boolean,
  processes = availableParallelism(),
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
      const worker = fork(new URL('./worker.ts', import.meta.url));
      try {
        for (let played = 0; played < runsPerProcess && order !== undefined; played += 1) {
          if (!onPlayed(order, await answerOf(worker, order))) isOver = true;
          order = next();
        }
      } finally {
        worker.kill();
      }
    }
  };
  await Promise.all(Array.from({ length: processes }, shift));
}

function answerOf(worker: ReturnType<typeof fork>, order: Order): Promise<Played> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) =>
      reject(new Error(`A process ended with ${code} in run ${order.run}.`));
    worker.once('exit', died);
    worker.once('message', (played: Played) => {
      worker.off('exit', died);
      resolve(played);
    });
    worker.send(order);
  });
}
