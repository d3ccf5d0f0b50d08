import { describe, expect, it } from '@jest/globals';
import { changingCalls, ledgerCounts, statesOf, tearDown, teardownOf, worldWith } from './setting.ts';

const release = 'DisassociatePhoneNumbersFromVoiceConnector';

describe('A teardown', () => {
  it.each([
    { numbers: 1, calls: 1 },
    { numbers: 50, calls: 1 },
    { numbers: 51, calls: 2 },
    { numbers: 120, calls: 3 },
    { numbers: 500, calls: 10 },
    { numbers: 501, calls: 11 },
  ])(
    'of $numbers numbers releases them in $calls calls of each kind and deletes the connector',
    async ({ numbers, calls }) => {
      const world = await worldWith(numbers);

      const { status, output } = await tearDown(world, { expectedPhoneNumbers: numbers });

      expect(status).toBe('SUCCEEDED');
      expect(output).toEqual({
        outcome: 'deleted',
        voiceConnectorId: world.voiceConnectorId,
        name: 'Trunk',
        phoneNumbers: numbers,
        plan: {
          fingerprint: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
          blockers: [],
          warnings: [
            expect.objectContaining({ code: 'CallsStop' }),
            expect.objectContaining({ code: 'PortOutUnseen' }),
          ],
        },
      });
      expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 0, queued: 0 });
      expect(world.chime.calls()).toMatchObject({
        [release]: calls,
        BatchDeletePhoneNumber: calls,
        DeleteVoiceConnector: 1,
      });
    },
  );

  it('keeps the connector for seven days after the last number was queued', async () => {
    const world = await worldWith(120);

    await tearDown(world);

    const [lastQueued] = world.chime.requests
      .filter(({ operation }) => operation === 'BatchDeletePhoneNumber')
      .slice(-1);
    const [deleted] = world.chime.requests.filter(({ operation }) => operation === 'DeleteVoiceConnector');
    expect((deleted?.at ?? 0) - (lastQueued?.at ?? 0)).toBe(7 * 24 * 3_600_000);
  });

  it('says in the ledger what has become of it', async () => {
    const world = await worldWith(3);

    await tearDown(world, { requestedBy: 'Ada', reason: 'The trunk has moved' });

    expect(await teardownOf(world)).toMatchObject({
      phase: 'deleted',
      name: 'Trunk',
      phoneNumbers: 3,
      requestedBy: 'Ada',
      reason: 'The trunk has moved',
      startedAt: '2026-01-05T09:00:00.000Z',
      windowEndsAt: '2026-01-12T09:00:00.000Z',
      endedAt: '2026-01-12T09:00:00.000Z',
    });
  });

  it('has every number in the ledger before the first one is disassociated', async () => {
    const world = await worldWith(501);
    const known: Promise<Record<string, number>>[] = [];
    world.chime.hooks.beforeEffect = ({ operation }) => {
      if (operation === release && known.length === 0) known.push(ledgerCounts(world));
    };

    await tearDown(world, { expectedPhoneNumbers: 501 });

    expect(await known[0]).toEqual({ attached: 501 });
  });

  it('touches no number of another connector', async () => {
    const world = await worldWith(60);
    const other = world.chime.seedConnector({ numbers: 60, name: 'Other trunk' });

    await tearDown(world);

    expect(world.chime.remaining()).toEqual({ connectors: 1, numbers: 60, queued: 0 });
    const touched = changingCalls(world).flatMap(({ target }) => target);
    expect(
      touched.filter((target) => other.e164s.includes(target) || target === other.voiceConnectorId),
    ).toEqual([]);
  });

  it('of no numbers, stated so, deletes the connector at once', async () => {
    const world = await worldWith(0);

    const result = await tearDown(world, { expectedPhoneNumbers: 0 });

    expect(result.output).toMatchObject({ outcome: 'deleted', phoneNumbers: 0 });
    expect(world.clock.elapsedSeconds).toBe(0);
    expect(statesOf(result)).not.toContain('Wait until the last day');
  });

  it('makes calls by the batch, and keeps every state below 32 KiB, at 10,000 numbers', async () => {
    const world = await worldWith(10_000);

    const { status, history, transitions } = await tearDown(world, { expectedPhoneNumbers: 10_000 });

    expect(status).toBe('SUCCEEDED');
    const calls = Object.values(world.chime.calls()).reduce((sum, each) => sum + each, 0);
    // 100 pages, 200 + 200 calls of 50, the delete: as few as can be. Beyond that, whatever the size: 12 reads of what surrounds
    // the numbers, a look at the queue as the window opens, 5 lists and 3 reads before "gone", and 4 around the delete.
    expect(calls).toBe(100 + 400 + 1 + 12 + 1 + 5 + 3 + 4);
    const largest = Math.max(
      ...history.map(({ state }) => JSON.stringify([state?.input, state?.output]).length),
    );
    expect(largest).toBeLessThan(32 * 1_024);
    expect(transitions).toBeLessThan(60);
  });
});

describe('A dry run', () => {
  it('answers the plan and changes nothing, neither in the service nor in the ledger', async () => {
    const world = await worldWith(120);

    const { status, output } = await tearDown(world, { dryRun: true });

    expect(status).toBe('SUCCEEDED');
    expect(output).toMatchObject({ outcome: 'planned', phoneNumbers: 120, plan: { blockers: [] } });
    expect(changingCalls(world)).toEqual([]);
    expect(await world.ledger.items()).toEqual([]);
  });

  it('names what would refuse the run', async () => {
    const world = await worldWith(120);

    const { output } = await tearDown(world, { dryRun: true, expectedPhoneNumbers: 119 });

    expect(output).toMatchObject({ outcome: 'planned', plan: { blockers: [{ code: 'CountMismatch' }] } });
  });

  it('has the fingerprint of the run that follows', async () => {
    const world = await worldWith(120);

    const planned = await tearDown(world, { dryRun: true });
    const deleted = await tearDown(world);

    const fingerprint = expect.stringMatching(/^sha256:/);
    expect(planned.output).toMatchObject({ plan: { fingerprint } });
    expect((planned.output as { plan: unknown }).plan).toEqual((deleted.output as { plan: unknown }).plan);
  });
});
