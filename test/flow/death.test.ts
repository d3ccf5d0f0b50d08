import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '../../local/engine.ts';
import { effectsOf, killAt, pointsOf } from './effects.ts';
import {
  expectAllGone,
  type Played,
  startAnd,
  statesOf,
  tearDown,
  teardownOf,
  worldWith,
} from './setting.ts';

const numbers = 120;
const request = { expectedPhoneNumbers: numbers };

/**
 * An effect is a changing call to Chime or a write to the ledger. A teardown of 120 numbers has these; the first test
 * fails when one is missing here or is new, so that none goes untried. A write whose condition is not met (the lock is
 * noted for longer already) can only be died before.
 */
const effects = [
  'InspectVoiceConnector: PutItem',
  'InspectVoiceConnector: PutItem',
  'DisassociatePhoneNumbers: UpdateItem',
  'DisassociatePhoneNumbers: PutItem',
  'DisassociatePhoneNumbers: DisassociatePhoneNumbersFromVoiceConnector',
  'DisassociatePhoneNumbers: DisassociatePhoneNumbersFromVoiceConnector',
  'DisassociatePhoneNumbers: DisassociatePhoneNumbersFromVoiceConnector',
  'DisassociatePhoneNumbers: PutItem',
  'QueuePhoneNumbers: UpdateItem',
  'QueuePhoneNumbers: BatchDeletePhoneNumber',
  'QueuePhoneNumbers: BatchDeletePhoneNumber',
  'QueuePhoneNumbers: BatchDeletePhoneNumber',
  'QueuePhoneNumbers: PutItem',
  'OpenDeletionWindow: UpdateItem, not met',
  'OpenDeletionWindow: UpdateItem',
  'CheckDeletionQueue: UpdateItem',
  'CheckDeletionQueue: UpdateItem',
  'DeleteVoiceConnector: UpdateItem, not met',
  'DeleteVoiceConnector: UpdateItem',
  'DeleteVoiceConnector: DeleteVoiceConnector',
  'CloseTeardown: UpdateItem',
  // When the ledger may forget the batch.
  'CloseTeardown: UpdateItem',
];
const points = pointsOf(effects);

describe('A teardown', () => {
  it('has exactly the effects that are tried below', async () => {
    const world = await worldWith(numbers);
    const result = Promise.withResolvers<ExecutionResult>();

    const seen = await effectsOf(world, async () => result.resolve(await tearDown(world, request)));

    expect(seen).toEqual(effects);
    const steps = statesOf(await result.promise).filter((name) =>
      /connector$|numbers$|window$|queue$|\(deleted\)/.test(name),
    );
    expect(new Set(seen.map((effect) => effect.split(':')[0])).size).toBe(
      steps.filter((name) => !/^(Wait|Release|Announce)/.test(name)).length,
    );
    expect(world.chime.requests.filter(({ changing }) => changing)).toHaveLength(7);
  });
});

describe('A function that dies', () => {
  let undisturbed: unknown;

  beforeAll(async () => {
    const world = await worldWith(numbers);
    await tearDown(world, request);
    undisturbed = await finalState(world);
    await world.close();
  });

  it.each(points)(
    '$side effect $number ($effect) is run again by the flow, to the same end',
    async (point) => {
      const world = await worldWith(numbers);
      const killed = killAt(world, point, () => undefined);

      const { output } = await tearDown(world, request);

      expect(killed()).toBe(true);
      expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: numbers });
      expect(await finalState(world)).toEqual(undisturbed);
      await expectAllGone(world);
    },
  );

  it.each(points)(
    '$side effect $number ($effect) and its execution with it, is resumed to the same end',
    async (point) => {
      const world = await worldWith(numbers);
      const killed = killAt(world, point, () => execution.abort());
      const execution = startAnd(world, '', request, () => undefined);
      expect((await execution.result).status).toBe('ABORTED');

      const { output } = await tearDown(world, { ...request, resume: true });

      expect(killed()).toBe(true);
      const closing = effects.indexOf('CloseTeardown: UpdateItem');
      const isClosed = point.index > closing || (point.index === closing && point.side === 'after');
      expect(output).toMatchObject({
        outcome: isClosed ? 'alreadyDeleted' : 'deleted',
        phoneNumbers: numbers,
      });
      expect(await finalState(world)).toEqual(undisturbed);
      await expectAllGone(world);
    },
  );
});

/** What is left in the service and in the ledger, without what differs from run to run: executions and times. */
async function finalState(world: Played) {
  const { name, phase, phoneNumbers, fingerprint } = (await teardownOf(world)) ?? {};
  const batches = (await world.ledger.items()).filter(({ item }) => item !== 'teardown');
  const known = batches
    .flatMap(({ numbers: each }) => (each as { e164: string }[]).map(({ e164 }) => e164))
    .sort();
  return { service: world.chime.remaining(), teardown: { name, phase, phoneNumbers, fingerprint }, known };
}
