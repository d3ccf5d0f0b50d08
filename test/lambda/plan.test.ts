import { describe, expect, it } from '@jest/globals';
import { fingerprintOf, generationOf } from '../../lambda/plan.ts';

const id = 'abcdef1ghij2klmno3pqr4';

describe('The fingerprint of a plan', () => {
  it('is the SHA-256 of connector and sorted numbers, one a line', () => {
    // printf 'abcdef1ghij2klmno3pqr4\n+12065550100\n+12065550101' | sha256sum
    expect(fingerprintOf(id, ['+12065550100', '+12065550101'])).toBe(
      'sha256:c7301657dac3b248016dc8f9454fb020e193022a431ddffddcd19f0e35922ecf',
    );
  });

  it('is the same in whatever order the service lists the numbers', () => {
    const numbers = ['+12065550102', '+12065550100', '+12065550101'];
    expect(fingerprintOf(id, numbers)).toBe(fingerprintOf(id, [...numbers].reverse()));
  });

  it('leaves the list that it was given in its order', () => {
    const numbers = ['+12065550102', '+12065550100'];
    fingerprintOf(id, numbers);
    expect(numbers).toEqual(['+12065550102', '+12065550100']);
  });

  it.each([
    ['a number more', id, ['+12065550100', '+12065550101', '+12065550102']],
    ['a number fewer', id, ['+12065550100']],
    ['another number', id, ['+12065550100', '+12065550109']],
    ['another connector', 'another', ['+12065550100', '+12065550101']],
  ])('is different for %s', (_what, connector, numbers) => {
    const fingerprint = fingerprintOf(id, ['+12065550100', '+12065550101']);
    expect(fingerprintOf(connector, numbers)).not.toBe(fingerprint);
  });
});

describe('The name of a plan in the ledger', () => {
  const arn = 'arn:aws:states:us-east-1:111122223333:execution:Teardown:ours';

  const now = new Date('2026-01-05T09:00:00.000Z');

  it('is another for each attempt to draw one up, so that none finds what a dead one left', () => {
    expect(generationOf(arn, now)).toMatch(/^[0-9a-f]{16}$/);
    expect(generationOf(arn, new Date(now.getTime() + 1))).not.toBe(generationOf(arn, now));
  });

  it('is another for each execution', () => {
    const names = Array.from({ length: 1_000 }, (_, i) => generationOf(`${arn}-${i}`, now));
    expect(new Set(names).size).toBe(1_000);
  });
});
