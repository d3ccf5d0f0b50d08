import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/close-teardown.ts';
import type { Closed, Ending, Interrupted, Interruption } from '../../lambda/journey.ts';
import { connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import { deleted, failed, failure, openInWindow } from './closing-setting.ts';
import { nothing } from './restore-setting.ts';
import { errorOf, run } from './setting.ts';
import { execution, openSetting, restoreMachine, restoreNamed, type Setting } from './teardown-setting.ts';

describe('What an interruption is told of', () => {
  it.each<[string, Partial<Interruption>, 'teardown' | 'restore']>([
    ['a restore, by the machine that ran it', { stateMachineArn: restoreMachine }, 'restore'],
    ['a teardown, by the machine that ran it', { stateMachineArn: execution.stateMachine }, 'teardown'],
    ['a teardown, where the event names no machine', {}, 'teardown'],
    ['a teardown, where the event has none to name', { stateMachineArn: null }, 'teardown'],
  ])('is %s, and the execution that was ended', async (_what, how, workflow) => {
    const { setting, begun } = await openInWindow();
    const input = JSON.stringify({ voiceConnectorId: begun.voiceConnectorId });
    const event = { executionArn: execution.id, status: 'ABORTED', input, ...how };
    const { notice } = (await run(setting, connect, event)) as Interrupted;
    expect(notice?.detail).toMatchObject({ workflow, execution: execution.id });
  });
});

describe('Who asked for a run', () => {
  it('is told also where its request names no connector properly; what is no text is left out', async () => {
    const { setting } = await openInWindow();
    expect(await detailOf(setting, early({ requestedBy: 'Eve', reason: 7 }))).toMatchObject({
      requestedBy: 'Eve',
    });
    const detail = await detailOf(setting, early({ requestedBy: 7, reason: 'Moved' }));
    expect(detail).toMatchObject({ reason: 'Moved' });
    expect(detail).not.toHaveProperty('requestedBy');
  });

  it('is not who asked for a restore before it', async () => {
    const { setting, begun } = await openInWindow();
    await updateTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, execution.id, {
      restoreRequest: { requestedBy: 'Bob' },
    });
    expect(await detailOf(setting, failed(begun))).not.toHaveProperty('requestedBy');
  });
});

describe('The ledger', () => {
  it('is not asked about a connector that the request does not name', async () => {
    const setting = await openSetting();
    await detailOf(setting, early({}));
    expect([setting.wire.calls, setting.log]).toEqual([[], []]);
  });

  it('is not asked for the batches of a teardown that it does not know', async () => {
    const setting = await openSetting();
    await detailOf(setting, early({ voiceConnectorId: 'neveropened' }));
    expect(setting.wire.calls.map(({ operation }) => operation)).toEqual(['UpdateItem', 'GetItem']);
    expect(setting.log).toEqual([]);
  });

  it('that cannot be read leaves a restore closed and announced all the same, and that is in the log', async () => {
    const { setting, begun } = await openInWindow({ holder: restoreNamed('ours').id, phase: 'restoring' });
    setting.wire.refuse = ({ operation }) => operation === 'GetItem';
    const check = { verdict: 'restored', counts: { ...nothing, restored: 3 }, looks: 1 } as const;
    const ending = {
      ...{ outcome: 'restored', workflow: 'restore', execution: restoreNamed('ours') },
      state: { ...begun.inspected, check },
    };
    const { answer, notice } = (await run(setting, connect, ending as unknown as Ending)) as Closed;
    expect(answer).toMatchObject({ outcome: 'restored', restored: 3 });
    expect(notice.detail.message).toContain('3 numbers of 3 on it.');
    expect(setting.log.join()).toContain('The notice is without what the ledger knows');
  });

  it('whose batches cannot be marked as to be forgotten says so in the log', async () => {
    const { setting, begun } = await openInWindow();
    setting.wire.refuse = ({ operation }) => operation === 'Query';
    await run(setting, connect, deleted(begun));
    expect(setting.log.join()).toContain('The batches stay in the ledger for ever');
  });

  it('that cannot be written is an error: nobody is told that a run is closed which still has the lock', async () => {
    const { setting, begun } = await openInWindow();
    setting.wire.refuse = ({ operation }) => operation === 'UpdateItem';
    const input = JSON.stringify({ voiceConnectorId: begun.voiceConnectorId });
    for (const ending of [failed(begun), { executionArn: execution.id, status: 'ABORTED', input }])
      expect((await errorOf(run(setting, connect, ending))).name).toBe('ServiceFailureException');
    expect(setting.bus.events).toEqual([]);
  });
});

/** A run of this request that failed before it held a teardown. */
function early(request: object): Ending {
  return { outcome: 'failed', execution, state: { request, failure } } as unknown as Ending;
}

async function detailOf(setting: Setting, ending: Ending) {
  return ((await run(setting, connect, ending)) as Closed).notice.detail;
}
