/** Days that are played at the same time. */
import { carryOut } from '../local/crew.ts';
import type { Breakage } from './breakages.ts';
import { dayOf } from './draw-day.ts';
import { type Played, play } from './play.ts';

/** What a worker is asked: one day, with the product as it is or broken in one way. */
export interface Order {
  readonly seed: number;
  readonly run: number;
  readonly breakage?: Breakage | undefined;
}

/** Plays one day in this process. */
export async function playOrder({ seed, run, breakage }: Order): Promise<Played> {
  // All steps hang on it: the process that only hands out orders starts without them.
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
  processes?: number,
): Promise<void> {
  await carryOut<Order, Played>(orders, {
    worker: new URL('./worker.ts', import.meta.url),
    ordersPerProcess: 250,
    onAnswer: onPlayed,
    ...(processes === undefined ? {} : { processes }),
  });
}
