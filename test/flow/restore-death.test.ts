import { describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '../../local/engine.ts';
import { effectsOf, killAt, type Point, pointsOf } from './effects.ts';
import { type Played, restore, serviceState, startAnd, stopIn, tearDown, worldWith } from './setting.ts';

const numbers = 3;

/**
 * The restore of a teardown of three numbers, which the queue has cost their names; the first test fails when an effect is
 * missing here or is new, so that none goes untried.
 */
const effects = [
  'InspectTeardown: UpdateItem',
  'InspectTeardown: UpdateItem',
  'InspectTeardown: UpdateItem',
  'RestorePhoneNumbers: UpdateItem',
  'RestorePhoneNumbers: PutItem',
  'RestorePhoneNumbers: RestorePhoneNumber',
  'RestorePhoneNumbers: RestorePhoneNumber',
  'RestorePhoneNumbers: RestorePhoneNumber',
  'RestorePhoneNumbers: PutItem',
  'AssociatePhoneNumbers: UpdateItem, not met',
  'AssociatePhoneNumbers: AssociatePhoneNumbersWithVoiceConnector',
  'AssociatePhoneNumbers: PutItem',
  'AssociatePhoneNumbers: PutItem',
  'RequestNames: UpdateItem, not met',
  'RequestNames: BatchUpdatePhoneNumber',
  'RequestNames: PutItem',
  'VerifyRestore: UpdateItem',
  'VerifyRestore: PutItem',
  'RejoinGroups: UpdateItem, not met',
  'CloseTeardown: UpdateItem',
  // When the ledger may forget the batch.
  'CloseTeardown: UpdateItem',
];
const points = pointsOf(effects);

describe('A restore', () => {
  it('has exactly the effects that are tried below', async () => {
    const { world } = await stopped();
    expect(await effectsOf(world, () => restore(world))).toEqual(effects);
  });
});

describe('A function of a restore that dies', () => {
  it.each(points)(
    '$side effect $number ($effect) is run again by the flow, to the same end',
    async (point) => {
      const { world, before } = await stopped();
      const killed = killAt(world, point, () => undefined);

      expectRestored(await restore(world));

      expect(killed()).toBe(true);
      expect(serviceState(world)).toEqual(before);
    },
  );

  it.each(points)(
    '$side effect $number ($effect) and its execution with it, leaves nothing behind when it is repeated',
    async (point) => {
      const { world, before } = await stopped();
      await dieIn(world, point);

      const again = await restore(world);

      if (isClosed(point)) expect(again.output).toMatchObject({ outcome: 'alreadyRestored' });
      else expectRestored(again);
      expect(serviceState(world)).toEqual(before);
    },
  );

  it.each(points.filter((point) => !isClosed(point)))(
    '$side effect $number ($effect) and its execution with it, leaves nothing behind when the teardown goes on and is called back again',
    async (point) => {
      const { world, before } = await stopped();
      await dieIn(world, point);
      await world.clock.sleep(1_000);
      const { output } = await tearDown(world, { resume: true, dryRun: true });
      const { phoneNumbers, plan } = output as { phoneNumbers: number; plan: { fingerprint: string } };

      let restoring: Promise<ExecutionResult> | undefined;
      const request = { resume: true, approvedPlan: plan.fingerprint };
      const run = startAnd(world, 'Wait until the last day', request, () => {
        restoring = restore(world);
      });
      await run.result;

      expect(phoneNumbers).toBe(numbers);
      expectRestored(await restoring);
      expect(serviceState(world)).toEqual(before);
    },
  );
});

/** A teardown that was stopped in its window. */
async function stopped() {
  const world = await worldWith(numbers, { switches: { restoredNames: 'dropped' } });
  for (const e164 of world.e164s) world.chime.state.rename(e164, { name: 'Desk' });
  const before = serviceState(world);
  await stopIn(world, 'Wait until the last day');
  return { world, before };
}

async function dieIn(world: Played, point: Point): Promise<void> {
  const killed = killAt(world, point, () => execution.abort());
  const execution = world.restore({ voiceConnectorId: world.voiceConnectorId });
  expect((await execution.result).status).toBe('ABORTED');
  expect(killed()).toBe(true);
}

function isClosed({ index, side }: Point): boolean {
  const closing = effects.indexOf('CloseTeardown: UpdateItem');
  return index > closing || (index === closing && side === 'after');
}

function expectRestored(result: ExecutionResult | undefined): void {
  expect(result).toMatchObject({
    status: 'SUCCEEDED',
    output: { outcome: 'restored', restored: numbers, namesRequested: 0, namesRefused: 0 },
  });
}
