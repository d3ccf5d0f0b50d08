import type { World } from '../../local/world.ts';
import type { Played } from './setting.ts';

/** Just before or just after an effect: a changing call to Chime or a write to the ledger. */
export interface Point {
  readonly side: 'before' | 'after';
  readonly index: number;
  readonly effect: string;
  /** For titles: the index, counted from one. */
  readonly number: number;
}

/** Before and after each of these; a write whose condition is not met can only be died before. */
export function pointsOf(effects: readonly string[]): Point[] {
  return effects.flatMap((effect, index) => {
    const sides = effect.endsWith('not met') ? (['before'] as const) : (['before', 'after'] as const);
    return sides.map((side) => ({ side, effect, index, number: index + 1 }));
  });
}

/** The effects that `run` has, in order, by the function that has them. */
export async function effectsOf(world: World, run: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  atEachEffect(world, ({ side, index, effect }) => {
    seen[index] = side === 'after' ? effect : `${effect}, not met`;
    return undefined;
  });
  await run();
  return seen;
}

/** Lets all functions die at one effect; the call that they were in is never answered. */
export function killAt(world: Played, point: Point, also: () => void): () => boolean {
  let isKilled = false;
  atEachEffect(world, ({ side, index }) => {
    if (isKilled || side !== point.side || index !== point.index) return undefined;
    isKilled = true;
    world.killFunctions();
    also();
    return new Promise<never>(() => undefined);
  });
  return () => isKilled;
}

function atEachEffect(
  world: World,
  act: (at: { side: 'before' | 'after'; index: number; effect: string }) => Promise<never> | undefined,
): void {
  let index = -1;
  const effect = (operation: string): string => `${world.runningFunctions()[0]}: ${operation}`;
  const onBefore = (operation: string) => {
    index += 1;
    return act({ side: 'before', index, effect: effect(operation) });
  };
  const onAfter = (operation: string) => act({ side: 'after', index, effect: effect(operation) });
  world.ledger.hooks.beforeEffect = onBefore;
  world.ledger.hooks.afterEffect = onAfter;
  world.chime.hooks.beforeEffect = ({ operation, changing }) => (changing ? onBefore(operation) : undefined);
  world.chime.hooks.afterEffect = ({ operation, changing }) => (changing ? onAfter(operation) : undefined);
}
