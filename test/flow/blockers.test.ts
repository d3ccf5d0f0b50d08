import { describe, expect, it } from '@jest/globals';
import { type Blocker, type BlockerCode, blockerCodes } from '../../lambda/plan.ts';
import {
  changingCalls,
  type Played,
  serviceState,
  startAnd,
  tearDown,
  teardownOf,
  worldWith,
} from './setting.ts';
import { fingerprintOf, type Situation, situations } from './situations.ts';

/** Codes that have no situation here, and where theirs is. */
const elsewhere: Partial<Record<BlockerCode, string>> = {
  ManagedByConnect: 'below: its way out lies outside of Chime',
  NoTeardown: 'restore.test.ts',
  NothingToRestore: 'restore.test.ts',
};

describe('A teardown is refused, with nothing changed, and the way out works', () => {
  it.each(
    situations.map((each) => ({ ...each, title: `${each.code}${each.when ? ` (${each.when})` : ''}` })),
  )('as $title', async (situation) => {
    const world = await worldIn(situation);
    const before = serviceState(world);
    const changes = changingCalls(world).length;
    const ledger = await world.ledger.items();

    const refused = await tearDown(world, situation.request);

    expect(refused).toMatchObject({ status: 'FAILED', error: situation.code });
    expect(refused.cause).toMatch(new RegExp(`^${situation.code}: `));
    expect(changingCalls(world)).toHaveLength(changes);
    expect(serviceState(world)).toEqual(before);
    expect(await world.ledger.items()).toEqual(ledger);

    const { status, output } = await tearDown(world, await situation.leave(world));
    expect({ status, output }).toMatchObject({
      status: 'SUCCEEDED',
      output: { phoneNumbers: situation.numbers },
    });
  });

  it('as ManagedByConnect, whatever else is asked for', async () => {
    const world = await worldWith(0);
    const { voiceConnectorId } = world.chime.seedConnector({
      numbers: 3,
      integrationType: 'CONNECT_CALL_TRANSFER_CONNECTOR',
    });

    const { error, cause } = await tearDown(world, { voiceConnectorId, overrides: ['InUse'] });

    expect(error).toBe('ManagedByConnect');
    expect(cause).toContain('CONNECT_CALL_TRANSFER_CONNECTOR');
    expect(changingCalls(world)).toEqual([]);
  });

  it('for every reason that there is', () => {
    const codes = new Set([...situations.map(({ code }) => code), ...Object.keys(elsewhere)]);
    expect([...codes].sort()).toEqual([...blockerCodes].sort());
  });

  it('for two reasons at once: both are told, each with its way out, also by a dry run', async () => {
    const world = await worldWith(3);
    world.chime.state.tag(world.voiceConnectorId, { 'Teardown-Protection': '' });
    await build(world, 'InUse');
    await build(world, 'InGroup');

    const refused = await tearDown(world, { expectedPhoneNumbers: 4 });
    const planned = await tearDown(world, { expectedPhoneNumbers: 4, dryRun: true });

    const codes = ['Protected', 'InGroup', 'InUse', 'CountMismatch'];
    expect(refused.error).toBe(codes.join(','));
    for (const code of codes) expect(refused.cause).toContain(`${code}: `);
    const { blockers } = (planned.output as { plan: { blockers: Blocker[] } }).plan;
    expect(blockers.map(({ code }) => code)).toEqual(codes);
    expect(changingCalls(world)).toEqual([]);
  });
});

describe('An override', () => {
  it('is kept in the ledger, with who asked for it and why', async () => {
    const world = await worldWith(3);
    await build(world, 'InUse');

    await tearDown(world, { overrides: ['InUse'], requestedBy: 'Ada', reason: 'Test calls' });

    expect(await teardownOf(world)).toMatchObject({
      overrides: ['InUse'],
      requestedBy: 'Ada',
      reason: 'Test calls',
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'CallsOverridden' })]),
    });
  });

  it.each([['Protected'], ['Nonsense'], ['inuse']])('of %s is invalid input', async (code) => {
    const world = await worldWith(3);

    const { error, cause } = await tearDown(world, { overrides: [code] });

    expect(error).toBe('InvalidInput');
    expect(cause).toContain(`overrides.0 must be InUse: no other blocker can be overridden, not "${code}".`);
    expect(world.chime.requests).toEqual([]);
  });
});

