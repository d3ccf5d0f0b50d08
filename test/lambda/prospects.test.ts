import { describe, expect, it } from '@jest/globals';
import type { Tally } from '../../lambda/ledger/tally.ts';
import type { Phase } from '../../lambda/ledger/teardown.ts';
import { mayRestore, windowEndOf } from '../../lambda/words/prospects.ts';

const windowEndsAt = '2026-01-12T09:00:00.000Z';
const goneAt = '2026-01-12T10:00:00.000Z';
const none: Tally = {
  ...{ attached: 0, unassigned: 0, queued: 0, gone: 0, reclaimed: 0 },
  ...{ unreleased: [], lastQueuedAt: undefined },
};

describe('The end of the window', () => {
  it.each<[string, Phase, object, string | undefined]>([
    ['is what was announced', 'window', {}, windowEndsAt],
    ['is what was announced, also after a failure', 'failed', {}, windowEndsAt],
    ['is past where the numbers were seen to be gone', 'failed', { goneAt }, undefined],
    ['is past where the teardown is done', 'deleted', {}, undefined],
    ['is not to come where all is back', 'restored', {}, undefined],
  ])('%s, though nobody has counted the numbers', (_what, phase, more, end) => {
    expect(windowEndOf({ phase, windowEndsAt, ...more }, undefined)).toBe(end);
  });
});

describe('A restore is offered', () => {
  it.each<[string, Phase, object, Partial<Tally> | undefined, boolean]>([
    ['where numbers are in the queue', 'failed', {}, { queued: 1 }, true],
    ['where numbers are unassigned and billed', 'failed', {}, { unassigned: 1 }, true],
    ['where all are still on the connector: it may be short of a group', 'failed', {}, { attached: 1 }, true],
    ['where nobody could count the numbers', 'failed', {}, undefined, true],
    ['not where all are gone', 'failed', {}, { gone: 1 }, false],
    ['not where they were seen to be gone', 'failed', { goneAt }, undefined, false],
    ['not where all is back', 'restored', {}, { attached: 1 }, false],
  ])('%s', (_when, phase, more, counts, isOffered) => {
    const tally = counts === undefined ? undefined : { ...none, ...counts };
    expect(mayRestore({ phase, ...more }, tally)).toBe(isOffered);
  });
});
