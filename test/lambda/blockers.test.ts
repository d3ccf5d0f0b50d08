import { describe, expect, it } from '@jest/globals';
import {
  alreadyRunning,
  countMismatch,
  notFound,
  planChanged,
  uncounted,
  unfinished,
} from '../../lambda/blockers.ts';
import type { Teardown } from '../../lambda/ports.ts';
import { execution, generation, stranger } from './teardown-setting.ts';

const id = 'abcdef1ghij2klmno3pqr4';
const teardown: Teardown = {
  voiceConnectorId: id,
  name: 'Trunk',
  phase: 'window',
  busyUntil: '2026-01-05T09:00:00.000Z',
  execution: stranger,
  generation,
  batchesToRelease: 1,
  warnings: [],
  phoneNumbers: 10,
  fingerprint: 'sha256:00',
  startedAt: '2026-01-05T09:00:00.000Z',
};
const tally = {
  attached: 1,
  unassigned: 2,
  queued: 3,
  gone: 4,
  reclaimed: 0,
  unreleased: [],
  lastQueuedAt: undefined,
};

describe('The count of numbers', () => {
  it.each([1, 1_000])('refuses nothing for %d, at most what may go uncounted', (found) => {
    expect(uncounted(id, found, 1_000)).toEqual([]);
  });

  it.each([
    [120, 121],
    [120, 0],
    [0, 1],
  ])('refuses %d numbers where %d are expected', (found, expected) => {
    expect(countMismatch(id, found, expected)).toMatchObject({
      code: 'CountMismatch',
      message: `Connector ${id} has ${found} phone numbers, and expectedPhoneNumbers says ${expected}.`,
    });
  });

  it('refuses a connector without numbers unless 0 is expected, and says so', () => {
    const [blocker, ...others] = uncounted(id, 0, 1_000);
    expect(others).toEqual([]);
    expect(blocker?.code).toBe('NoPhoneNumbers');
    expect(blocker?.wayOut).toContain('"expectedPhoneNumbers": 0');
    expect(blocker?.wayOut).toContain('cannot be undone');
  });

  it('refuses more numbers than may go uncounted, and names the count to state', () => {
    const [blocker, ...others] = uncounted(id, 1_001, 1_000);
    expect(others).toEqual([]);
    expect(blocker?.code).toBe('TooManyNumbers');
    expect(blocker?.wayOut).toContain('"expectedPhoneNumbers": 1001');
  });

  it('may be limited to none', () => {
    expect(uncounted(id, 1, 0)).toMatchObject([{ code: 'TooManyNumbers' }]);
  });
});

describe('A connector that nobody knows', () => {
  it('is named, with what to check', () => {
    const { code, message, wayOut } = notFound(id);
    expect([code, message]).toEqual(['ConnectorNotFound', expect.stringContaining(id)]);
    expect(wayOut).toContain('Region');
  });
});

describe('A teardown in other hands', () => {
  it('is told with the execution that holds it', () => {
    const { code, message } = alreadyRunning({ ...teardown, holder: execution.id });
    expect([code, message]).toEqual([
      'AlreadyRunning',
      `Connector ${id} is being torn down by ${execution.id}.`,
    ]);
  });
});

describe('A teardown that was left unfinished', () => {
  it('is told with phase and counts, the command to go on and the way back', () => {
    const { code, message, wayOut } = unfinished(teardown, tally, execution);
    expect(code).toBe('Unfinished');
    expect(message).toBe(
      `An earlier run (${stranger}) left connector ${id} in phase "window": by its ledger 3 numbers in the ` +
        'deletion queue, 2 unassigned and billed, 1 attached, 4 gone.',
    );
    const input = `'{"voiceConnectorId":"${id}","resume":true}'`;
    expect(wayOut).toContain(
      `aws stepfunctions start-execution --state-machine-arn ${execution.stateMachine} --input ${input}.`,
    );
    expect(wayOut).toContain('seven days after they were queued');
    expect(wayOut).toContain('aws chime-sdk-voice restore-phone-number');
    expect(wayOut).toContain(
      `aws chime-sdk-voice associate-phone-numbers-with-voice-connector --voice-connector-id ${id}`,
    );
  });

  it('is told with the end of its window, where that is known', () => {
    const windowEndsAt = '2026-01-12T09:00:00.000Z';
    expect(unfinished({ ...teardown, windowEndsAt }, tally, execution).wayOut).toContain(windowEndsAt);
  });

  it('and has other numbers by now is told with both counts, and the count to state', () => {
    const { code, message, wayOut } = planChanged(teardown, 11, 0);
    expect(code).toBe('PlanChanged');
    expect(message).toContain('it had 10, and now there are 11');
    expect(wayOut).toContain('"expectedPhoneNumbers": 11');
  });

  it.each([
    [11, 1],
    [10, 0],
  ])(
    'is told to take numbers off where a count would agree to nothing new (%d, %d put back)',
    (found, back) => {
      const { wayOut } = planChanged(teardown, found, back);
      expect(wayOut).toContain('Take off the connector what is not to go');
      expect(wayOut).not.toContain('expectedPhoneNumbers');
    },
  );
});
