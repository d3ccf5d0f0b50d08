import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/close-teardown.ts';
import type { Closed, Closing, Ending, Failure } from '../../lambda/journey.ts';
import type { Blocker } from '../../lambda/plan.ts';
import { errorOf, run } from './setting.ts';
import {
  begin,
  execution,
  executionNamed,
  openSetting,
  type Setting,
  stranger,
  teardownOf,
  writes,
} from './teardown-setting.ts';

const invalid: Blocker = {
  code: 'InvalidInput',
  message: 'dryRun must be true or false.',
  wayOut: 'Say so.',
};
const mismatch: Blocker = { code: 'CountMismatch', message: 'There are 3.', wayOut: 'Plan again.' };

describe('A teardown that came to its end', () => {
  it('is recorded as deleted, and the answer is small', async () => {
    const { setting, begun } = await open();
    await setting.clock.sleep(3_600_000);
    const answer = await close(setting, { outcome: 'deleted', execution, state: begun.inspected });
    const { voiceConnectorId, name, phoneNumbers, plan } = begun.inspected;
    expect(answer).toEqual({ outcome: 'deleted', voiceConnectorId, name, phoneNumbers, plan });
    const closed = await teardownOf(setting, voiceConnectorId);
    expect(closed).toMatchObject({
      phase: 'deleted',
      endedAt: '2026-01-05T10:00:00.000Z',
      closedBy: execution.id,
    });
    expect(closed).not.toHaveProperty('holder');
  });

  it('may be recorded twice', async () => {
    const { setting, begun } = await open();
    const ending = { outcome: 'deleted', execution, state: begun.inspected } as const;
    expect(await close(setting, ending)).toEqual(await close(setting, ending));
  });

  it('is not recorded by an execution that has lost it to another', async () => {
    const { setting, begun } = await open(stranger);
    const closing = close(setting, { outcome: 'deleted', execution, state: begun.inspected });
    expect((await errorOf(closing)).name).toBe('LockLost');
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('releasing');
  });

  it('is not recorded by an execution that another one has recorded it before', async () => {
    const { setting, begun } = await open(stranger);
    const theirs = {
      outcome: 'deleted',
      execution: executionNamed('another'),
      state: begun.inspected,
    } as const;
    await close(setting, theirs);
    expect((await errorOf(close(setting, { ...theirs, execution }))).name).toBe('LockLost');
    expect(await close(setting, theirs)).toMatchObject({ outcome: 'deleted' });
  });
});

describe('A refusal', () => {
  it('is one error and one text with every blocker and its way out, and writes nothing', async () => {
    const { setting } = await open();
    const before = setting.wire.calls.length;
    const blockers = [invalid, mismatch];
    expect(await close(setting, refusal(blockers))).toEqual({
      outcome: 'refused',
      error: 'InvalidInput,CountMismatch',
      cause: 'InvalidInput: dryRun must be true or false. Say so. CountMismatch: There are 3. Plan again.',
    });
    expect(writes(setting, before)).toEqual([]);
  });

  it('names each code once, and each of its messages', async () => {
    const { setting } = await open();
    const other = { ...invalid, message: 'reason must be a string.' };
    const answer = failureIn(await close(setting, refusal([invalid, other])));
    expect(answer.error).toBe('InvalidInput');
    expect(answer.cause).toContain('dryRun must be true or false.');
    expect(answer.cause).toContain('reason must be a string.');
  });

  it('fits into what Step Functions takes, however many blockers there are', async () => {
    const { setting } = await open();
    const answer = failureIn(await close(setting, refusal(Array.from({ length: 5_000 }, () => invalid))));
    expect(answer.error).toBe('InvalidInput');
    expect(answer.cause).toHaveLength(4_000);
    expect(answer.cause.endsWith('…')).toBe(true);
  });
});

