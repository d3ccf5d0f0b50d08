import { describe, expect, it } from '@jest/globals';
import { restore, restoreInWindow, serviceState, startAnd, stopIn, tearDown, worldWith } from './setting.ts';

describe('Resuming the teardown', () => {
  it('once it was restored is refused: the command may still be at hand', async () => {
    const world = await worldWith(3);
    const before = serviceState(world);
    await restoreInWindow(world);
    await world.clock.sleep(1_000);

    const { error, cause } = await tearDown(world, { resume: true, expectedPhoneNumbers: 3 });

    expect(error).toBe('RestoreRequested');
    expect(cause).toContain('there is nothing to resume');
    expect(serviceState(world)).toEqual(before);
  });

  it('after a restore that did not come to its end needs a plan that is approved anew', async () => {
    const world = await worldWith(60);
    await stopIn(world, 'Wait until the last day');
    world.chime.faults.set({ serviceFailure: 1, only: ['AssociatePhoneNumbersWithVoiceConnector'] });
    expect((await restore(world)).status).toBe('FAILED');
    world.chime.faults.set({});
    await world.clock.sleep(1_000);

    const refused = await tearDown(world, { resume: true, expectedPhoneNumbers: 60 });
    const planned = await tearDown(world, { resume: true, dryRun: true });
    const { fingerprint: approvedPlan } = (planned.output as { plan: { fingerprint: string } }).plan;
    const agreed = await tearDown(world, { resume: true, approvedPlan });

    expect(refused.error).toBe('RestoreRequested');
    expect(refused.cause).toContain(`"approvedPlan": "${approvedPlan}"`);
    expect(agreed.output).toMatchObject({ outcome: 'deleted', phoneNumbers: 60 });
  });
});

describe('A restore that dies before it can note what it took out of the queue', () => {
  it('leaves it to a resumed run that is agreed to, which takes it on and warns of it', async () => {
    const world = await died();

    const { output } = await tearDown(world, { resume: true, dryRun: true });
    const { plan } = output as { plan: { fingerprint: string } };
    const run = await tearDown(world, { resume: true, approvedPlan: plan.fingerprint });

    expect(output).toMatchObject({
      phoneNumbers: 3,
      plan: { warnings: expect.arrayContaining([expect.objectContaining({ code: 'OffConnector' })]) },
    });
    expect(run.output).toMatchObject({ outcome: 'deleted', phoneNumbers: 3 });
    expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 0, queued: 0 });
  });

  it('leaves nothing behind where that run is called back too', async () => {
    const world = await died();
    const { output } = await tearDown(world, { resume: true, dryRun: true });
    const { fingerprint: approvedPlan } = (output as { plan: { fingerprint: string } }).plan;
    let restoring: ReturnType<typeof restore> | undefined;
    const run = startAnd(world, 'Wait until the last day', { resume: true, approvedPlan }, () => {
      restoring = restore(world);
    });
    await run.result;

    expect((await restoring)?.output).toMatchObject({ outcome: 'restored', restored: 3 });
    expect(serviceState(world)).toEqual(world.before);
  });
});

/** A teardown whose restore died, with its execution, after it took the first number out of the queue. */
async function died() {
  const world = await worldWith(3);
  const before = serviceState(world);
  await stopIn(world, 'Wait until the last day');
  world.chime.hooks.afterEffect = ({ operation }) => {
    if (operation !== 'RestorePhoneNumber') return undefined;
    world.killFunctions();
    first.abort();
    return new Promise<never>(() => undefined);
  };
  const first = world.restore({ voiceConnectorId: world.voiceConnectorId });
  expect((await first.result).status).toBe('ABORTED');
  world.chime.hooks.afterEffect = undefined;
  await world.clock.sleep(1_000);
  return { ...world, before };
}
