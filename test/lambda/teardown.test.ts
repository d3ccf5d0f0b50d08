import { describe, expect, it } from '@jest/globals';
import { isMarker } from '../../lambda/ledger/teardown.ts';

describe('A teardown that no state machine is noted for', () => {
  it.each([
    ['restored', true],
    ['window', false],
    ['failed', false],
  ] as const)('is the trace of a restore that found nothing only where it is %s: %p', (phase, isTrace) => {
    expect(isMarker({ phase })).toBe(isTrace);
  });
});