describe('A failure', () => {
  it('of a function is told by its message, not by the JSON around it', async () => {
    const cause = { errorType: 'StillAttached', errorMessage: '2 numbers are attached.', trace: ['at x'] };
    expect(await closeFailed({ Error: 'StillAttached', Cause: JSON.stringify(cause) })).toEqual({
      outcome: 'failed',
      error: 'StillAttached',
      cause: '2 numbers are attached.',
    });
  });

  it.each([
    ['plain text', 'NumbersReclaimed', 'Somebody took them back.', 'Somebody took them back.'],
    ['JSON that is no error', 'E', '{"a":1}', '{"a":1}'],
    ['a JSON text', 'E', '"text"', '"text"'],
    ['JSON null', 'E', 'null', 'null'],
    ['JSON with a message that is no text', 'E', '{"errorMessage":7}', '{"errorMessage":7}'],
    ['nothing', 'States.Timeout', '', 'The step ended with States.Timeout and no further explanation.'],
    [
      'JSON with an empty message',
      'Error',
      '{"errorMessage":""}',
      'The step ended with Error and no further explanation.',
    ],
  ])('whose cause is %s is told in one sentence', async (_what, error, Cause, cause) => {
    expect(await closeFailed({ Error: error, Cause })).toEqual({ outcome: 'failed', error, cause });
  });

  it('without a cause is told in one sentence', async () => {
    // A time-out of Step Functions may come without one, whatever the type says.
    const failure = JSON.parse('{"Error":"States.Timeout"}') as Failure;
    expect(failureIn(await closeFailed(failure)).cause).toBe(
      'The step ended with States.Timeout and no further explanation.',
    );
  });

  it('has its numbers masked, and fits into what Step Functions takes', async () => {
    const errorMessage = '+12065550100 '.repeat(3_000);
    const answer = failureIn(
      await closeFailed({ Error: 'E'.repeat(300), Cause: JSON.stringify({ errorMessage }) }),
    );
    expect(answer.error).toHaveLength(256);
    expect(answer.cause).toHaveLength(4_000);
    expect(answer.cause).toMatch(/^…0100 …0100 /);
    expect(answer.cause).not.toContain('1206');
  });

  it('is recorded with its reason and its moment', async () => {
    const { setting, begun } = await open();
    await close(setting, failed({ ...begun.inspected, failure: { Error: 'StillThere', Cause: 'It is.' } }));
    expect(await teardownOf(setting, begun.voiceConnectorId)).toMatchObject({
      phase: 'failed',
      error: 'StillThere',
      cause: 'It is.',
      endedAt: '2026-01-05T09:00:00.000Z',
    });
    expect(await teardownOf(setting, begun.voiceConnectorId)).not.toHaveProperty('holder');
  });

  it('before the inspection was over is recorded under the connector of the request', async () => {
    const { setting, begun } = await open();
    const request = { voiceConnectorId: begun.voiceConnectorId };
    await close(setting, failed({ request, failure: { Error: 'E', Cause: 'C' } }));
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('failed');
  });

  it("is not recorded in another execution's teardown, and is told all the same", async () => {
    const { setting, begun } = await open(stranger);
    const failure = { Error: 'LockLost', Cause: 'Another has it.' };
    expect(await close(setting, failed({ ...begun.inspected, failure }))).toEqual({
      outcome: 'failed',
      error: 'LockLost',
      cause: 'Another has it.',
    });
    expect(await teardownOf(setting, begun.voiceConnectorId)).toMatchObject({
      phase: 'releasing',
      holder: stranger,
    });
  });

  it.each([
    ['of no teardown', { voiceConnectorId: 'neveropened' }],
    ['without an id', { dryRun: true }],
    ['with an empty id', { voiceConnectorId: '' }],
    ['with an id that is no text', { voiceConnectorId: 7 }],
    ['with an id that no key takes', { voiceConnectorId: 'x'.repeat(3_000) }],
    ['that is null', null],
    ['that is a text', 'abc'],
  ])('of a request %s is told, and makes no record', async (_what, request) => {
    const setting = await openSetting();
    const failure = { Error: 'Lambda.ServiceException', Cause: 'Later.' };
    expect(await close(setting, failed({ request, failure }))).toEqual({
      outcome: 'failed',
      error: 'Lambda.ServiceException',
      cause: 'Later.',
    });
    expect(await setting.ledger.items()).toEqual([]);
  });
});

async function open(holder: string = execution.id) {
  const setting = await openSetting();
  return { setting, begun: await begin(setting, { numbers: 3, holder }) };
}

async function close(setting: Setting, ending: Ending): Promise<Closing> {
  return ((await run(setting, connect, ending)) as Closed).answer;
}

async function closeFailed(failure: Failure): Promise<Closing> {
  const { setting, begun } = await open();
  return close(setting, failed({ ...begun.inspected, failure }));
}

function failed(state: Extract<Ending, { outcome: 'failed' }>['state']): Ending {
  return { outcome: 'failed', execution, state };
}

function refusal(blockers: readonly Blocker[]): Ending {
  return { outcome: 'refused', execution, state: { verdict: 'refused', execution, blockers } };
}

function failureIn(closing: Closing): { error: string; cause: string } {
  if (!('error' in closing)) throw new Error('A failure was expected.');
  return closing;
}
