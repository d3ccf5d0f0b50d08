import { describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '../../local/engine.ts';
import {
  type Played,
  restore,
  restoreInWindow,
  serviceState,
  startAnd,
  stopIn,
  worldWith,
} from './setting.ts';

describe('A restore in the window', () => {
  it('takes no number away from another connector', async () => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;
    const other = world.chime.seedConnector({ numbers: 0, name: 'Other' });

    const { restored } = await restoreInWindow(world, () => {
      world.chime.state.restore(first);
      world.chime.state.associate(first, other.voiceConnectorId);
    });

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 2, elsewhere: 1 });
    expect(world.chime.state.number(first)?.holder?.value).toBe(other.voiceConnectorId);
    expect(world.chime.state.numbersOn(world.voiceConnectorId)).toBe(2);
  });

  it('takes what somebody has restored by hand back onto the connector', async () => {
    const world = await worldWith(3);
    const [first = '', second = ''] = world.e164s;
    const before = serviceState(world);

    const { restored } = await restoreInWindow(world, () => {
      world.chime.state.restore(first);
      world.chime.state.restore(second);
      world.chime.state.associate(second, world.voiceConnectorId);
    });

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 3 });
    expect(serviceState(world)).toEqual(before);
  });
});

describe('A number that a resumed run has left out of its plan, as somebody had taken it back', () => {
  it.each([
    ['parked it', () => undefined],
    [
      'gave it to another connector, and has freed it since',
      (world: Played, e164: string) => {
        world.chime.state.associate(e164, world.chime.state.addConnector().voiceConnectorId);
        world.chime.state.disassociate(e164);
      },
    ],
    ['queued it again', (world: Played, e164: string) => world.chime.state.queue(e164)],
  ])('and %s, is brought back like the others', async (_what, meanwhile) => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;
    const { numbers } = serviceState(world);
    await stopIn(world, 'Wait until the last day');
    world.chime.state.restore(first);

    const restored = await resumeAndRestore(world, { expectedPhoneNumbers: 2 }, () =>
      meanwhile(world, first),
    );

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 3, elsewhere: 0, parked: 0 });
    expect(serviceState(world).numbers).toEqual(numbers);
  });

  it('and has given it to another connector, stays there', async () => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;
    const other = world.chime.seedConnector({ numbers: 0, name: 'Other' });
    await stopIn(world, 'Wait until the last day');
    world.chime.state.restore(first);
    world.chime.state.associate(first, other.voiceConnectorId);

    const restored = await resumeAndRestore(world, { expectedPhoneNumbers: 2 });

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 2, elsewhere: 1, parked: 0 });
    expect(world.chime.state.number(first)?.holder?.value).toBe(other.voiceConnectorId);
  });
});

describe('A number that somebody took off the connector before the teardown came to it', () => {
  it('stays where it is, also where a resumed run has gone on without it', async () => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;
    await stopIn(world, 'Release phone numbers');
    world.chime.state.disassociate(first);

    const restored = await resumeAndRestore(world, { expectedPhoneNumbers: 2 });

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 2, elsewhere: 0, parked: 1 });
    expect(world.chime.state.number(first)).toMatchObject({ status: 'Unassigned', holder: undefined });
  });
});

describe('A number that somebody takes off the connector just before the restore looks', () => {
  it.each([0, 20, 90])(
    'is put back, though the service shows it there for %p s more',
    async (convergenceSeconds) => {
      const world = await worldWith(3, { switches: { convergenceSeconds } });
      const [first = ''] = world.e164s;
      const before = serviceState(world);
      await stopIn(world, 'Wait until the last day');
      let acted = false;

      const { output } = await world.restore(
        { voiceConnectorId: world.voiceConnectorId },
        {
          onEvent: ({ type, state }) => {
            if (acted || type !== 'StateEntered' || state?.name !== 'Wait before next look') return;
            acted = true;
            queueMicrotask(() => world.chime.state.disassociate(first));
          },
        },
      ).result;

      expect(acted).toBe(true);
      expect(output).toMatchObject({ outcome: 'restored', restored: 3 });
      expect(serviceState(world)).toEqual(before);
    },
  );
});

/** Resumes the teardown; in its window somebody does `act`, and it is restored. */
async function resumeAndRestore(
  world: Played,
  request: Record<string, unknown>,
  act: () => void = () => undefined,
): Promise<ExecutionResult> {
  let restoring: Promise<ExecutionResult> | undefined;
  const run = startAnd(world, 'Wait until the last day', { resume: true, ...request }, () => {
    act();
    restoring = restore(world);
  });
  const { error, cause } = await run.result;
  if (restoring === undefined) throw new Error(`The window was never opened: ${error}, ${cause}`);
  return restoring;
}
