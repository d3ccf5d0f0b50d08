/** docs/performance.md: its prose is written by hand, what stands between its marks by the command. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Measured } from './measured.ts';
import { costPicture, timePicture } from './pictures.ts';
import { numberAMonth, prices } from './prices.ts';
import type { Report } from './report.ts';
import { asMarkdown, bundleTables, contestTables, heldTable, workflowTable } from './tables.ts';
import { count, dollars, duration, rate, times } from './words.ts';

const docs = new URL('../docs/', import.meta.url);

/** Writes the page and its pictures. */
export function writePage(report: Report): void {
  const page = new URL('performance.md', docs);
  writeFileSync(page, pageWith(readFileSync(page, 'utf8'), sectionsOf(report)));
  writeFileSync(new URL('images/performance-time.svg', docs), timePicture(report.measured));
  writeFileSync(new URL('images/performance-cost.svg', docs), costPicture(report.measured));
}

/** The page with what belongs between its marks (`<!-- measured: NAME -->` to `<!-- end -->`). Throws where a mark is missing. */
export function pageWith(page: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((text, [name, section]) => {
    const [begin, end] = [`<!-- measured: ${name} -->`, '<!-- end -->'];
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`docs/performance.md has no place for "${name}".`);
    return `${text.slice(0, from + begin.length)}\n\n${section}\n\n${text.slice(to)}`;
  }, page);
}

/** What is written between the marks. */
function sectionsOf({ measured, held, bundles }: Report): Record<string, string> {
  return {
    contest: contestTables(measured)
      .map((table) => `### ${table.title}\n\n${asMarkdown(table)}`)
      .join('\n\n'),
    beyond: beyond(measured),
    workflow: asMarkdown(workflowTable(measured)),
    held: asMarkdown(heldTable(held)),
    bundles: bundleTables(bundles).map(asMarkdown).join('\n\n'),
    growth: growth(measured),
    saving: asMarkdown(saving(measured)),
    prices: asMarkdown(priceTable()),
  };
}

/** What ours asks beyond the floor, and how much of what it asks is in vain. */
function beyond(measured: readonly Measured[]): string {
  const ours = measured.filter(({ contender }) => contender === 'ours');
  const floorOf = (numbers: number): number =>
    measured.find((one) => one.contender === 'floor' && one.numbers === numbers)?.requests ?? Number.NaN;
  const extra = ours.map(({ requests, wasted, numbers }) => requests - wasted - floorOf(numbers));
  const shareOf = ({ wasted, requests }: Measured): number => wasted / requests;
  const largest = Math.max(...ours.map(({ numbers }) => numbers));
  const [worst, ...others] = [...ours].sort((a, b) => shareOf(b) - shareOf(a));
  const most = Math.max(...others.map(shareOf));
  const atLargest = Math.max(...ours.filter(({ numbers }) => numbers === largest).map(shareOf));
  if (worst === undefined) return '';
  return (
    `Beyond the floor's requests and those that were throttled, _ours_ made ${Math.min(...extra)} to ${Math.max(...extra)}, ` +
    `whatever the size and the limit. Of its requests at most ${percent(shareOf(worst))} were throttled ` +
    `(${count(worst.numbers)} numbers, ${rate(worst.perSecond)}), in all other cases ${percent(most)} or less, and of those for ` +
    `${count(largest)} numbers ${percent(atLargest)} or less.`
  );
}

function growth(measured: readonly Measured[]): string {
  const limits = [...new Set(measured.map(({ perSecond }) => perSecond))];
  return asMarkdown({
    columns: ['limit', 'cost', 'off by at most', 'until all are queued', 'off by at most'],
    rows: limits.map((limit) => {
      const ours = measured.filter((one) => one.contender === 'ours' && one.perSecond === limit);
      const cost = lineThrough(ours.map((one) => [one.numbers, one.costDollars]));
      const seconds = lineThrough(ours.map((one) => [one.numbers, one.secondsUntilQueued ?? Number.NaN]));
      return [
        rate(limit),
        `${dollars(cost.base)} + ${dollars(cost.slope * 1_000)} per 1,000 numbers`,
        percent(cost.off),
        `${duration(seconds.base)} + ${duration(seconds.slope * 1_000)} per 1,000 numbers`,
        percent(seconds.off),
      ];
    }),
  });
}

interface Line {
  readonly base: number;
  /** Per number. */
  readonly slope: number;
  /** The largest distance of a value from the line, as a share of the value. */
  readonly off: number;
}

/** The line through the smallest and the largest. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): Line {
  const [[x1, y1], [x2, y2]] = [points[0] ?? [0, 0], points.at(-1) ?? [1, 0]];
  const slope = (y2 - y1) / (x2 - x1);
  const base = y1 - slope * x1;
  const off = Math.max(...points.map(([x, y]) => Math.abs(base + slope * x - y) / y));
  return { base, slope, off };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** What is paid once, against what is paid each month that nobody does it. */
function saving(measured: readonly Measured[]) {
  const sizes = [...new Set(measured.map(({ numbers }) => numbers))];
  const cells = (numbers: number): string[] => {
    const month = numbers * numberAMonth.usDollars;
    const ours = measured.filter((one) => one.contender === 'ours' && one.numbers === numbers);
    const most = Math.max(...ours.map(({ costDollars }) => costDollars));
    const least = Math.min(...ours.map(({ costDollars }) => costDollars));
    const secondsOfMonth = (most / month) * 30 * 86_400;
    return [
      ...[count(numbers), `${dollars(least)} to ${dollars(most)}`, dollars(month), times(month / most)],
      duration(secondsOfMonth),
    ];
  };
  return {
    columns: [
      ...['numbers', 'a teardown, once', 'the numbers, a month', 'a month is so many of it'],
      'the dearest teardown is what they cost in',
    ],
    rows: sizes.map(cells),
  };
}

/** All digits of a price, cents at least. */
function price(usDollars: number): string {
  return `$${usDollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 12 })}`;
}

function priceTable() {
  return {
    columns: ['price', 'of', 'source'],
    rows: [...Object.values(prices), numberAMonth].map(({ usDollars, per, of, source }) => [
      price(usDollars),
      `${count(per)} ${of}`,
      `<${source}>`,
    ]),
  };
}
