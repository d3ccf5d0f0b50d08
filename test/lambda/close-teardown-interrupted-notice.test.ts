import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/close-teardown.ts';
import type { Interrupted, Interruption } from '../../lambda/journey.ts';
import { closeTeardown, connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import { inQueue, openInWindow } from './closing-setting.ts';
import { errorOf, run } from './setting.ts';
import { type Begun, execution, restoreMachine, type Setting, stranger } from './teardown-setting.ts';

describe('An interruption', () => {
  it('is put on the bus by this function: no state is left to do it', async () => {
    const { setting, begun } = await openInWindow();
    const { notice } = await interrupt(setting, begun);
    expect(setting.bus.events).toEqual([
      {
        source: 'voice-connector-teardown',
        'detail-type': 'Teardown Interrupted',
        detail: notice?.detail,
        at: expect.any(Number),
      },
    ]);
    expect(notice?.detail).toMatchObject({
      ...{ phase: 'interrupted', counts: inQueue, windowEndsAt: '2026-01-12T09:00:00.000Z' },
      message: expect.stringMatching(
        /stopping is not undoing\. .* Restore it to take the numbers back, or resume it to finish\.$/,
      ),
      commands: { resume: expect.any(String), restore: expect.any(String) },
    });
  });

  it('of a restore is one of a restore', async () => {
    const { setting, begun } = await openInWindow();
    const { notice } = await interrupt(setting, begun, { stateMachineArn: restoreMachine });
    expect(notice?.detail.workflow).toBe('restore');
  });

  it.each([
    ['TIMED_OUT', 'ran out of time before its end.'],
    ['FAILED', 'failed, and could not record it.'],
  ])('by %s is told as that', async (status, told) => {
    const { setting, begun } = await openInWindow();
    expect((await interrupt(setting, begun, { status })).notice?.detail.message).toContain(told);
  });

  it('of a restore, also of an earlier version, offers no resuming: that wants a plan first', async () => {
    const { setting, begun } = await openInWindow({ phase: 'restoring' });
    await updateTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, execution.id, {
      ...{ restoreStateMachine: undefined, refusesRunsUntil: '2026-01-05T09:00:00.000Z' },
    });
    const { notice } = await interrupt(setting, begun, { stateMachineArn: restoreMachine });
    expect(notice?.detail).toMatchObject({ workflow: 'restore', commands: {} });
    expect(notice?.detail.message).not.toMatch(/resume/);
  });

  it('that could not be announced is an error, and is announced when the event comes again', async () => {
    const { setting, begun } = await openInWindow();
    setting.bus.failing = 1;
    const error = await errorOf(interrupt(setting, begun));
    expect(error.message).toMatch(/^announcing "Teardown Interrupted"/);
    setting.bus.failing = 0;
    await interrupt(setting, begun);
    expect(setting.bus.events).toHaveLength(1);
  });

  it.each([
    [
      'that had closed its teardown itself',
      async (setting: Setting, { voiceConnectorId }: Begun) => {
        await closeTeardown(connectLedger(setting.edge))(voiceConnectorId, execution.id, { phase: 'failed' });
      },
    ],
    [
      'of a run that another one has taken over from',
      async (setting: Setting, { voiceConnectorId }: Begun) => {
        await closeTeardown(connectLedger(setting.edge))(voiceConnectorId, execution.id, {
          ...{ phase: 'interrupted', closedBy: stranger },
        });
      },
    ],
  ])('%s is not announced', async (_what, before) => {
    const { setting, begun } = await openInWindow();
    await before(setting, begun);
    expect(await interrupt(setting, begun)).not.toHaveProperty('notice');
    expect(setting.bus.events).toEqual([]);
  });
});

async function interrupt(
  setting: Setting,
  { voiceConnectorId }: Begun,
  how: Partial<Interruption> = {},
): Promise<Interrupted> {
  const input = JSON.stringify({ voiceConnectorId });
  return (await run(setting, connect, {
    executionArn: execution.id,
    status: 'ABORTED',
    input,
    ...how,
  })) as Interrupted;
}
