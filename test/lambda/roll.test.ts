import { describe, expect, it } from '@jest/globals';
import { rollKey, sorted } from '../../lambda/roll.ts';

describe('A number on the roll', () => {
  it('is its digits, in whatever form it is written', () => {
    expect(['+12065550100', '12065550100', '%2B12065550100'].map(rollKey)).toEqual(
      Array(3).fill(12_065_550_100),
    );
  });

  it('is told from every other one, up to the fifteen digits that E.164 has', () => {
    expect(rollKey('+999999999999999')).not.toBe(rollKey('+999999999999998'));
    expect(Number.isSafeInteger(rollKey('+999999999999999'))).toBe(true);
  });

  it.each(['+1234567890123456', '+0123', '+', '+1206-555', '+12O6'])(
    'that is none (%s) is kept as it is',
    (text) => {
      expect(rollKey(text)).toBe(text);
    },
  );
});

describe('The roll', () => {
  it('is sorted as texts are', () => {
    const e164s = [
      '+13',
      '+123',
      '+12',
      '+999999999999999',
      '+1',
      '+12065550101',
      '+12065550100',
      '+2',
      '+4930123',
    ];
    expect([...sorted(e164s.map(rollKey))]).toEqual([...e164s].sort());
  });

  it('has what is no number at its end', () => {
    expect([...sorted(['+x', '+12', '+a'].map(rollKey))]).toEqual(['+12', '+a', '+x']);
  });
});
