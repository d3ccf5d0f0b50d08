import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/close-teardown.ts';
import type { Closed, Ending } from '../../lambda/journey.ts';
import { connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import { restoreCommand, resumeCommand } from '../../lambda/words/commands.ts';
import type { Notice } from '../../lambda/words/notices.ts';
import { deleted, failed, failure, inQueue, openInWindow } from './closing-setting.ts';
import { digitsOfANumber, run } from './setting.ts';
import {
  execution,
  executionNamed,
  restoreMachine,
  restoreNamed,
  type Setting,
  teardownOf,
} from './teardown-setting.ts';

describe('How a run has ended is announced', () => {
  it('as completed: with the counts, and nothing left to do', async () => {
    const { setting, begun } = await openInWindow();
    const { detailType, detail } = await noticeOf(setting, deleted(begun));
    expect(detailType).toBe('Teardown Completed');
    expect(detail).toEqual({
      message: `Connector Trunk (${begun.voiceConnectorId}) is deleted; its 3 numbers are gone.`,
      workflow: 'teardown',
      ...{
        voiceConnectorId: begun.voiceConnectorId,
        name: 'Trunk',
        phoneNumbers: 3,
        execution: execution.id,
      },
      ...{ phase: 'deleted', counts: { ...inQueue, queued: 0, gone: 3 }, commands: {} },
    });
  });

  it('as failed: with the error, where the numbers are, when they go, and both ways on', async () => {
    const { setting, begun } = await openInWindow();
    const { detailType, detail } = await noticeOf(setting, failed(begun));
    const teardown = await teardownOf(setting, begun.voiceConnectorId);
    if (teardown === undefined) throw new Error('It is in the ledger.');
    expect(detailType).toBe('Teardown Failed');
    expect(detail).toMatchObject({
      ...{ phase: 'failed', counts: inQueue, windowEndsAt: '2026-01-12T09:00:00.000Z' },
      ...{ error: failure.Error, cause: failure.Cause },
      commands: {
        resume: resumeCommand(execution.stateMachine, teardown),
        restore: restoreCommand(restoreMachine, begun.voiceConnectorId),
      },
    });
    expect(detail.message).toContain(
      '3 in the deletion queue, which still go (the last at 2026-01-12T09:00:00.000Z)',
    );
  });

  it('as refused: with every reason, also where the ledger knows nothing of the connector', async () => {
    const { setting } = await openInWindow();
    const blockers = [
      { code: 'InvalidInput', message: 'dryRun must be true or false, not "x".', wayOut: 'aws …' },
      { code: 'CountMismatch', message: 'There are 3.', wayOut: 'Plan again.' },
    ] as const;
    const state = { verdict: 'refused', execution, blockers, requestedBy: 'Ada', reason: 'Moved' } as const;
    const { detailType, detail } = await noticeOf(setting, { outcome: 'refused', execution, state });
    expect(detailType).toBe('Teardown Refused');
    expect(detail).toMatchObject({
      ...{ error: 'InvalidInput,CountMismatch', requestedBy: 'Ada', reason: 'Moved', commands: {} },
      message:
        'The teardown of a connector that the request does not name properly was refused (InvalidInput,CountMismatch), ' +
        "and nothing was touched: dryRun must be true or false, not 'x'. There are 3.",
    });
    expect(detail).not.toHaveProperty('counts');
  });

  it('by who asked for this very run: nobody, where that is not said', async () => {
    const { setting, begun } = await openInWindow();
    const { voiceConnectorId } = begun;
    const theirs = {
      outcome: 'refused',
      execution,
      state: { verdict: 'refused', execution, voiceConnectorId, blockers: [] },
    };
    expect((await noticeOf(setting, theirs as Ending)).detail).not.toHaveProperty('requestedBy');
    const request = { voiceConnectorId, requestedBy: 'Eve', reason: 7 };
    const early = { outcome: 'failed', execution: executionNamed('other'), state: { request, failure } };
    const { detail } = await noticeOf(setting, early as unknown as Ending);
    expect(detail.requestedBy).toBe('Eve');
    expect(detail).not.toHaveProperty('reason');
  });

  it('as failed, though the numbers are gone: nothing goes any more, and nothing can be taken back', async () => {
    const { setting, begun } = await openInWindow();
    await updateTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, execution.id, {
      goneAt: 'now',
    });
    const { detail } = await noticeOf(setting, failed(begun));
    expect(detail.counts).toEqual({ ...inQueue, queued: 0, gone: 3 });
    expect(detail).not.toHaveProperty('windowEndsAt');
    expect(Object.keys(detail.commands)).toEqual(['resume']);
    expect(detail.message).toContain(
      '0 in the deletion queue; 0 unassigned and billed; 0 on the connector; 3 gone.',
    );
  });

  it('as completed by what the run knows, where the ledger cannot be read', async () => {
    const { setting, begun } = await openInWindow();
    const closed = deleted(begun);
    await run(setting, connect, closed);
    setting.wire.refuse = ({ operation }) => operation === 'Query';
    expect((await noticeOf(setting, closed)).detail.message).toMatch(/is deleted; its 3 numbers are gone\.$/);
  });

  it.each([
    ['Ask support. To go on: aws stepfunctions start-execution --input \'{"a":1}\'', 'Ask support.'],
    [
      'The service withdraws from group Sales. Ask support.',
      'The service withdraws from group Sales. Ask support.',
    ],
    [`x${' '.repeat(3_500)}y`, 'x y'],
  ])('as failed, with its cause up to the commands in it: %j', async (Cause, told) => {
    const { setting, begun } = await openInWindow();
    const ending = {
      outcome: 'failed',
      execution,
      state: { ...begun.inspected, failure: { Error: 'E', Cause } },
    } as const;
    const { detail } = await noticeOf(setting, ending);
    expect(detail.message.endsWith(`0 gone. ${told}`)).toBe(true);
  });

  it('with no number in the place of an id', async () => {
    const { setting } = await openInWindow();
    const request = { voiceConnectorId: '12065550100' };
    const ending = { outcome: 'failed', execution, state: { request, failure } } as unknown as Ending;
    expect((await noticeOf(setting, ending)).detail.voiceConnectorId).toBe('…0100');
  });

  it('as that of a restore, by who asked for the restore', async () => {
    const { setting, begun } = await openInWindow({ holder: restoreNamed('ours').id, phase: 'restoring' });
    await updateTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, restoreNamed('ours').id, {
      restoreRequest: { requestedBy: 'Bob' },
    });
    const ending = { ...failed(begun), workflow: 'restore', execution: restoreNamed('ours') } as Ending;
    const { detail } = await noticeOf(setting, ending);
    expect(detail).toMatchObject({ workflow: 'restore', requestedBy: 'Bob' });
    expect(detail).not.toHaveProperty('reason');
  });

  it('without what the ledger knows where its batches cannot be read: a run does not fail for a notice', async () => {
    const { setting, begun } = await openInWindow();
    setting.wire.refuse = ({ operation }) => operation === 'Query';
    const { detailType, detail } = await noticeOf(setting, deleted(begun));
    expect(detailType).toBe('Teardown Completed');
    expect(detail).not.toHaveProperty('counts');
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('deleted');
  });

  it('without any number, and in a plain line, whatever somebody has called the connector', async () => {
    const { setting, begun } = await openInWindow();
    const name = `<script>alert("+12065550100")</script>\n\u2028"'\\ 📞${'x'.repeat(2_000)}`;
    const state = {
      verdict: 'refused',
      execution,
      voiceConnectorId: begun.voiceConnectorId,
      name,
      blockers: [],
    };
    const { detail } = await noticeOf(setting, { outcome: 'refused', execution, state } as unknown as Ending);
    expect(
      JSON.stringify(detail)
        .replaceAll(begun.voiceConnectorId, '')
        .replace(/arn:[^"]*/g, ''),
    ).not.toMatch(digitsOfANumber);
    expect(detail.message).not.toMatch(/["\\\p{Cc}\p{Zl}]/u);
    expect([...detail.message]).toHaveLength(1_000);
  });
});

async function noticeOf(setting: Setting, ending: Ending): Promise<Notice> {
  return ((await run(setting, connect, ending)) as Closed).notice;
}