describe('A plan that was approved', () => {
  it.each([
    [
      'added',
      (world: Played) =>
        world.chime.state.addNumber({ e164: '+13125550199', connectorId: world.voiceConnectorId }),
    ],
    ['removed', (world: Played) => world.chime.state.disassociate(String(world.e164s[0]))],
    [
      'swapped for another',
      (world: Played) => {
        world.chime.state.disassociate(String(world.e164s[0]));
        world.chime.state.addNumber({ e164: '+13125550199', connectorId: world.voiceConnectorId });
      },
    ],
    [
      'moved to another connector',
      (world: Played) =>
        world.chime.state.associate(
          String(world.e164s[0]),
          world.chime.seedConnector({ numbers: 0 }).voiceConnectorId,
        ),
    ],
  ])('refuses the run once a number was %s', async (_how, change) => {
    const world = await worldWith(3);
    const approvedPlan = await fingerprintOf(world);
    change(world);

    expect((await tearDown(world, { approvedPlan })).error).toBe('PlanChanged');
    expect(changingCalls(world)).toEqual([]);
  });

  it('holds whatever order the service lists the numbers in', async () => {
    const world = await worldWith(3);
    const approvedPlan = await fingerprintOf(world);
    // Taken off and put back, a number is listed in another place only if it is a new one to the service.
    const [first = ''] = world.e164s;
    world.chime.state.removeNumber(first);
    world.chime.state.addNumber({ e164: first, connectorId: world.voiceConnectorId });

    expect((await tearDown(world, { approvedPlan })).output).toMatchObject({ outcome: 'deleted' });
  });

  it('survives a failure and a resume', async () => {
    const world = await worldWith(60);
    const approvedPlan = await fingerprintOf(world);
    const permanent = world.e164s.slice(0, 3).map((e164) => ({
      ...{ operation: 'BatchDeletePhoneNumber' as const, e164, code: 'Forbidden' as const, message: 'Held' },
    }));
    world.chime.faults.set({ permanent });
    expect((await tearDown(world, { approvedPlan, expectedPhoneNumbers: 60 })).error).toBe(
      'NumbersNotReleased',
    );
    world.chime.faults.set({});

    const { output } = await tearDown(world, { approvedPlan, expectedPhoneNumbers: 60, resume: true });

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 60 });
  });

  it('is asked for where the deployment says so', async () => {
    const world = await worldWith(3, { settings: { requireApprovedPlan: true } });

    const refused = await tearDown(world);
    const agreed = await tearDown(world, { approvedPlan: await fingerprintOf(world) });

    expect(refused.error).toBe('InvalidInput');
    expect(refused.cause).toContain('approvedPlan is missing');
    expect(agreed.output).toMatchObject({ outcome: 'deleted' });
  });
});

describe('The second look, before the delete', () => {
  it.each([
    [
      'Protected',
      (world: Played) => world.chime.state.tag(world.voiceConnectorId, { 'teardown-protection': '' }),
      (world: Played) => {
        world.chime.state.untag(world.voiceConnectorId, 'teardown-protection');
        return {};
      },
    ],
    [
      'InUse',
      (world: Played) =>
        world.cloudwatch.put({
          name: 'OutboundCallAttempts',
          dimensions: { VoiceConnectorId: world.voiceConnectorId },
          at: world.clock.now().getTime(),
        }),
      () => ({ overrides: ['InUse'] }),
    ],
  ])(
    'ends the run as %s, where that has come in the window, and resuming deletes the connector',
    async (error, act, leave) => {
      const world = await worldWith(3);

      const run = startAnd(world, 'Wait until the last day', {}, () => act(world));
      const failed = await run.result;
      const { output } = await tearDown(world, { resume: true, ...leave(world) });

      expect(failed).toMatchObject({ status: 'FAILED', error });
      expect(failed.cause).toContain('Its numbers are gone; it stays.');
      expect(output).toMatchObject({ outcome: 'deleted' });
    },
  );

  it('ends the run before the connector leaves its groups: it stays in them', async () => {
    const world = await worldWith(3);
    berlin(world);
    const { groups } = serviceState(world);

    const run = startAnd(world, 'Wait until the last day', { detachFromGroups: true }, () =>
      world.chime.state.tag(world.voiceConnectorId, { 'teardown-protection': '' }),
    );

    expect((await run.result).error).toBe('Protected');
    expect(serviceState(world).groups).toEqual(groups);
  });

  it('is covered by the override that the run was started with', async () => {
    const world = await worldWith(3);

    const run = startAnd(world, 'Wait until the last day', { overrides: ['InUse'] }, () =>
      world.cloudwatch.put({
        name: 'OutboundCallAttempts',
        dimensions: { VoiceConnectorId: world.voiceConnectorId },
      }),
    );

    expect((await run.result).output).toMatchObject({ outcome: 'deleted' });
  });
});

describe('A connector that is taken out of its groups', () => {
  it('leaves the other members and their priorities as they were', async () => {
    const world = await worldWith(3);
    const other = berlin(world);
    const { groups } = serviceState(world);

    const { output } = await tearDown(world, { detachFromGroups: true });

    expect(output).toMatchObject({ outcome: 'deleted' });
    expect(serviceState(world).groups).toEqual([
      { ...groups[0], items: [{ voiceConnectorId: other, priority: 9 }] },
    ]);
  });
});

describe('A connector that becomes a member of a group in the window', () => {
  it('stays, with the way out, and resuming with "detachFromGroups" deletes it', async () => {
    const world = await worldWith(3);

    const run = startAnd(world, 'Wait until the last day', {}, () => berlin(world));
    const failed = await run.result;
    const { output } = await tearDown(world, { resume: true, detachFromGroups: true });

    expect(failed).toMatchObject({ status: 'FAILED', error: 'InGroup' });
    expect(failed.cause).toMatch(/ group Berlin \(.*resume with "detachFromGroups": true\./);
    expect(output).toMatchObject({ outcome: 'deleted' });
  });
});

/** Makes the connector a member of a group; answers the other member. */
function berlin({ chime, voiceConnectorId }: Played): string {
  const { voiceConnectorId: other } = chime.seedConnector({ numbers: 0 });
  const items = [
    { voiceConnectorId, priority: 5 },
    { voiceConnectorId: other, priority: 9 },
  ];
  chime.state.addGroup({ name: 'Berlin', items, callDistributionType: 'LoadBalancedDistribution' });
  return other;
}

async function worldIn({ numbers, options = {}, build }: Situation): Promise<Played> {
  const world = await worldWith(numbers, options);
  await build?.(world);
  return world;
}

async function build(world: Played, code: BlockerCode): Promise<void> {
  await situations.find((situation) => situation.code === code)?.build?.(world);
}
