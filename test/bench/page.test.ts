import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { historyEventsOf, largestPayloadOf } from '../../bench/history.ts';
import { lineThrough, pageWith } from '../../bench/page.ts';
import { lineChart } from '../../bench/plot.ts';
import { dollars, duration, times } from '../../bench/words.ts';
import type { EngineEvent } from '../../local/engine-history.ts';

describe('A figure', () => {
  it('has two digits that say something', () => {
    expect([0.0000021, 0.00052, 0.034, 0.5, 12.345, 100_000].map(dollars)).toEqual([
      ...['$0.0000021', '$0.00052', '$0.034', '$0.50', '$12.35', '$100,000.00'],
    ]);
    expect([1, 4.667, 17.33, 235.8, null].map(times)).toEqual(['1.00×', '4.67×', '17.3×', '236×', '–']);
  });

  it('of time is in the units that people use', () => {
    expect([0.25, 59.9, 103, 2_513, 7_260, null].map(duration)).toEqual([
      ...['0.3 s', '59.9 s', '1 min 43 s', '41 min 53 s', '2 h 1 min', 'never'],
    ]);
  });
});

describe('A history', () => {
  const state = (name: string, type: string, output?: unknown) => ({ name, type, input: {}, output });
  const event = (type: EngineEvent['type'], more: Partial<EngineEvent> = {}): EngineEvent => ({
    ...{ type, timestamp: 0, ...more },
  });

  it('has five events for a task, three for each further try, and those of a Map around its iterations', () => {
    const task = state('Queue', 'Task', { text: 'ü' });
    const map = state('Release', 'Map');
    const events = [
      event('ExecutionStarted'),
      event('StateEntered', { state: map }),
      event('MapIterationStarted', { parentState: map }),
      event('StateEntered', { state: task }),
      event('StateFailed', { state: task }),
      event('StateRetried', { state: task }),
      event('StateExited', { state: task }),
      event('MapIterationSucceeded', { parentState: map }),
      event('StateExited', { state: map }),
      event('ExecutionSucceeded'),
    ];
    // Started, MapStateEntered, MapStateStarted, iteration, 2 × 3 + 2 of the task, iteration, MapStateSucceeded, exited, succeeded.
    expect(historyEventsOf(events)).toBe(1 + 2 + 1 + 8 + 1 + 2 + 1);
    expect(largestPayloadOf(events)).toBe(Buffer.byteLength('{"text":"ü"}'));
  });
});

describe('The page', () => {
  it('gets what was measured between its marks, and nothing else', () => {
    const page = 'One.\n<!-- measured: a -->\nold\n<!-- end -->\nTwo.\n<!-- measured: b -->\n<!-- end -->\n';
    const written = pageWith(page, { a: 'new', b: 'more' });
    expect(written).toBe(
      'One.\n<!-- measured: a -->\n\nnew\n\n<!-- end -->\nTwo.\n<!-- measured: b -->\n\nmore\n\n<!-- end -->\n',
    );
    expect(pageWith(written, { a: 'new', b: 'more' })).toBe(written);
    expect(() => pageWith(page, { c: '' })).toThrow('docs/performance.md has no place for "c".');
  });

  it('says how far a line is off', () => {
    const { base, slope, off } = lineThrough([
      [0, 1],
      [1, 4],
      [2, 5],
    ]);
    expect({ base, slope, off }).toEqual({ base: 1, slope: 2, off: 0.25 });
  });
});

describe('A chart', () => {
  it('has a line and a name for each series, a marker for each point, and both grounds', () => {
    const points = [
      [100, 0.5],
      [1_000, 20],
    ] as const;
    const svg = lineChart({
      ...{ title: 'Time', xLabel: 'numbers', yTick: (value) => `${value} s` },
      series: [
        { name: 'ours', look: 'ours', points },
        { name: 'floor', look: 'floor', isDashed: true, points },
      ],
    });
    expect(svg.match(/class="line /g)).toHaveLength(4);
    expect(svg.match(/class="marker /g)).toHaveLength(2 * (2 + 1));
    expect(svg.match(/class="name"/g)).toHaveLength(2);
    expect(svg).toContain('0.1 s');
    expect(svg).toContain('100 s');
    expect(svg).toContain('prefers-color-scheme:dark');
  });
});

describe('The command', () => {
  it.each([
    [['--numbers', '0'], '--numbers', '"0" is not a whole number from 1 to 1000000'],
    [['--rate', 'fast'], '--rate', '"fast" is neither none nor a whole number from 1 to 1000'],
    [['--write', '--rate', '2'], '--write', "cannot be used with option '--rate"],
  ])('says what is wrong with %j', (args, option, complaint) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'bench/main.ts', ...args],
      { encoding: 'utf8' },
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(option);
    expect(stderr).toContain(complaint);
  });
});
