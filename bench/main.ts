/** `npm run bench`: measures a teardown against the other ways to do it, and prints what each took. */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import ora from 'ora';
import { measureBundles } from './bundles.ts';
import { casesOf, latencyMs, rates, seed, sizes } from './case.ts';
import { measureAll } from './crew.ts';
import { ratiosOf } from './measured.ts';
import { writePage } from './page.ts';
import { prices } from './prices.ts';
import { reportOf } from './report.ts';
import { asText, bundleTables, contestTables, heldTable, workflowTable } from './tables.ts';

interface Options {
  readonly numbers?: readonly number[];
  readonly rate?: readonly (number | undefined)[];
  readonly processes: number;
  readonly json: boolean;
  readonly write: boolean;
}

const most = 1_000_000;

const options = new Command('npm run bench --')
  .description(
    'Measures a teardown, from request to deleted connector, beside three other ways to do it: by a script, by the method of\n' +
      'a construct library, and by the fewest calls that could do it. In virtual time, against local Chime, with the same\n' +
      'limits for all.',
  )
  .addOption(
    new Option('--numbers <n...>', 'how many phone numbers; by default 100 to 100000').argParser(numbers),
  )
  .addOption(new Option('--rate <r...>', 'requests a second that Chime takes, or none').argParser(limits))
  .option(
    '--processes <n>',
    'how many cases at the same time; as many as there are cores',
    processes,
    availableParallelism(),
  )
  .option('--json', 'print one JSON object and nothing else', false)
  .addOption(
    new Option('--write', 'write docs/performance.md and its pictures')
      .default(false)
      .conflicts(['numbers', 'rate']),
  )
  .allowExcessArguments(false)
  .parse()
  .opts<Options>();

await bench(options);

async function bench(asked: Options): Promise<void> {
  const { numbers = sizes, rate = rates, processes, json, write } = asked;
  const isWhole = asked.numbers === undefined && asked.rate === undefined;
  const began = performance.now();
  const cases = casesOf(numbers, rate);
  const spinner = ora({ text: 'Measuring', stream: process.stderr }).start();
  const { measured, held } = await measureAll(cases, [...new Set(numbers)], processes, (done, of) => {
    spinner.text = `${done} of ${of} measured`;
  });
  if (isWhole) spinner.text = 'Measuring the bundles';
  const bundles = isWhole ? await measureBundles() : [];
  spinner.stop();
  const report = reportOf({ measured, held, bundles });
  if (write) writePage(report);
  if (json) {
    const compared = report.measured.map((one) => ({ ...one, timesFloor: ratiosOf(one, report.measured) }));
    console.log(JSON.stringify({ seed, latencyMs, prices, measured: compared, held, bundles }));
    return;
  }
  const seconds = (performance.now() - began) / 1_000;
  const tables = [
    ...contestTables(report.measured),
    workflowTable(report.measured),
    heldTable(held),
    ...bundleTables(bundles),
  ];
  console.log(tables.map(asText).join('\n'));
  console.log(`\nEach request takes ${latencyMs} ms. Measured in ${seconds.toFixed(0)} s.`);
}

function numbers(text: string, before: readonly number[] = []): number[] {
  const value = wholeNumber(text);
  if (value === undefined || value > most)
    throw new InvalidArgumentError(
      `"${text}" is not a whole number from 1 to ${most}: give some, as in --numbers 100 1000.`,
    );
  return [...before, value];
}

function limits(text: string, before: readonly (number | undefined)[] = []): (number | undefined)[] {
  if (text === 'none') return [...before, undefined];
  const value = wholeNumber(text);
  if (value === undefined || value > 1_000)
    throw new InvalidArgumentError(
      `"${text}" is neither none nor a whole number from 1 to 1000: give some, as in --rate none 10 2.`,
    );
  return [...before, value];
}

function processes(text: string): number {
  const value = wholeNumber(text);
  if (value === undefined || value > 64)
    throw new InvalidArgumentError(
      `"${text}" is not a whole number from 1 to 64: leave it out for as many as there are cores.`,
    );
  return value;
}

/** 1 or more. */
function wholeNumber(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
