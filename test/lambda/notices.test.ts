import { describe, expect, it } from '@jest/globals';
import type { Tally } from '../../lambda/ledger/tally.ts';
import type { Teardown } from '../../lambda/ledger/teardown.ts';
import { restoreCommand, resumeCommand } from '../../lambda/words/commands.ts';
import {
  completedNotice,
  failedNotice,
  interruptedNotice,
  lastDayNotice,
  restoredNotice,
  type Subject,
  windowOpenedNotice,
} from '../../lambda/words/notices.ts';
import { execution, restoreMachine } from './teardown-setting.ts';

const nine = '2026-01-05T09:00:00.000Z';
const windowEndsAt = '2026-01-12T09:00:00.000Z';
const nothing: Tally = {
  ...{ attached: 0, unassigned: 0, queued: 0, gone: 0, reclaimed: 0 },
  ...{ unreleased: [], lastQueuedAt: undefined },
};
const open: Teardown = {
  ...{ voiceConnectorId: 'abc', name: 'Trunk', phase: 'window', phoneNumbers: 3, fingerprint: 'sha256:0' },
  ...{ execution: execution.id, generation: 'g', batchesToRelease: 1, warnings: [] },
  ...{ startedAt: nine, busyUntil: nine, windowEndsAt },
  ...{ stateMachine: execution.stateMachine, restoreStateMachine: restoreMachine },
};
const trunk = 'connector Trunk (abc)';

describe('An open window', () => {
  it.each([
    [
      3,
      `3 numbers of ${trunk} are in the deletion queue, and calls have stopped. After ${windowEndsAt} they are gone for good; ` +
        'until then a restore brings them back.',
    ],
    [
      1,
      `1 number of ${trunk} is in the deletion queue, and calls have stopped. After ${windowEndsAt} it is gone for good; ` +
        'until then a restore brings them back.',
    ],
    [0, `All numbers of ${trunk} are gone already; it is deleted next.`],
  ])('is told of with the numbers in the queue: %d', (queued, message) => {
    expect(windowOpenedNotice(about({ queued })).detail.message).toBe(message);
  });

  it.each([
    [3, 'its 3 numbers are gone for good'],
    [1, 'its 1 number is gone for good'],
  ])('is told of once more on its last day: %d', (queued, told) => {
    expect(lastDayNotice(about({ queued })).detail.message).toBe(
      `Last day for ${trunk}: after ${windowEndsAt} ${told}, and the connector is deleted. ` +
        'Until then a restore brings everything back.',
    );
  });
});

describe('A connector', () => {
  it.each([
    ['Trunk', 'Connector Trunk (abc)'],
    ['abc', 'Connector abc'],
    [undefined, 'Connector abc'],
  ])('is called by its name, where that says more than its id (%p)', (name, called) => {
    const run = { execution: execution.id, workflow: 'teardown', voiceConnectorId: 'abc' } as const;
    const { message } = completedNotice({ ...run, name, phoneNumbers: 2 }).detail;
    expect(message).toBe(`${called} is deleted; its 2 numbers are gone.`);
  });

  it.each([
    [{ phoneNumbers: 1 }, 'its 1 number is gone.'],
    [{ phoneNumbers: 0 }, 'it had no numbers.'],
    [{ phoneNumbers: undefined }, 'its 3 numbers are gone.'],
  ])('that is deleted is told of with the numbers of the run, or else of the ledger: %j', (run, told) => {
    const { message } = completedNotice({ ...about({}), ...run }).detail;
    expect(message).toBe(`Connector Trunk (abc) is deleted; ${told}`);
  });

  it.each([
    [{ phoneNumbers: 5 }, '2 numbers of 5 on it.'],
    [{}, '2 numbers of 3 on it.'],
    [{ teardown: undefined }, '2 numbers of 2 on it.'],
  ])('that is restored is told of with what is back, and of how many that is: %j', (run, told) => {
    const { detailType, detail } = restoredNotice({ ...about({}), voiceConnectorId: 'abc', ...run }, 2);
    expect(detailType).toBe('Connector Restored');
    expect(detail.message).toMatch(/^Connector .*abc\)? is restored: /);
    expect(detail.message.endsWith(`is restored: ${told}`)).toBe(true);
  });
});

