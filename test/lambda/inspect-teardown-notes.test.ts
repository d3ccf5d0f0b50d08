import { describe, expect, it } from '@jest/globals';
import type { Edge } from '../../lambda/edge.ts';
import { inspectTeardown as inspect, portsOf } from '../../lambda/inspect-teardown.ts';
import { closeTeardown, connectLedger, saveBatch } from '../../lambda/ledger/ledger.ts';
import { fingerprintOf } from '../../lambda/plan.ts';
import { inspectTeardown, restore, rewrite, stoppable, underWay } from './restore-setting.ts';
import { at, run } from './setting.ts';
import { batchOf, openSetting, over, statesOf, stranger, teardownOf } from './teardown-setting.ts';

describe('Who wanted a restore, and why,', () => {
  it.each([
    [{}, {}],
    [{ requestedBy: 'Ada' }, { requestedBy: 'Ada' }],
    [{ reason: 'A mistake' }, { reason: 'A mistake' }],
    [
      { requestedBy: 'Ada', reason: 'A mistake' },
      { requestedBy: 'Ada', reason: 'A mistake' },
    ],
  ])('is in the ledger as far as it was said: %j', async (said, noted) => {
    const { setting, begun } = await underWay();
    await over(setting, stranger);
    const { voiceConnectorId } = begun;
    expect(await inspectTeardown(setting, { voiceConnectorId, ...said })).toMatchObject({
      verdict: 'restore',
    });
    expect((await teardownOf(setting, voiceConnectorId))?.restoreRequest).toEqual(noted);
  });
});

describe('What the numbers of a batch were noted as', () => {
  it('is forgotten where it may be otherwise now: refusals, what was asked for, what seemed to be gone', async () => {
    const { setting, begun } = await underWay();
    await over(setting, stranger);
    const failure = { code: 'Forbidden', message: 'x' };
    const notes = [{ state: 'gone' }, { failure, askedAt: '2026-01-05T09:00:00.000Z' }, {}] as const;
    await rewrite(setting, begun, (number, i) => ({ ...number, ...at(notes, i) }));
    await inspectTeardown(setting, { voiceConnectorId: begun.voiceConnectorId });
    const { numbers } = await batchOf(setting, begun);
    expect(numbers.map(({ id: _id, e164: _e164, ...rest }) => rest)).toEqual([
      { state: 'queued' },
      { state: 'queued' },
      { state: 'queued' },
    ]);
  });

  it('is forgotten also where it is only that they seemed to be gone: one answer does not decide over a number', async () => {
    const { setting, begun } = await underWay();
    await over(setting, stranger);
    await rewrite(setting, begun, (number) => ({ ...number, state: 'gone' }));
    await inspectTeardown(setting, { voiceConnectorId: begun.voiceConnectorId });
    expect(await statesOf(setting, begun)).toEqual(['queued', 'queued', 'queued']);
  });

  it('stays with what was found with another holder, and that is none of ours any more', async () => {
    const { setting, begun } = await underWay();
    await over(setting, stranger);
    const failure = { code: 'Moved', message: 'It is elsewhere.' };
    await rewrite(setting, begun, (number, i) => (i === 1 ? { ...number, failure } : number));
    await inspectTeardown(setting, { voiceConnectorId: begun.voiceConnectorId });
    const { numbers } = await batchOf(setting, begun);
    expect(numbers.map(({ state, failure: found }) => [state, found])).toEqual([
      ['queued', undefined],
      ['reclaimed', failure],
      ['queued', undefined],
    ]);
  });

  it('is not waited for any longer', async () => {
    const { setting, begun } = await underWay();
    await over(setting, stranger);
    const batch = await batchOf(setting, begun);
    const waitingSince = '2026-01-05T09:00:00.000Z';
    await saveBatch(connectLedger(setting.edge))(begun.batch, { ...batch, waitingSince });
    await inspectTeardown(setting, { voiceConnectorId: begun.voiceConnectorId });
    expect(await batchOf(setting, begun)).toEqual(batch);
  });
});

describe('What is stopped', () => {
  it('is never the restore itself, though it holds the teardown from its first try', async () => {
    const { setting, begun } = await underWay({ holder: restore.id });
    const stops = stoppable(setting, restore.id, begun);
    expect(await inspectTeardown(setting, { voiceConnectorId: begun.voiceConnectorId })).toMatchObject({
      verdict: 'restore',
    });
    expect(await stops()).toEqual([]);
  });

  it('is the run that drew up the plan, where none holds the teardown: Step Functions is asked for no other', async () => {
    const { setting, begun } = await underWay();
    await closeTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, stranger, { phase: 'failed' });
    const asked: string[] = [];
    const connect = (edge: Edge) => {
      const { executions, ...ports } = portsOf(edge);
      const statusOf = (arn: string) => {
        asked.push(arn);
        return executions.statusOf(arn);
      };
      return inspect({ ...ports, executions: { ...executions, statusOf } });
    };
    const request = { voiceConnectorId: begun.voiceConnectorId };
    expect(await run(setting, connect, { request, execution: restore })).toMatchObject({
      verdict: 'restore',
    });
    expect(asked).toEqual([stranger]);
  });
});

describe('A restore of what was never released', () => {
  it('leaves the trace of a teardown that is over, and of no numbers', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 2, name: 'Trunk' });
    await inspectTeardown(setting, { voiceConnectorId });
    const nine = '2026-01-05T09:00:00.000Z';
    expect(await teardownOf(setting, voiceConnectorId)).toEqual({
      ...{ voiceConnectorId, name: 'Trunk', phase: 'restored', execution: restore.id },
      ...{ batchesToRelease: 0, phoneNumbers: 0, warnings: [] },
      ...{ startedAt: nine, endedAt: nine, busyUntil: nine, refusesRunsUntil: nine },
      generation: expect.stringMatching(/^[0-9a-f]{16}$/),
      fingerprint: fingerprintOf(voiceConnectorId, []),
    });
  });
});
