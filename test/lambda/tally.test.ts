import { describe, expect, it } from '@jest/globals';
import { reasonsOf, someOf, tallyOf } from '../../lambda/ledger/tally.ts';
import type { Batch, LedgerNumber, NumberState } from '../../lambda/ledger/teardown.ts';

const early = '2026-01-05T09:00:00.000Z';
const late = '2026-01-05T10:00:00.000Z';

describe('The tally of a ledger', () => {
  it('counts the numbers of all batches, and keeps those that are neither queued nor gone', async () => {
    const states: NumberState[] = ['attached', 'unassigned', 'queued', 'gone', 'reclaimed', 'queued'];
    const tally = await tallyOf(batches([{ states: states.slice(0, 3) }, { states: states.slice(3) }]));
    expect(tally).toMatchObject({ attached: 1, unassigned: 1, queued: 2, gone: 1, reclaimed: 1 });
    expect(tally.unreleased.map(({ state }) => state)).toEqual(['attached', 'unassigned']);
  });

  it.each([
    [[], undefined],
    [[undefined, undefined], undefined],
    [[early, late], late],
    [[late, early], late],
    [[undefined, early, undefined], early],
    [[late, undefined], late],
  ])('knows when the last number was queued: of %j it is %s', async (times, last) => {
    const tally = await tallyOf(batches(times.map((queuedAt) => ({ states: ['queued'], queuedAt }))));
    expect(tally.lastQueuedAt).toBe(last);
  });
});

describe('Numbers in a sentence', () => {
  it('are at most five, by their last digits', () => {
    expect(someOf([])).toBe('');
    expect(someOf(numbers('attached', 5))).toBe('…0100, …0101, …0102, …0103, …0104');
    expect(someOf(numbers('attached', 6))).toBe('…0100, …0101, …0102, …0103, …0104, and more');
  });

  it('are told by what they were refused for, the same reason once', () => {
    const refused = numbers('attached', 3).map((number, i) => ({
      ...number,
      ...(i === 2 ? {} : { failure: { code: 'Forbidden', message: `Number …010${i} is held.` } }),
    }));
    expect(reasonsOf(refused)).toBe(
      '2 × Forbidden (Number … is held.): …0100, …0101; 1 × not tried to the end: …0102',
    );
  });
});

function numbers(state: NumberState, count: number): LedgerNumber[] {
  return Array.from({ length: count }, (_, i) => ({ id: `+1206555010${i}`, e164: `+1206555010${i}`, state }));
}

async function* batches(
  all: readonly { states: readonly NumberState[]; queuedAt?: string | undefined }[],
): AsyncGenerator<Batch> {
  for (const [index, { states, queuedAt }] of all.entries())
    yield {
      index,
      numbers: states.flatMap((state) => numbers(state, 1)),
      ...(queuedAt === undefined ? {} : { queuedAt }),
    };
}
