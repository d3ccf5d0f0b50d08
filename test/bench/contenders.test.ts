import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Case, contenders, latencyMs } from '../../bench/case.ts';
import { measure } from '../../bench/contest.ts';
import { floorRequests } from '../../bench/floor.ts';
import type { Measured } from '../../bench/measured.ts';
import { contestRow, workflowRow } from '../../bench/tables.ts';

const nothingLeft = { connectors: 0, numbers: 0 };

describe.each([undefined, 10])('With 100 numbers and %s requests a second', (perSecond) => {
  let all: Measured[];
  beforeAll(async () => {
    all = [];
    for (const contender of contenders) all.push(await measure({ contender, numbers: 100, perSecond }));
  });
  const of = (contender: Case['contender']) => all.find((one) => one.contender === contender);

  it('everyone finishes', () => {
    expect(all.map(({ contender }) => contender)).toEqual(contenders);
    for (const one of all) expect(one).toMatchObject({ isFinished: true, left: nothingLeft });
    for (const one of all) expect(one).not.toHaveProperty('error');
  });

  it('the floor makes the fewest requests that can do it, and none in vain', () => {
    expect(of('floor')).toMatchObject({ requests: 6, wasted: 0, held: 100 });
  });

  it('the script and the construct make one for each number, and more only for what is throttled', () => {
    const [script, construct] = [of('script'), of('construct')];
    expect((script?.requests ?? 0) - (script?.wasted ?? 0)).toBe(1 + 2 + 100 + 1);
    expect((construct?.requests ?? 0) - (construct?.wasted ?? 0)).toBe(1 + 1 + 100 + 1);
  });

  it('the construct pauses for ten seconds', () => {
    expect(of('construct')?.secondsUntilQueued).toBeGreaterThan(10);
  });

  it('ours has a workflow, and the others have none', () => {
    expect(of('ours')?.usage).toMatchObject({
      transitions: expect.any(Number),
      invocations: expect.any(Number),
    });
    expect(of('ours')?.usage.transitions).toBeGreaterThan(10);
    expect(of('ours')?.usage.writeUnits).toBeGreaterThan(0);
    expect(of('ours')?.usage.readUnits).toBeGreaterThan(0);
    expect(of('script')?.usage).toMatchObject({ transitions: 0, invocations: 1, writeUnits: 0 });
  });

  it('docs/performance.md has what is measured', () => {
    // How many numbers a function of ours holds is measured in another way.
    const known = (cells: readonly string[]) => cells.filter((_, i) => cells[1] !== 'ours' || i !== 9);
    const written = rowsOf(perSecond === undefined ? 'Without a limit' : 'At most 10 requests a second');
    for (const one of all) {
      const cells = contestRow(one, all);
      const found = written.find(([numbers, who]) => numbers === '100' && who === one.contender);
      expect(known(found ?? [])).toEqual(known(cells));
      if (one.contender === 'ours')
        expect(rowsOf('What the workflow takes')).toContainEqual(workflowRow(one));
    }
  });
});

describe('With 1,000 numbers', () => {
  it('the construct leaves behind what is not on the first page, and the connector', async () => {
    expect(await measure({ contender: 'construct', numbers: 1_000 })).toMatchObject({
      ...{ isFinished: false, error: 'ConflictException', secondsUntilQueued: null },
      left: { connectors: 1, numbers: 900 },
    });
  });

  it('the script ends where the limit outlasts its three tries, and leaves numbers off the connector', async () => {
    const measured = await measure({ contender: 'script', numbers: 1_000, perSecond: 2 });
    expect(measured).toMatchObject({ isFinished: false, error: 'ThrottledClientException' });
    expect(measured.left.numbers).toBeGreaterThan(0);
  });

  it.each([undefined, 10, 2])('the floor keeps to a limit of %s', async (perSecond) => {
    const { requests, wasted, isFinished, secondsAtWork } = await measure({
      ...{ contender: 'floor', numbers: 1_000, perSecond },
    });
    expect({ requests, wasted, isFinished }).toEqual({
      ...{ requests: floorRequests(1_000), wasted: 0, isFinished: true },
    });
    const atLeast =
      perSecond === undefined ? (requests * latencyMs) / 1_000 : (requests - perSecond) / perSecond;
    expect(secondsAtWork).toBeGreaterThanOrEqual(atLeast);
    expect(secondsAtWork).toBeLessThan(atLeast + 0.1);
  });
});

/** The cells of the table under a heading of the page. */
function rowsOf(heading: string): string[][] {
  const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
  const [, after = ''] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [section = ''] = after.split(/^#/m);
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}
