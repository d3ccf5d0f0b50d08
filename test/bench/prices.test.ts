import { describe, expect, test } from '@jest/globals';
import { costOf, gbSecondsOf, nothingUsed, oneFunction } from '../../bench/prices.ts';

describe('What is used costs', () => {
  test('2.5 cents for 1,000 transitions, and so on for each part', () => {
    expect(costOf({ ...nothingUsed, transitions: 1_000 })).toBeCloseTo(0.025, 10);
    expect(costOf({ ...nothingUsed, invocations: 1_000_000 })).toBeCloseTo(0.2, 10);
    expect(costOf({ ...nothingUsed, gbSeconds: 1_000 })).toBeCloseTo(0.0133334, 10);
    expect(costOf({ ...nothingUsed, writeUnits: 1_000_000 })).toBeCloseTo(0.625, 10);
    expect(costOf({ ...nothingUsed, readUnits: 1_000_000 })).toBeCloseTo(0.125, 10);
    expect(costOf({ ...nothingUsed, events: 1_000_000 })).toBeCloseTo(1, 10);
  });

  test('all of them added up', () => {
    const usage = {
      ...{ transitions: 400, invocations: 400, gbSeconds: 1_000 },
      ...{ writeUnits: 20_000, readUnits: 8_000, events: 3 },
    };
    expect(costOf(usage)).toBeCloseTo(0.01 + 0.00008 + 0.0133334 + 0.0125 + 0.001 + 0.000003, 10);
    expect(costOf(nothingUsed)).toBe(0);
  });

  test('half a GB-second for each second of a function, in whole milliseconds', () => {
    expect(gbSecondsOf(1_000)).toBe(0.5);
    expect(gbSecondsOf(0.2)).toBe(0.0005);
  });

  test('one more run for each quarter of an hour that a function works', () => {
    expect(oneFunction(600)).toMatchObject({ invocations: 1, gbSeconds: 0.3 });
    expect(oneFunction(15 * 60_000 + 1)).toMatchObject({ invocations: 2 });
  });
});
