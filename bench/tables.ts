/** The tables of what was measured: the same rows on the terminal and on the page. */
import type { BundleSize } from './bundles.ts';
import type { Held } from './held.ts';
import { type Measured, ratiosOf } from './measured.ts';
import { count, dollars, duration, kilobytes, rate, times } from './words.ts';

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Who did the job with how much, one table for each limit. */
export function contestTables(all: readonly Measured[]): Table[] {
  const limits = [...new Set(all.map(({ perSecond }) => perSecond))];
  return limits.map((limit) => ({
    title: limit === null ? 'Without a limit' : `At most ${limit} requests a second`,
    columns: [
      ...['numbers', 'who', 'requests', '× floor', 'throttled', 'all queued after', '× floor'],
      ...['finished', 'left behind', 'held at once', 'cost', '× floor'],
    ],
    rows: all.filter(({ perSecond }) => perSecond === limit).map((one) => contestRow(one, all)),
  }));
}

export function contestRow(one: Measured, all: readonly Measured[]): string[] {
  const ratios = ratiosOf(one, all);
  return [
    ...[count(one.numbers), one.contender, count(one.requests), times(ratios.requests), count(one.wasted)],
    ...[duration(one.secondsUntilQueued), times(ratios.seconds), finished(one), leftBehind(one)],
    ...[one.held === null ? '–' : count(one.held), dollars(one.costDollars), times(ratios.cost)],
  ];
}

/** What the workflow itself takes, which the others do not have. */
export function workflowTable(all: readonly Measured[]): Table {
  return {
    title: 'The workflow',
    columns: [
      ...['numbers', 'limit', 'transitions', 'functions run', 'history events', 'largest payload'],
      ...['GB-seconds', 'write units', 'read units', 'notices'],
    ],
    rows: all.filter(({ contender }) => contender === 'ours').map(workflowRow),
  };
}

export function workflowRow(one: Measured): string[] {
  const { transitions, invocations, gbSeconds, writeUnits, readUnits, events } = one.usage;
  return [
    ...[count(one.numbers), rate(one.perSecond), count(transitions), count(invocations)],
    ...[count(one.historyEvents), kilobytes(one.largestPayload), gbSeconds.toFixed(1)],
    ...[count(writeUnits), count(readUnits), count(events)],
  ];
}

/** What each step was seen to hold. */
export function heldTable(held: readonly Held[]): Table {
  const [first] = held;
  const steps = Object.keys(first?.most ?? {});
  return {
    title: 'Numbers alive at once in the process of a step',
    columns: ['step', ...held.map(({ numbers }) => `of ${count(numbers)}`)],
    rows: steps.map((step) => [step, ...held.map(({ most }) => count(most[step] ?? 0))]),
  };
}

/** One table where bundles were measured, none otherwise. */
export function bundleTables(bundles: readonly BundleSize[]): Table[] {
  if (bundles.length === 0) return [];
  const rows = bundles.map(({ name, bytes, smallest, importMs }) => [
    ...[name, count(bytes), smallest === null ? '–' : count(smallest)],
    ...[times(smallest === null ? null : bytes / smallest), `${importMs.toFixed(0)} ms`],
  ]);
  const columns = ['function', 'bytes', 'the least for its calls', '× the least', 'import'];
  return [{ title: 'Bundles', columns, rows }];
}

function finished({ isFinished, error }: Measured): string {
  return isFinished ? 'yes' : `no: ${error ?? 'it does not know'}`;
}

function leftBehind({ left, isFinished }: Measured): string {
  if (isFinished) return 'nothing';
  const connector = left.connectors === 0 ? '' : 'the connector';
  const numbers = left.numbers === 0 ? '' : `${count(left.numbers)} numbers`;
  return [connector, numbers].filter((part) => part !== '').join(', ');
}

/** For a terminal: columns of equal width, figures at the right. */
export function asText({ title, columns, rows }: Table): string {
  const widths = columns.map((column, i) =>
    Math.max(...[column, ...rows.map((row) => row[i] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isFigure(cell) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return ['', title, line(columns), ...rows.map(line)].join('\n');
}

/** For a page. */
export function asMarkdown({ columns, rows }: Omit<Table, 'title'>): string {
  const isRight = columns.map((_, i) => rows.every((row) => isFigure(row[i] ?? '')));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(isRight.map((right) => (right ? '--:' : '---'))), ...rows.map(line)].join('\n');
}

/** Whether a cell begins as figures do, or says that there is none. */
function isFigure(cell: string): boolean {
  return /^[$\d]/.test(cell) || cell === '–' || cell === 'never';
}
