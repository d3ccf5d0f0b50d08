import { describe, expect, it } from '@jest/globals';
import { opened, teardownOpened } from '../../lambda/inspection/opening.ts';
import type { TeardownRequest } from '../../lambda/inspection/request.ts';
import type { Survey } from '../../lambda/inspection/survey.ts';
import type { Teardown } from '../../lambda/ledger/teardown.ts';
import type { Snapshot } from '../../lambda/ports.ts';
import { execution, restoreMachine, stranger } from './teardown-setting.ts';

const now = new Date('2026-01-05T10:00:00.000Z');
const ten = now.toISOString();
const facts = { voiceConnectorId: 'abc', name: 'Trunk', phoneNumbers: 2 };
const plan = { fingerprint: 'sha256:0', blockers: [], warnings: [] };
const found: Survey = {
  ...{ phoneNumbers: 2, fingerprint: 'sha256:0', putBack: 0, warnings: [], inFlight: new Map() },
  ...{ has: () => false, batches: [], batchesToRelease: 1, work: [] },
};

describe('A teardown as it is opened', () => {
  it('has nothing that nobody said', () => {
    expect(draft()).toEqual({
      ...{ ...facts, fingerprint: 'sha256:0', warnings: [], phase: 'releasing', batchesToRelease: 1 },
      ...{ holder: execution.id, holderSince: ten, busyUntil: ten, execution: execution.id, startedAt: ten },
      ...{
        stateMachine: execution.stateMachine,
        restoreStateMachine: restoreMachine,
        generation: 'a-plan',
        releasedSince: execution.startedAt,
      },
    });
  });

  it.each<[Partial<TeardownRequest>, Partial<Teardown>]>([
    [{ requestedBy: 'Ada' }, { requestedBy: 'Ada' }],
    [{ reason: 'Moved' }, { reason: 'Moved' }],
    [{ detachFromGroups: true }, { detachFromGroups: true }],
    [
      { overrides: ['InUse'] },
      { overrides: ['InUse'], overridden: [{ overrides: ['InUse'], execution: execution.id, at: ten }] },
    ],
    [
      { overrides: ['InUse'], requestedBy: 'Ada', reason: 'Test calls' },
      {
        ...{ overrides: ['InUse'], requestedBy: 'Ada', reason: 'Test calls' },
        overridden: [
          {
            overrides: ['InUse'],
            execution: execution.id,
            at: ten,
            requestedBy: 'Ada',
            reason: 'Test calls',
          },
        ],
      },
    ],
  ])('has what was said: %j', (request, noted) => {
    expect(draft(request)).toEqual({ ...draft(), ...noted });
  });

  it.each([{ overrides: [] }, { detachFromGroups: false }])(
    'has nothing of what says nothing: %j',
    (request) => {
      expect(draft(request)).toEqual(draft());
      expect(Object.values(draft(request))).not.toContain(undefined);
    },
  );
});

describe('A teardown that is opened anew by a run that goes on with it', () => {
  const earlier: Teardown = {
    ...{ ...facts, fingerprint: 'sha256:1', warnings: [], phase: 'failed', batchesToRelease: 1 },
    ...{ busyUntil: ten, execution: stranger, startedAt: ten, generation: 'g' },
  };
  const before = snapshotOf('before');

  it('keeps who wanted the first run and why, what it was taken out of, and what the connector was', () => {
    const kept = {
      ...{ requestedBy: 'Ada', reason: 'Moved', detachedFrom: ['pool'], snapshot: before },
      overridden: [{ overrides: ['InUse'], execution: stranger, at: ten }] as const,
    };
    const anew = draft({}, { earlier: { ...earlier, ...kept }, snapshot: snapshotOf('after') });
    expect(anew).toMatchObject(kept);
    expect(anew).not.toHaveProperty('overrides');
  });

  it('says anew what this run was asked', () => {
    const asked = { requestedBy: 'Bo', reason: 'Again', overrides: ['InUse'] } as const;
    const overridden = [{ overrides: ['InUse'], execution: stranger, at: ten }] as const;
    const anew = draft({ ...asked, overrides: ['InUse'] }, { earlier: { ...earlier, overridden } });
    expect(anew).toMatchObject(asked);
    expect(anew.overridden).toHaveLength(2);
  });

  it('has the connector as it is where the first run did not come to note it', () => {
    const now = snapshotOf('now');
    expect(draft({}, { earlier, snapshot: now }).snapshot).toEqual(now);
  });

  it.each<[string, Partial<Teardown>, string]>([
    [
      'when the run says it began',
      { releasedSince: '2026-01-01T00:00:00.000Z', snapshot: before },
      '2026-01-01T00:00:00.000Z',
    ],
    ['when the connector was noted, where it does not say', { snapshot: before }, before.takenAt],
    ['when it was opened, where nothing was noted', {}, ten],
    [
      'from this run on, after a restore was begun',
      { snapshot: before, refusesRunsUntil: ten },
      execution.startedAt,
    ],
  ])('is released since %s', (_when, change, since) => {
    expect(draft({}, { earlier: { ...earlier, ...change } }).releasedSince).toBe(since);
  });
});

describe('What a run goes on with', () => {
  it.each([
    [0, 0, 'delete', []],
    [2, 1, 'release', [0]],
    [1_200, 3, 'release', [0, 1, 2]],
    [2, 0, 'release', []],
  ] as const)('of %d numbers in %d batches is to %s', (phoneNumbers, batchesToRelease, verdict, batches) => {
    const teardown = { ...draft(), phoneNumbers, batchesToRelease };
    expect(opened(teardown, { voiceConnectorId: 'abc' }, execution, 4)).toMatchObject({
      ...{ verdict, batches, phoneNumbers, detachFromGroups: false, overrides: [], pace: 4 },
    });
  });
});

function snapshotOf(name: string): Snapshot {
  return {
    connector: { voiceConnectorId: 'abc', name },
    ...{ configuration: {}, groups: [], takenAt: '2026-01-02T00:00:00.000Z' },
  };
}

function draft(
  request: Partial<TeardownRequest> = {},
  { earlier, snapshot }: { earlier?: Teardown; snapshot?: Snapshot } = {},
) {
  const background = { found, snapshot, resumed: earlier };
  return teardownOpened({ voiceConnectorId: 'abc', ...request }, { ...facts, plan }, background, {
    execution,
    restoreMachine,
    generation: 'a-plan',
    now,
  });
}
