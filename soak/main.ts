/** `npm run soak`: plays days of bad luck, and prints what they come to. Exit status 0 only without a violation. */
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import ora from 'ora';
import { playAll } from './crew.ts';
import type { Day } from './day.ts';
import { dayOf } from './draw-day.ts';
import { type Played, play } from './play.ts';
import { allPlaces } from './road.ts';
import { shrink } from './shrink.ts';
import { nothing, plus, type Totals } from './totals.ts';

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly run?: number;
  readonly day?: Day;
  readonly processes?: number;
  readonly json: boolean;
}

const options = new Command('npm run soak --')
  .description(
    'Throws bad days at the whole product: throttling, lost replies, functions that die, runs that are stopped, people\n' +
      'who interfere. Each day is drawn from the seed and its number, and comes out the same every time.',
  )
  .option('--runs <n>', 'how many days', wholeNumber, 200)
  .option('--seed <n>', 'which days', wholeNumber, 1)
  .option('--run <n>', 'only this one of them, and tell its story', wholeNumber)
  .option('--day <json|@file>', 'a day of your own, as a violation prints it', day)
  .option('--processes <n>', 'how many days at the same time; as many as there are cores', wholeNumber)
  .option('--json', 'print one JSON object and nothing else', false)
  .allowExcessArguments(false)
  .parse()
  .opts<Options>();

process.exitCode = (await soak(options)) ? 0 : 1;

async function soak({ runs, seed, run, day: given, processes, json }: Options): Promise<boolean> {
  if (given !== undefined || run !== undefined) {
    const name = `${seed}/${run ?? 'day'}`;
    const played = await play(given ?? dayOf(seed, run ?? 0), name);
    console.log(json ? JSON.stringify(played) : storyOf(played));
    return played.violations.length === 0;
  }
  const began = performance.now();
  const spinner = json ? undefined : ora({ text: 'Playing' }).start();
  let totals: Totals = nothing;
  const broken = new Map<number, Played>();
  const orders = Array.from({ length: runs }, (_, each) => ({ seed, run: each }));
  await playAll(
    orders,
    (order, played) => {
      totals = plus(totals, played);
      if (played.violations.length > 0) broken.set(order.run, played);
      if (spinner !== undefined)
        spinner.text = `${totals.runs} of ${runs} days, ${totals.violations} with a violation`;
      return true;
    },
    processes,
  );
  spinner?.stop();
  const seconds = (performance.now() - began) / 1_000;
  console.log(json ? JSON.stringify(totals) : tableOf(totals, seconds));
  for (const [each, played] of broken) await report(seed, each, played);
  return totals.violations === 0;
}

/** The smallest day that still shows it, as a command. To stderr: stdout has the result. */
async function report(seed: number, run: number, { violations }: Played): Promise<void> {
  console.error(`\nRun ${run}: ${violations.join('; ')}`);
  console.error(`  npm run soak -- --seed ${seed} --run ${run}`);
  const smallest = await shrink(seed, run);
  if (smallest !== undefined)
    console.error(`  npm run soak -- --seed ${seed} --run ${run} --day '${JSON.stringify(smallest)}'`);
}

function storyOf({ story, violations, outcome }: Played): string {
  return [...story, '', `Outcome: ${outcome}`, ...violations.map((each) => `VIOLATION: ${each}`)].join('\n');
}

function tableOf(totals: Totals, seconds: number): string {
  const { faultsInjected, statesInterrupted, ...counts } = totals;
  const rows = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record).map(([name, value]) => `  ${name.padEnd(52)} ${String(value).padStart(8)}`);
  const untried = allPlaces
    .map(({ machine, state }) => `${machine}: ${state}`)
    .filter((place) => statesInterrupted[place] === undefined);
  return [
    ...rows(counts),
    'Faults',
    ...rows(faultsInjected),
    'Interrupted in',
    ...rows(statesInterrupted),
    ...(untried.length === 0 ? [] : [`Never interrupted in: ${untried.join(', ')}`]),
    `${seconds.toFixed(0)} s, ${(totals.runs / seconds).toFixed(1)} days a second`,
  ].join('\n');
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 to 999999999.');
  return Number(text);
}

function day(text: string): Day {
  try {
    return JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text) as Day;
  } catch (error) {
    throw new InvalidArgumentError(`It must be a day as JSON (${(error as Error).message}).`);
  }
}
