import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/close-teardown.ts';
import type { Closed, RestoreCheck, Verified } from '../../lambda/journey.ts';
import { closeTeardown, connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import { withoutIds } from './refusals.ts';
import { bringBack, inspectTeardown, nothing, restore } from './restore-setting.ts';
import { digitsOfANumber, errorOf, run } from './setting.ts';
import {
  batchesOf,
  executionNamed,
  openSetting,
  restoreNamed,
  type Setting,
  teardownOf,
  writes,
} from './teardown-setting.ts';

const counts = { ...nothing, restored: 2, elsewhere: 1 };
const incomplete: RestoreCheck = {
  ...{ verdict: 'incomplete', counts, looks: 1 },
  failure: {
    Error: 'NumbersNotRestored',
    Cause: '2 numbers on the connector, 1 still in the deletion queue.',
  },
  phase: 'failed',
};

describe('A restore that has brought everything back', () => {
  it('closes the teardown as restored, and answers how many numbers are where', async () => {
    const { setting, verified, voiceConnectorId } = await open();
    await setting.clock.sleep(3_600_000);
    expect(await close(setting, 'restored', verified)).toEqual({
      ...{ outcome: 'restored', voiceConnectorId, name: 'Trunk', phoneNumbers: 3 },
      ...counts,
    });
    const teardown = await teardownOf(setting, voiceConnectorId);
    expect(teardown).toMatchObject({
      phase: 'restored',
      endedAt: '2026-01-05T10:00:00.000Z',
      closedBy: restore.id,
    });
    for (const gone of ['holder', 'holderSince', 'clearAt']) expect(teardown).not.toHaveProperty(gone);
  });

  it('leaves nothing of what went wrong before', async () => {
    const { setting, verified, voiceConnectorId } = await open();
    const before = { error: 'NumbersNotReleased', cause: 'Could not release 1 phone number.' };
    await updateTeardown(connectLedger(setting.edge))(voiceConnectorId, restore.id, before);
    await close(setting, 'restored', verified);
    const teardown = await teardownOf(setting, voiceConnectorId);
    expect(teardown).not.toHaveProperty('error');
    expect(teardown).not.toHaveProperty('cause');
  });

  it('keeps the numbers and the plan on record', async () => {
    const { setting, verified, voiceConnectorId } = await open();
    const batches = await batchesOf(setting, { voiceConnectorId });
    const before = await teardownOf(setting, voiceConnectorId);
    await close(setting, 'restored', verified);
    expect(await batchesOf(setting, { voiceConnectorId })).toEqual(batches);
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({
      fingerprint: before?.fingerprint,
      generation: before?.generation,
      phoneNumbers: 3,
      execution: before?.execution,
    });
  });

  it('is known as restored to whoever asks again', async () => {
    const { setting, verified, voiceConnectorId } = await open();
    await close(setting, 'restored', verified);
    expect(await inspectTeardown(setting, { voiceConnectorId }, restoreNamed('again'))).toMatchObject({
      verdict: 'alreadyRestored',
    });
  });
});

describe('A restore that could not bring everything back', () => {
  it.each(['failed', 'restored', 'deleted'] as const)(
    'closes the teardown as %s, with the error and the sentence, which are its answer too',
    async (phase) => {
      const { setting, verified, voiceConnectorId } = await open({ ...incomplete, phase });
      const said = {
        error: 'NumbersNotRestored',
        cause: '2 numbers on the connector, 1 still in the deletion queue.',
      };
      expect(await close(setting, 'incomplete', verified)).toEqual({ outcome: 'incomplete', ...said });
      const teardown = await teardownOf(setting, voiceConnectorId);
      expect(teardown).toMatchObject({
        phase,
        closedBy: restore.id,
        endedAt: '2026-01-05T09:00:00.000Z',
        ...said,
      });
      expect(teardown).not.toHaveProperty('holder');
    },
  );

  it('is never told as one that has, for want of a reason', async () => {
    const { setting, verified, voiceConnectorId } = await open({ verdict: 'incomplete', counts, looks: 15 });
    expect(await close(setting, 'incomplete', verified)).toEqual({
      outcome: 'incomplete',
      error: 'NumbersNotRestored',
      cause: 'The step ended with NumbersNotRestored and no further explanation.',
    });
    expect((await teardownOf(setting, voiceConnectorId))?.phase).toBe('failed');
  });

  it.each([
    ['failed', 'restore'],
    ['restored', 'restore'],
    ['deleted', 'refused'],
  ] as const)('and was closed as %s is for the next one: %s', async (phase, verdict) => {
    const { setting, verified, voiceConnectorId } = await open({ ...incomplete, phase });
    await close(setting, 'incomplete', verified);
    expect(await inspectTeardown(setting, { voiceConnectorId }, restoreNamed('again'))).toMatchObject({
      verdict,
    });
  });

  it('has its sentence kept short, and free of numbers', async () => {
    const Cause = `Number +12065550100 is refused. ${'x'.repeat(5_000)}`;
    const check = { ...incomplete, failure: { Error: 'NumbersNotRestored', Cause } } as const;
    const { setting, verified, voiceConnectorId } = await open(check);
    const answer = await close(setting, 'incomplete', verified);
    if (answer.outcome !== 'incomplete') throw new Error('It is incomplete.');
    expect(answer.cause).toMatch(/^Number …0100 is refused\. x+…$/);
    expect(answer.cause).toHaveLength(4_000);
    const teardown = await teardownOf(setting, voiceConnectorId);
    expect(withoutIds(JSON.stringify(teardown))).not.toMatch(digitsOfANumber);
  });
});

describe('Closing', () => {
  const endings = [
    ['restored', { verdict: 'restored', counts, looks: 1 }],
    ['incomplete', incomplete],
  ] as const;

  it.each(endings)(
    'twice is success (%s): the step may have died after the first time',
    async (outcome, check) => {
      const { setting, verified, voiceConnectorId } = await open(check);
      const first = await close(setting, outcome, verified);
      const teardown = await teardownOf(setting, voiceConnectorId);
      await setting.clock.sleep(60_000);
      expect(await close(setting, outcome, verified)).toEqual(first);
      expect(await teardownOf(setting, voiceConnectorId)).toEqual(teardown);
    },
  );

  it.each(endings)(
    'is an error where another execution has taken the teardown over (%s)',
    async (outcome, check) => {
      const { setting, verified, voiceConnectorId } = await open(check, restoreNamed('another').id);
      const before = setting.wire.calls.length;
      const items = await setting.ledger.items();
      expect((await errorOf(close(setting, outcome, verified))).name).toBe('LockLost');
      expect(await setting.ledger.items()).toEqual(items);
      expect((await teardownOf(setting, voiceConnectorId))?.holder).toBe(restoreNamed('another').id);
      expect(writes(setting, before)).toEqual(['teardown']);
    },
  );

  it.each(endings)(
    'is an error where another one has closed it (%s), also in the same way',
    async (outcome, check) => {
      const { setting, verified, voiceConnectorId } = await open(check, restoreNamed('another').id);
      const phase = outcome === 'restored' ? 'restored' : 'failed';
      const another = restoreNamed('another').id;
      await closeTeardown(connectLedger(setting.edge))(voiceConnectorId, another, {
        phase,
        closedBy: another,
      });
      expect((await errorOf(close(setting, outcome, verified))).name).toBe('LockLost');
    },
  );

  it('as restored is not done by what has closed it as something else', async () => {
    const { setting, verified } = await open(incomplete);
    await close(setting, 'incomplete', verified);
    expect((await errorOf(close(setting, 'restored', verified))).name).toBe('LockLost');
  });

  it('keeps the teardown open where the ledger does not answer', async () => {
    const { setting, verified, voiceConnectorId } = await open();
    setting.wire.refuse = ({ operation }) => operation === 'UpdateItem';
    expect((await errorOf(close(setting, 'restored', verified))).name).toBe('ServiceFailureException');
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({
      phase: 'restoring',
      holder: restore.id,
    });
    setting.wire.refuse = () => false;
    expect(await close(setting, 'restored', verified)).toMatchObject({ outcome: 'restored' });
  });
});

describe('A restore that failed', () => {
  it('leaves the teardown as failed, with its error, to be restored again or resumed', async () => {
    const { setting, voiceConnectorId } = await open();
    const failure = { Error: 'AccessDeniedException', Cause: '{"errorMessage":"No right to +12065550100."}' };
    const ending = { outcome: 'failed', execution: restore, state: { voiceConnectorId, failure } } as const;
    const { answer } = await run(setting, connect, ending);
    expect(answer).toEqual({
      outcome: 'failed',
      error: 'AccessDeniedException',
      cause: 'No right to …0100.',
    });
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({
      phase: 'failed',
      error: 'AccessDeniedException',
    });
  });

  it('records nothing where it never held the teardown', async () => {
    const { setting, voiceConnectorId } = await open();
    const items = await setting.ledger.items();
    const failure = { Error: 'Overtaken', Cause: 'Looking again.' };
    const theirs = executionNamed('another');
    const ending = { outcome: 'failed', execution: theirs, state: { voiceConnectorId, failure } } as const;
    expect(await run(setting, connect, ending)).toMatchObject({ answer: { error: 'Overtaken' } });
    expect(await setting.ledger.items()).toEqual(items);
  });
});

async function open(
  check: RestoreCheck = { verdict: 'restored', counts, looks: 1 },
  holder?: string,
): Promise<{ setting: Setting; verified: Verified; voiceConnectorId: string }> {
  const setting = await openSetting();
  const { restorable, voiceConnectorId } = await bringBack(
    setting,
    { numbers: 3, state: 'attached' },
    holder,
  );
  return { setting, verified: { ...restorable, check }, voiceConnectorId };
}

async function close(setting: Setting, outcome: 'restored' | 'incomplete', state: Verified) {
  const ending = { outcome, workflow: 'restore', execution: restore, state } as const;
  return ((await run(setting, connect, ending)) as Closed).answer;
}
