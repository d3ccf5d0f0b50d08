import { describe, expect, it } from '@jest/globals';
import {
  alreadyRunning,
  countMismatch,
  noTeardown,
  notFound,
  nothingToRestore,
  notTheApprovedPlan,
  numbersInFlight,
  planChanged,
  restoreRequested,
  uncounted,
  unfinished,
  wasRestored,
} from '../../lambda/inspection/blockers.ts';
import type { Teardown } from '../../lambda/ledger/teardown.ts';
import { execution, generation, restoreMachine, stranger } from './teardown-setting.ts';

const id = 'abcdef1ghij2klmno3pqr4';
const eleven = '2026-01-05T11:00:00.000Z';
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
const { stateMachine } = execution;
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
    expect(message).toContain('the ledger does not know one');
  });

  it.each([
    [{ stateMachine }, `its teardown was restored at ${eleven}; it was deleted since`],
    [{ stateMachine, error: 'NumbersGone' }, `its teardown was restored at ${eleven}; it was deleted since`],
    [
      { stateMachine, error: 'ConnectorGone' },
      `it was gone already when its teardown was restored at ${eleven}, which saved its numbers`,
    ],
    [{}, `it was there at ${eleven}, when a restore found no teardown of it; it was deleted since`],
  ])('but that a restore has dealt with (%j) is told with what that found', (how, known) => {
    const { code, message } = notFound(id, { ...teardown, phase: 'restored', endedAt: eleven, ...how });
    expect([code, message]).toEqual([
      'ConnectorNotFound',
      `There is no connector ${id} in this account and Region, and by the ledger ${known}.`,
    ]);
  });
});

describe('A teardown in other hands', () => {
  it.each([
    ['holds it', { ...teardown, holder: execution.id }, execution.id],
    ['drew it up, where nobody holds it', teardown, stranger],
  ])('is told with the execution that %s, and with what can be done', (_who, open, by) => {
    const { code, message, wayOut } = alreadyRunning(open);
    expect([code, message]).toEqual([
      'AlreadyRunning',
      `Connector ${id} is in the hands of ${by}, which is running.`,
    ]);
    expect(wayOut).toBe(
      'See that execution. A teardown can be taken back by a restore while it runs; to take its place, stop it and resume.',
    );
  });
});

describe('A run that a restore was asked for after', () => {
  it('is told both moments, and how to go on all the same', () => {
    const asked = { ...teardown, phase: 'restored', refusesRunsUntil: eleven } as const;
    expect(restoreRequested(asked, execution)).toEqual({
      code: 'RestoreRequested',
      message:
        `A restore of connector ${id} was asked for at ${eleven}; this run was started at ${execution.startedAt}, ` +
        'not after that.',
      wayOut: 'If the connector is to go all the same, start a new run.',
    });
  });
});

describe('A run that is to resume what was restored', () => {
  it.each([
    ['brought it back', { stateMachine }, `The teardown of connector ${id} was restored at ${eleven}`],
    [
      'found nothing',
      {},
      `A restore of connector ${id} was asked for at ${eleven}, when nothing was to be restored`,
    ],
  ])('is told that there is nothing to resume (the restore %s)', (_what, how, done) => {
    expect(wasRestored({ ...teardown, phase: 'restored', endedAt: eleven, ...how })).toEqual({
      code: 'RestoreRequested',
      message: `${done}: there is nothing to resume.`,
      wayOut: 'If the connector is to go all the same, start a new run without "resume".',
    });
  });
});

describe('A restore that finds nothing to take back', () => {
  it('is told so where the connector is there: runs that have come to nothing yet are refused', () => {
    const { code, message } = noTeardown(id, true);
    expect(code).toBe('NoTeardown');
    expect(message).toContain(
      `The ledger knows of no teardown of connector ${id}: nothing of it was released.`,
    );
    expect(message).toContain('A run that was started before now, and has come to nothing yet, is refused');
  });

  it('is told in a dry run without that: it refuses nobody', () => {
    const { message } = noTeardown(id, true, true);
    expect(message).toBe(`The ledger knows of no teardown of connector ${id}: nothing of it was released.`);
  });

  it('is told where there is no such connector either, and what to check', () => {
    const { code, message, wayOut } = noTeardown(id, false);
    expect(code).toBe('NoTeardown');
    expect(message).toMatch(/^There is no connector .* and the ledger knows of no teardown\.$/);
    expect(message).toContain(id);
    expect(wayOut).toBe('Check the id and the Region.');
  });

  it('is told when the teardown was finished, how many numbers are gone, and where the snapshot is', () => {
    const { code, message, wayOut } = nothingToRestore({ ...teardown, phase: 'deleted', endedAt: eleven });
    expect([code, message]).toEqual([
      'NothingToRestore',
      `The teardown of connector ${id} was finished at ${eleven}, after its window: 10 of 10 numbers are gone, ` +
        'and so is the connector.',
    ]);
    expect(wayOut).toContain('item "teardown", attribute "snapshot"');
  });
});

describe('A plan that is not the approved one', () => {
  it('is told with its own fingerprint, and how to approve it', () => {
    const { code, message, wayOut } = notTheApprovedPlan(id, 'sha256:11');
    expect(code).toBe('PlanChanged');
    expect(message).toContain(`The plan for connector ${id} is not the one that was approved`);
    expect(message).toContain('Its fingerprint now is sha256:11.');
    expect(wayOut).toContain('"dryRun": true');
    expect(wayOut).toContain('"approvedPlan"');
  });
});

describe('Numbers that the service is busy with', () => {
  it('are told by status, how many of each', () => {
    const statuses = new Map([
      ['PortinInProgress', 2],
      ['AcquireInProgress', 1],
    ]);
    expect(numbersInFlight(id, statuses)).toMatchObject({
      code: 'NumbersInFlight',
      message:
        `Connector ${id} has numbers that are being ported in or provisioned: 2 × PortinInProgress, ` +
        '1 × AcquireInProgress.',
    });
  });
});

describe('A teardown that was left unfinished', () => {
  const start = (machine: string, input: string) =>
    `aws stepfunctions start-execution --state-machine-arn ${machine} --input '${input}'`;

  it('is told with phase and counts, the command to go on and the one to go back', () => {
    const { code, message, wayOut } = unfinished(teardown, tally, execution, restoreMachine);
    expect(code).toBe('Unfinished');
    expect(message).toBe(
      `An earlier run (${stranger}) left connector ${id} in phase "window": by its ledger 3 numbers in the ` +
        'deletion queue, 2 unassigned and billed, 1 attached, 4 gone.',
    );
    const resume = start(execution.stateMachine, `{"voiceConnectorId":"${id}","resume":true}`);
    const restore = start(restoreMachine, `{"voiceConnectorId":"${id}"}`);
    expect(wayOut).toBe(
      `To go on: ${resume} - to go back, until seven days after they were queued: ${restore}`,
    );
  });

  it('is told with the end of its window, where that is known', () => {
    const windowEndsAt = '2026-01-12T09:00:00.000Z';
    const { wayOut } = unfinished({ ...teardown, windowEndsAt }, tally, execution, restoreMachine);
    expect(wayOut).toContain(`to go back, until ${windowEndsAt}: aws`);
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
