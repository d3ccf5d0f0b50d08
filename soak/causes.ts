/** Whether a run that ended in red says why: each error, and what must have happened in the day for it to be true. */
import type { Deed } from './day.ts';
import type { Run } from './runs.ts';

export interface Happenings {
  readonly deeds: readonly Deed[];
  /** Faults that requests have met, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly runs: readonly Run[];
  readonly hasRefusedNumbers: boolean;
}

type Test = (day: Happenings, run: Run) => boolean;

const did =
  (...deeds: Deed[]): Test =>
  (day) =>
    day.deeds.some((deed) => deeds.includes(deed));
const any =
  (...tests: Test[]): Test =>
  (day, run) =>
    tests.some((test) => test(day, run));
/** A run besides this one, of any machine, or of one. */
const another =
  (machine?: Run['machine']): Test =>
  ({ runs }, run) =>
    runs.some((each) => each !== run && (machine === undefined || each.machine === machine));
const faulty: Test = ({ faults }) => Object.values(faults).some((count) => count > 0);
const refused: Test = ({ hasRefusedNumbers }) => hasRefusedNumbers;
const numbersChanged = did('park', 'move', 'putBack', 'reclaim', 'portOut', 'addNumber', 'failRelease');

const causes: Readonly<Record<string, Test>> = {
  ConnectorNotFound: any(did('deleteConnector'), another('restore')),
  AlreadyRunning: another(),
  RestoreRequested: another('restore'),
  Unfinished: another(),
  Protected: did('protect'),
  InUse: did('call'),
  InGroup: () => true,
  PlanChanged: any(numbersChanged, another()),
  CountMismatch: any(numbersChanged, another()),
  NoPhoneNumbers: any(numbersChanged, another()),
  NoTeardown: () => true,
  NothingToRestore: another('teardown'),
  NumbersNotReleased: any(refused, numbersChanged),
  NumbersReclaimed: any(numbersChanged, another('restore')),
  NumbersStuck: did('failRelease'),
  StillAttached: any(did('addNumber', 'putBack', 'joinGroup'), another()),
  LastMember: did('joinGroup'),
  LockLost: another(),
  LedgerMismatch: another(),
  OldStepRunning: another(),
  Overtaken: another(),
  NumbersNotRestored: any(refused, numbersChanged),
  NumbersGone: any(numbersChanged, another()),
  ConnectorGone: any(did('deleteConnector'), another('teardown')),
  ForbiddenException: refused,
  AccessDeniedException: refused,
  'Sandbox.Timedout': faulty,
};
/** Trouble that a run met often enough to give up. */
const trouble =
  /^(Throttled|ServiceFailure|ServiceUnavailable|ServiceUnreachable|MalformedReply|BatchUnfinished|ProvisionedThroughput|InternalServerError|NotYetReleased|NotYetRestored|StillThere|StillInGroup|Runtime\.ExitError)/;

/** What is wrong with the reason that a run gives, if anything. */
export function wrongReason(day: Happenings, run: Run): string | undefined {
  const { status, error = '', cause = '' } = run.ended ?? {};
  if (status === 'SUCCEEDED') return undefined;
  if (status === 'ABORTED')
    return run.isStopped || another('restore')(day, run) ? undefined : `nobody stopped the ${run.machine}`;
  if (status !== 'FAILED') return `a ${run.machine} ended as ${status}`;
  if (cause === '') return `a ${run.machine} failed with ${error}, and says no more`;
  for (const code of error.split(',')) {
    const test = causes[code] ?? (trouble.test(code) ? faulty : undefined);
    if (test === undefined) return `a ${run.machine} failed with ${error}: ${cause.slice(0, 300)}`;
    if (!test(day, run))
      return `a ${run.machine} failed with ${error} without a reason for it: ${cause.slice(0, 300)}`;
  }
  return undefined;
}
