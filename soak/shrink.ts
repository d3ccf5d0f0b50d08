import fc from 'fast-check';
import type { Day } from './day.ts';
import { anyDay, seedOf } from './draw-day.ts';
import { play } from './play.ts';

/** Real ms after which the smallest day that was found by then has to do. */
const patienceMs = 120_000;

/** The smallest day that still breaks something, of those that fast-check makes out of the day of one run. */
export async function shrink(seed: number, run: number): Promise<Day | undefined> {
  const name = `${seed}/${run}`;
  const isGood = fc.asyncProperty(anyDay, async (day) => (await play(day, name)).violations.length === 0);
  const { counterexample } = await fc.check(isGood, {
    seed: seedOf(seed, run),
    numRuns: 1,
    interruptAfterTimeLimit: patienceMs,
  });
  return counterexample?.[0];
}
