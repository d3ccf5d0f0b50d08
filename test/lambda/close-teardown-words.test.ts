import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/close-teardown.ts';
import type { Closed, Closing, Ending, Interruption } from '../../lambda/journey.ts';
import { errorOf, run } from './setting.ts';
import { begin, execution, openSetting, type Setting, teardownOf } from './teardown-setting.ts';

describe('An event about an execution that has ended', () => {
  it('is told as it is: the detail of the event alone', async () => {
    const { setting, voiceConnectorId } = await open();
    const input = JSON.stringify({ voiceConnectorId });
    const detail: Interruption = { executionArn: execution.id, status: 'ABORTED', input };
    expect(await run(setting, connect, detail)).toMatchObject({
      answer: { outcome: 'interrupted', error: 'ABORTED' },
    });
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({ phase: 'interrupted' });
  });

  it.each([
    ['v1.2 of it failed.', 'The execution ended as FAILED: v1.2 of it failed. Numbers'],
    ['no stop', 'The execution ended as FAILED: no stop. Numbers'],
    ['', 'The execution ended as FAILED. Numbers'],
  ])('has one full stop after its cause: %j', async (cause, told) => {
    const { setting } = await open();
    const detail: Interruption = { executionArn: execution.id, status: 'FAILED', error: 'E', cause };
    expect((await run(setting, connect, detail)).answer).toMatchObject({
      cause: expect.stringContaining(told),
    });
  });
});

describe('A cause', () => {
  it.each([3_999, 4_000])('of %d characters is kept whole', async (length) => {
    expect(await causeAfter('x'.repeat(length))).toBe('x'.repeat(length));
  });

  it('of 4,001 characters is cut to 4,000', async () => {
    expect(await causeAfter('x'.repeat(4_001))).toBe(`${'x'.repeat(3_999)}…`);
  });
});

describe('A run that has come to its end', () => {
  it('cannot be closed where the ledger knows of no teardown', async () => {
    const setting = await openSetting();
    const error = await errorOf(run(setting, connect, deleted('neveropened')));
    expect(error.name).toBe('LockLost');
  });

  it('is closed once by each execution: a second one is told that it has lost it', async () => {
    const { setting, voiceConnectorId } = await open();
    await run(setting, connect, deleted(voiceConnectorId));
    expect(await run(setting, connect, deleted(voiceConnectorId))).toMatchObject({
      answer: { outcome: 'deleted' },
    });
    const other = { ...deleted(voiceConnectorId), execution: { ...execution, id: 'another' } };
    expect((await errorOf(run(setting, connect, other))).name).toBe('LockLost');
  });
});

async function open() {
  const setting = await openSetting();
  return { setting, ...(await begin(setting, { numbers: 1, state: 'queued' })) };
}

async function causeAfter(cause: string): Promise<string> {
  const { setting, voiceConnectorId } = await open();
  const request = { voiceConnectorId };
  const state = { request, execution, failure: { Error: 'E', Cause: cause } };
  await close(setting, { outcome: 'failed', execution, state } as Ending);
  return (await teardownOf(setting, voiceConnectorId))?.cause ?? '';
}

async function close(setting: Setting, ending: Ending): Promise<Closing> {
  return ((await run(setting, connect, ending)) as Closed).answer;
}

function deleted(voiceConnectorId: string): Extract<Ending, { outcome: 'deleted' }> {
  const plan = { fingerprint: 'sha256:0', blockers: [], warnings: [] };
  const state = { voiceConnectorId, name: 'Trunk', phoneNumbers: 1, plan };
  return { outcome: 'deleted', execution, state } as unknown as Extract<Ending, { outcome: 'deleted' }>;
}