describe('A run that did not come to its end', () => {
  const resume = resumeCommand(execution.stateMachine, open);
  const restore = restoreCommand(restoreMachine, 'abc');
  const failed = { phase: 'failed' } as const;

  it.each<[string, Change, Partial<Tally>, object, string]>([
    [
      'can be taken back or finished',
      failed,
      { queued: 3 },
      { resume, restore },
      ' Restore it to take the numbers back, or resume it to finish.',
    ],
    ['can only be finished: its numbers are gone', failed, { gone: 3 }, { resume }, ' Resume it to finish.'],
    [
      'can only be taken back: a restore had begun, and what goes after it is planned anew',
      { ...failed, refusesRunsUntil: nine },
      { queued: 3 },
      { restore },
      ' Restore it to take the numbers back.',
    ],
    [
      'can only be taken back: no state machine has opened it',
      { ...failed, stateMachine: undefined },
      { queued: 3 },
      { restore },
      ' Restore it to take the numbers back.',
    ],
    [
      'can only be finished: nobody has noted where it is taken back',
      { ...failed, restoreStateMachine: undefined },
      { queued: 3 },
      { resume },
      ' Resume it to finish.',
    ],
    ['is over: nothing can be done', { phase: 'deleted' }, { gone: 3 }, {}, ''],
  ])('%s', (_what, change, counts, commands, ways) => {
    const { detail } = interruptedNotice(about(counts, change), { error: 'E', cause: 'C' }, 'ABORTED');
    expect(detail.commands).toEqual(commands);
    expect(detail.message.replace(/^.*; (\d+) gone\./, '')).toBe(ways);
  });

  it('says of each number where it is, and of one alone that it still goes', () => {
    const subject = about({ queued: 1, unassigned: 2, attached: 4, gone: 5 }, failed);
    expect(failedNotice(subject, { error: 'E', cause: 'Why.' }).detail.message).toBe(
      `The teardown of ${trunk} failed (E). Numbers: 1 in the deletion queue, which still goes (the last at ${windowEndsAt}); ` +
        '2 unassigned and billed; 4 on the connector; 5 gone. Why.',
    );
  });

  it('says nothing of its numbers where nobody could count them', () => {
    const { message } = failedNotice(
      { ...about({}), tally: undefined },
      { error: 'E', cause: 'Why.' },
    ).detail;
    expect(message).toBe(`The teardown of ${trunk} failed (E). Why.`);
  });

  it.each([
    ['Forbidden (x): 2 left. To resume: aws stepfunctions start-execution', 'Forbidden (x): 2 left.'],
    ['It waits: resume it with aws stepfunctions start-execution', 'It waits.'],
    ['One waits; keep it with aws chime-sdk-voice untag-resource', 'One waits.'],
    ['Run aws stepfunctions start-execution', ''],
    ['one\n\ttwo  three', 'one two three'],
  ])('is told of in one line, up to the commands in its cause: %j', (cause, told) => {
    const { message } = failedNotice({ ...about({}), tally: undefined }, { error: 'E', cause }).detail;
    expect(message).toBe(`The teardown of ${trunk} failed (E). ${told}`.trim());
  });

  it.each([
    [1_000, 1_000],
    [1_001, 1_000],
  ])('is told of in at most a thousand characters: of %d there are %d left', (length, left) => {
    const frame = `The teardown of ${trunk} failed (E). `.length;
    const said = { error: 'E', cause: '📞'.repeat(length - frame) };
    const { message } = failedNotice({ ...about({}), tally: undefined }, said).detail;
    expect([...message]).toHaveLength(left);
    expect(message.endsWith(length === left ? '📞' : '📞…')).toBe(true);
  });
});

/** Fields of a teardown; undefined leaves one out. */
type Change = { [Field in keyof Teardown]?: Teardown[Field] | undefined };

/** A teardown in its window, with this many numbers here and there. */
function about(counts: Partial<Tally>, change: Change = {}): Subject {
  const teardown = { ...open, ...change } as Teardown;
  const tally = { ...nothing, ...counts };
  return { execution: execution.id, workflow: 'teardown', teardown, tally };
}
