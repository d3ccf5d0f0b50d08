import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/close-teardown.ts';
import type { Interrupted, Interruption } from '../../lambda/journey.ts';
import { closeTeardown, connectLedger } from '../../lambda/ledger/ledger.ts';
import { errorOf, run } from './setting.ts';
import { begin, execution, openSetting, type Setting, stranger, teardownOf } from './teardown-setting.ts';

const lambdaCause = JSON.stringify({
  errorType: 'StillThere',
  errorMessage: 'Number +12065550100 is still there.',
  trace: ['at x'],
});
const still = 'Numbers in the deletion queue still go.';

describe('An execution that was ended from outside', () => {
  it.each<[string, Pick<Interruption, 'status' | 'error' | 'cause'>, string, string]>([
    ['Stop', { status: 'ABORTED' }, 'ABORTED', `The execution ended as ABORTED. ${still}`],
    [
      'Stop, without error and cause in the event',
      { status: 'ABORTED', error: null, cause: null },
      'ABORTED',
      `The execution ended as ABORTED. ${still}`,
    ],
    [
      'Stop with a reason',
      { status: 'ABORTED', error: 'Operator', cause: 'Jane wants +12065550100 back' },
      'Operator',
      `The execution ended as ABORTED: Jane wants …0100 back. ${still}`,
    ],
    ['its time-out', { status: 'TIMED_OUT' }, 'TIMED_OUT', `The execution ended as TIMED_OUT. ${still}`],
    [
      'an error that no state catches',
      { status: 'FAILED', error: 'States.DataLimitExceeded', cause: 'Too large' },
      'States.DataLimitExceeded',
      `The execution ended as FAILED: Too large. ${still}`,
    ],
    [
      "a function's error",
      { status: 'FAILED', error: 'StillThere', cause: lambdaCause },
      'StillThere',
      `The execution ended as FAILED: Number …0100 is still there. ${still}`,
    ],
    [
      'a function’s error without a message',
      { status: 'FAILED', error: '', cause: '{"errorMessage":""}' },
      'FAILED',
      `The execution ended as FAILED. ${still}`,
    ],
  ])(
    'by %s leaves its teardown interrupted, with the reason, and the lock free',
    async (_how, how, error, cause) => {
      const { setting, voiceConnectorId } = await open();
      await setting.clock.sleep(3_600_000);
      const before = await teardownOf(setting, voiceConnectorId);
      const answer = await interrupt(setting, { ...how, input: JSON.stringify({ voiceConnectorId }) });
      expect(answer).toEqual({ outcome: 'interrupted', error, cause });
      const { holder: _holder, holderSince: _since, ...rest } = before ?? {};
      expect(await teardownOf(setting, voiceConnectorId)).toEqual({
        ...rest,
        phase: 'interrupted',
        error,
        cause,
        endedAt: '2026-01-05T10:00:00.000Z',
        closedBy: execution.id,
      });
    },
  );

  it('fits its reason into what the ledger is to hold', async () => {
    const { setting, voiceConnectorId } = await open();
    const input = JSON.stringify({ voiceConnectorId });
    const cause = '+12065550100 '.repeat(2_000);
    await interrupt(setting, { status: 'ABORTED', error: 'E'.repeat(300), cause, input });
    const closed = await teardownOf(setting, voiceConnectorId);
    expect(closed?.error).toHaveLength(256);
    expect(closed?.cause).toHaveLength(4_000);
    expect(closed?.cause).not.toContain('1206');
  });

  it('may be told of twice: EventBridge delivers at least once', async () => {
    const { setting, voiceConnectorId } = await open();
    const event = { status: 'ABORTED', input: JSON.stringify({ voiceConnectorId }) };
    const first = await interrupt(setting, event);
    const items = await setting.ledger.items();
    await setting.clock.sleep(60_000);
    expect(await interrupt(setting, event)).toEqual(first);
    expect(await setting.ledger.items()).toEqual(items);
  });
});

describe('Nothing is changed', () => {
  it.each<[string, Pick<Interruption, 'input'>]>([
    ['the event has no input: it was too large', {}],
    ['the input is null', { input: null }],
    ['the input is empty', { input: '' }],
    ['the input is no JSON', { input: '{"voiceConnectorId":' }],
    ['the input is JSON null', { input: 'null' }],
    ['the input is a text', { input: '"abc"' }],
    ['the input has no id', { input: '{}' }],
    ['the id is no id', { input: '{"voiceConnectorId":"a b"}' }],
    ['the connector was never torn down', { input: '{"voiceConnectorId":"neveropened"}' }],
  ])('where %s', async (_what, input) => {
    const { setting } = await open();
    const items = await setting.ledger.items();
    expect(await interrupt(setting, { status: 'ABORTED', ...input })).toMatchObject({
      outcome: 'interrupted',
    });
    expect(await setting.ledger.items()).toEqual(items);
  });

  it.each(['failed', 'deleted'] as const)(
    'where the execution has closed its teardown itself, as %s',
    async (phase) => {
      const { setting, voiceConnectorId } = await open();
      await closeTeardown(connectLedger(setting.edge))(voiceConnectorId, execution.id, { phase });
      const items = await setting.ledger.items();
      await interrupt(setting, { status: 'FAILED', input: JSON.stringify({ voiceConnectorId }) });
      expect(await setting.ledger.items()).toEqual(items);
    },
  );

  it('where another execution holds the teardown: it was refused, or was taken over from', async () => {
    const { setting, voiceConnectorId } = await open(stranger);
    const items = await setting.ledger.items();
    await interrupt(setting, { status: 'ABORTED', input: JSON.stringify({ voiceConnectorId }) });
    expect(await setting.ledger.items()).toEqual(items);
  });
});

describe('An interruption that cannot be recorded', () => {
  it('because the ledger does not answer is an error: the event comes again', async () => {
    const { setting, voiceConnectorId } = await open();
    setting.wire.refuse = () => true;
    const input = JSON.stringify({ voiceConnectorId });
    const error = await errorOf(interrupt(setting, { status: 'ABORTED', input }));
    expect(error.name).toBe('ServiceFailureException');
  });
});

async function open(holder: string = execution.id) {
  const setting = await openSetting();
  return { setting, ...(await begin(setting, { numbers: 3, state: 'queued', phase: 'window', holder })) };
}

async function interrupt(
  setting: Setting,
  how: Omit<Interruption, 'executionArn'>,
): Promise<Interrupted['answer']> {
  return (await told(setting, { executionArn: execution.id, ...how })).answer;
}

async function told(setting: Setting, interruption: Interruption): Promise<Interrupted> {
  return (await run(setting, connect, interruption)) as Interrupted;
}
