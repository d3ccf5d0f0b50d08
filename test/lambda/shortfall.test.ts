import { describe, expect, it } from '@jest/globals';
import { failureOf, phaseAfter, withoutGroups } from '../../lambda/ending/shortfall.ts';
import type { RestoreCheck } from '../../lambda/journey.ts';
import { nothing } from './restore-setting.ts';

const target = { voiceConnectorId: 'abc', isThere: true, table: 'Ledger' };

describe('What a restore could not bring back', () => {
  it.each([
    [
      { restored: 1, elsewhere: 1, parked: 1 },
      '1 number on connector abc, 1 left where somebody has put it, 1 taken off by somebody before the teardown came to it.',
    ],
    [
      { restored: 3, elsewhere: 2, parked: 2, gone: 4 },
      '3 numbers on connector abc, 4 gone for good, 2 left where somebody has put them, 2 taken off by somebody before the ' +
        'teardown came to them.',
    ],
    [{ restored: 3, gone: 1 }, '3 numbers on connector abc, 1 gone for good.'],
  ])('is told by count, and what is not missing is not told: %j', (counts, cause) => {
    expect(failureOf(target, { ...nothing, ...counts }, []).Cause).toBe(cause);
  });

  it.each([
    ['East', 'East (g1), where it had priority 7'],
    [undefined, 'g1, where it had priority 7'],
  ])('names the group that did not take it, and one without a name by its id (%p)', (name, told) => {
    const check: RestoreCheck = { verdict: 'restored', counts: nothing, looks: 1 };
    const left = { groupId: 'g1', name, priority: 7, error: new Error('No.') };
    expect(withoutGroups(check, 'abc', [left]).failure?.Cause).toContain(
      `Voice Connector group: ${told}: Error`,
    );
  });
});

describe('A restore that is short of something', () => {
  it.each([
    ['failed', { queued: 1 }, false],
    ['failed', { unassigned: 1 }, true],
    ['restored', { restored: 1, gone: 1 }, true],
    ['restored', { unassigned: 1, parked: 1 }, false],
    ['restored', { parked: 1 }, false],
    ['restored', { elsewhere: 1, parked: 1 }, false],
    ['restored', { unassigned: 1, restored: 1 }, false],
    ['restored', {}, true],
    ['deleted', { gone: 3 }, false],
  ] as const)(
    'leaves its teardown as %s: what is left may be had again, or there is nothing (%j, connector there: %p)',
    (phase, counts, isThere) => {
      expect(phaseAfter({ ...nothing, ...counts }, isThere)).toBe(phase);
    },
  );
});
