import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/close-teardown.ts';
import { restoreCommand, resumeCommand } from '../../lambda/commands.ts';
import type { Closed, Ending, Interrupted, Interruption } from '../../lambda/journey.ts';
import { closeTeardown, connectLedger, updateTeardown } from '../../lambda/ledger.ts';
import type { Notice } from '../../lambda/notices.ts';
import { digitsOfANumber, errorOf, run } from './setting.ts';
import {
  type BeginOptions,
  type Begun,
  begin,
  execution,
  executionNamed,
  openSetting,
  restoreMachine,
  restoreNamed,
  type Setting,
  stranger,
  teardownOf,
} from './teardown-setting.ts';

const inQueue = { queued: 3, unassigned: 0, attached: 0, gone: 0, reclaimed: 0 };
const failure = { Error: 'StillAttached', Cause: '2 numbers are attached, …0100 among them.' };

describe('How a run has ended is announced', () => {
  it('as completed: with the counts, and nothing left to do', async () => {
    const { setting, begun } = await open();
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
    const { setting, begun } = await open();
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
    const { setting } = await open();
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
    const { setting, begun } = await open();
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
    const { setting, begun } = await open();
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
    const { setting, begun } = await open();
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
    const { setting, begun } = await open();
    const ending = {
      outcome: 'failed',
      execution,
      state: { ...begun.inspected, failure: { Error: 'E', Cause } },
    } as const;
    const { detail } = await noticeOf(setting, ending);
    expect(detail.message.endsWith(`0 gone. ${told}`)).toBe(true);
  });

  it('with no number in the place of an id', async () => {
    const { setting } = await open();
    const request = { voiceConnectorId: '12065550100' };
    const ending = { outcome: 'failed', execution, state: { request, failure } } as unknown as Ending;
    expect((await noticeOf(setting, ending)).detail.voiceConnectorId).toBe('…0100');
  });

  it('as that of a restore, by who asked for the restore', async () => {
    const { setting, begun } = await open({ holder: restoreNamed('ours').id, phase: 'restoring' });
    await updateTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, restoreNamed('ours').id, {
      restoreRequest: { requestedBy: 'Bob' },
    });
    const ending = { ...failed(begun), workflow: 'restore', execution: restoreNamed('ours') } as Ending;
    const { detail } = await noticeOf(setting, ending);
    expect(detail).toMatchObject({ workflow: 'restore', requestedBy: 'Bob' });
    expect(detail).not.toHaveProperty('reason');
  });

  it('without what the ledger knows where its batches cannot be read: a run does not fail for a notice', async () => {
    const { setting, begun } = await open();
    setting.wire.refuse = ({ operation }) => operation === 'Query';
    const { detailType, detail } = await noticeOf(setting, deleted(begun));
    expect(detailType).toBe('Teardown Completed');
    expect(detail).not.toHaveProperty('counts');
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('deleted');
  });

  it('without any number, and in a plain line, whatever somebody has called the connector', async () => {
    const { setting, begun } = await open();
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

describe('An interruption', () => {
  it('is put on the bus by this function: no state is left to do it', async () => {
    const { setting, begun } = await open();
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
    const { setting, begun } = await open();
    const { notice } = await interrupt(setting, begun, { stateMachineArn: restoreMachine });
    expect(notice?.detail.workflow).toBe('restore');
  });

  it.each([
    ['TIMED_OUT', 'ran out of time before its end.'],
    ['FAILED', 'failed, and could not record it.'],
  ])('by %s is told as that', async (status, told) => {
    const { setting, begun } = await open();
    expect((await interrupt(setting, begun, { status })).notice?.detail.message).toContain(told);
  });

  it('of a restore, also of an earlier version, offers no resuming: that wants a plan first', async () => {
    const { setting, begun } = await open({ phase: 'restoring' });
    await updateTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, execution.id, {
      ...{ restoreStateMachine: undefined, refusesRunsUntil: '2026-01-05T09:00:00.000Z' },
    });
    const { notice } = await interrupt(setting, begun, { stateMachineArn: restoreMachine });
    expect(notice?.detail).toMatchObject({ workflow: 'restore', commands: {} });
    expect(notice?.detail.message).not.toMatch(/resume/);
  });

  it('that could not be announced is an error, and is announced when the event comes again', async () => {
    const { setting, begun } = await open();
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
    const { setting, begun } = await open();
    await before(setting, begun);
    expect(await interrupt(setting, begun)).not.toHaveProperty('notice');
    expect(setting.bus.events).toEqual([]);
  });
});

describe('A teardown that has come to its end', () => {
  const inAYear = Date.parse('2027-01-05T09:00:00.000Z') / 1_000;

  it('may be forgotten after a year, with all of its batches', async () => {
    const { setting, begun } = await open();
    await run(setting, connect, deleted(begun));
    const items = (await setting.ledger.items()) as { expiresAt?: unknown }[];
    expect(items).toHaveLength(3);
    expect(items.map(({ expiresAt }) => expiresAt)).toEqual([inAYear, inAYear, inAYear]);
  });

  it('is kept for ever where the setting is 0', async () => {
    const { setting, begun } = await open();
    const env = { ...setting.edge.env, LEDGER_RETENTION_DAYS: '0' };
    await run({ ...setting, edge: { ...setting.edge, env } }, connect, deleted(begun));
    expect(JSON.stringify(await setting.ledger.items())).not.toContain('expiresAt');
  });

  it('has ended well also where its batches cannot be marked', async () => {
    const { setting, begun } = await open();
    setting.wire.refuse = ({ operation }) => operation === 'Query';
    expect((await run(setting, connect, deleted(begun))).answer).toMatchObject({ outcome: 'deleted' });
  });

  it('short of something is kept, whatever the setting: somebody has to look after its numbers', async () => {
    const { setting, begun } = await open();
    const check = { verdict: 'incomplete', counts: {}, looks: 1, failure, phase: 'restored' };
    const ending = { outcome: 'incomplete', execution, state: { ...begun.inspected, check } };
    await run(setting, connect, ending as unknown as Ending);
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('restored');
    expect(JSON.stringify(await setting.ledger.items())).not.toContain('expiresAt');
  });

  it('that failed is kept, whatever the setting: numbers may be outstanding', async () => {
    const { setting, begun } = await open();
    await run(setting, connect, failed(begun));
    expect(JSON.stringify(await setting.ledger.items())).not.toContain('expiresAt');
  });
});

async function open(options: Partial<BeginOptions> = {}) {
  const setting = await openSetting();
  const begun = await begin(setting, {
    numbers: 3,
    state: 'queued',
    phase: 'window',
    batchSize: 2,
    ...options,
  });
  return { setting, begun };
}

async function noticeOf(setting: Setting, ending: Ending): Promise<Notice> {
  return ((await run(setting, connect, ending)) as Closed).notice;
}

function deleted({ inspected }: Begun): Ending {
  return { outcome: 'deleted', execution, state: inspected };
}

function failed({ inspected }: Begun): Ending {
  return { outcome: 'failed', execution, state: { ...inspected, failure } };
}

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
