import { describe, expect, it } from '@jest/globals';
import { defaultSwitches } from '../../local/chime/switches.ts';
import { type Breakage, breakageNames, stepsBroken } from '../../soak/breakages.ts';
import { calmDay, type Day, type Mischief } from '../../soak/day.ts';
import { play } from '../../soak/play.ts';

const at = (effect: number, side: 'before' | 'after', ...kinds: Mischief[]) =>
  kinds.map((what) => ({ at: { effect, side }, what }));
/** What a teardown changes, in order: the ledger opened (0, 1), the batch begun (2, 3), disassociated (4), saved (5), … */
const effects = { disassociate: 4, queue: 7 };
const restoreAfterAMinute = { at: { hours: 1 / 60 }, what: { kind: 'restore', times: 1 } } as const;

/** For each way to break the product a day that shows it, and that the product as it is survives. */
const days: Readonly<Record<Breakage, Partial<Day>>> = {
  'skip the write-ahead': {
    mishaps: at(effects.disassociate, 'after', { kind: 'stop' }, { kind: 'die' }),
  },
  'ignore PhoneNumberErrors': { odds: { numberErrors: 0.5 } },
  'skip the lock': {
    // Without the lock there is one change less before it.
    mishaps: [...at(effects.disassociate - 1, 'before', { kind: 'stall', minutes: 4 }), restoreAfterAMinute],
    thereafter: 'restore',
  },
  'delete before the check': { switches: { ...defaultSwitches, purgeLateHours: 30 } },
  'trust a 200': { odds: { emptyReply: 0.3 } },
  'retry a permanent error': {
    refused: [{ operation: 'BatchDeletePhoneNumber', nth: 1, code: 'Forbidden' }],
  },
  'swap id and number': {},
  'drop the last page': { numbers: 101 },
  'restore without waiting for the old step': {
    mishaps: [...at(effects.disassociate, 'before', { kind: 'stall', minutes: 4 }), restoreAfterAMinute],
    thereafter: 'restore',
  },
  'forget to close': {},
};

describe('The soak', () => {
  it.each(breakageNames)('notices a product that is broken: %s', async (breakage) => {
    const day = { ...calmDay, ...days[breakage] };

    expect((await play(day, 'whole')).violations).toEqual([]);
    expect((await play(day, 'whole', stepsBroken(breakage))).violations).not.toEqual([]);
  });
});
