/** `npm run soak:proof`: breaks the product in one way after the other, and says in which run that was noticed. */
import { Command } from 'commander';
import { type Breakage, breakageNames } from './breakages.ts';
import { playAll } from './crew.ts';

/** Days after which a breakage counts as unnoticed. */
const mostRuns = 1_000;

const { seed, only } = new Command('npm run soak:proof --')
  .description('Plays the soak against broken copies of the product: each must be noticed within 1,000 runs.')
  .option('--seed <n>', 'which days', Number, 1)
  .option('--only <name>', 'only this breakage')
  .allowExcessArguments(false)
  .parse()
  .opts<{ seed: number; only?: string }>();

let unnoticed = 0;
const asked = breakageNames.filter((name) => only === undefined || name === only);
for (const breakage of asked) {
  const found = await firstNoticed(breakage);
  if (found === undefined) unnoticed += 1;
  const said =
    found === undefined ? `NOT NOTICED in ${mostRuns} runs` : `run ${found.run}: ${found.violation}`;
  console.log(`${breakage.padEnd(42)} ${said}`);
}
process.exitCode = unnoticed === 0 && asked.length > 0 ? 0 : 1;

async function firstNoticed(breakage: Breakage): Promise<{ run: number; violation: string } | undefined> {
  let found: { run: number; violation: string } | undefined;
  const orders = Array.from({ length: mostRuns }, (_, run) => ({ seed, run, breakage }));
  await playAll(orders, ({ run }, { violations: [violation] }) => {
    if (violation !== undefined && (found === undefined || run < found.run)) found = { run, violation };
    return found === undefined;
  });
  return found;
}
