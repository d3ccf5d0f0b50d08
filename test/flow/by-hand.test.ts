import { describe, expect, it } from '@jest/globals';
import {
  changingCalls,
  expectAllGone,
  type Played,
  startAnd,
  tearDown,
  teardownOf,
  worldWith,
} from './setting.ts';

describe('A connector deleted by hand', () => {
  it('in the window, does not keep the run from its end', async () => {
    const world = await worldWith(3);
    const run = startAnd(world, 'Wait until the last day', {}, () =>
      world.chime.state.deleteConnector(world.voiceConnectorId),
    );

    expect((await run.result).output).toMatchObject({ outcome: 'deleted', phoneNumbers: 3 });
    await expectAllGone(world);
  });

  it('between the inspection and the release: its numbers, unassigned by that, still go', async () => {
    const world = await worldWith(60);
    const run = startAnd(world, 'Release phone numbers', {}, () =>
      world.chime.state.deleteConnector(world.voiceConnectorId),
    );

    expect((await run.result).output).toMatchObject({ outcome: 'deleted', phoneNumbers: 60 });
    await expectAllGone(world);
  });

  it('after the run was stopped: resumed, the numbers are finished and the teardown is closed as deleted', async () => {
    const world = await worldWith(3);
    await stopInWindow(world);
    world.chime.state.deleteConnector(world.voiceConnectorId);

    const { output } = await tearDown(world, { resume: true });

    expect(output).toMatchObject({ outcome: 'deleted', name: 'Trunk', phoneNumbers: 3 });
    await expectAllGone(world);
  });

  it('after the run was stopped: without resume the run is refused, as there are numbers outstanding', async () => {
    const world = await worldWith(3);
    await stopInWindow(world);
    world.chime.state.deleteConnector(world.voiceConnectorId);

    expect((await tearDown(world)).error).toBe('Unfinished');
  });

  it('that no run ever knew is not found: a typo does not look like success', async () => {
    const world = await worldWith(3);
    world.chime.state.deleteConnector(world.voiceConnectorId);

    expect((await tearDown(world, { resume: true })).error).toBe('ConnectorNotFound');
  });
});

describe('A number that somebody took back while the run was stopped', () => {
  it.each([
    ['restored and parked', (world: Played, e164: string) => world.chime.state.restore(e164)],
    [
      'given to another connector',
      (world: Played, e164: string) => {
        world.chime.state.restore(e164);
        world.chime.state.associate(e164, world.chime.seedConnector({ numbers: 0 }).voiceConnectorId);
      },
    ],
    [
      'put back on this connector',
      (world: Played, e164: string) => {
        world.chime.state.restore(e164);
        world.chime.state.associate(e164, world.voiceConnectorId);
      },
    ],
  ])(
    '(%s) refuses a resume that does not state the count anew, and is not touched',
    async (_how, takeBack) => {
      const world = await worldWith(3);
      const [first = ''] = world.e164s;
      await stopInWindow(world);
      takeBack(world, first);
      const before = changingCalls(world).length;

      const { error } = await tearDown(world, { resume: true });

      expect(error).toBe('PlanChanged');
      expect(changingCalls(world)).toHaveLength(before);
      expect((await teardownOf(world))?.phase).toBe('interrupted');
      expect(await teardownOf(world)).not.toHaveProperty('holder');
    },
  );

  it('is left alone where the count is stated without it, and the rest goes', async () => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;
    await stopInWindow(world);
    world.chime.state.restore(first);

    const { output } = await tearDown(world, { resume: true, expectedPhoneNumbers: 2 });

    expect(output).toMatchObject({
      outcome: 'deleted',
      phoneNumbers: 2,
      plan: {
        warnings: expect.arrayContaining([
          expect.objectContaining({
            code: 'Reclaimed',
            message: 'Taken back by somebody since the earlier run, and left alone: 1 number.',
          }),
        ]),
      },
    });
    expect(world.chime.state.number(first)).toMatchObject({ status: 'Unassigned' });
    expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 1, queued: 0 });
  });

  it('and put back on the connector is not released again, also with the input of the first run', async () => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;
    await stopInWindow(world);
    world.chime.state.restore(first);
    world.chime.state.associate(first, world.voiceConnectorId);

    const refused = await tearDown(world, { resume: true, expectedPhoneNumbers: 3 });
    world.chime.state.disassociate(first);
    const agreed = await tearDown(world, { resume: true, expectedPhoneNumbers: 2 });

    expect(refused.error).toBe('PlanChanged');
    expect(refused.cause).toContain('Take off the connector what is not to go');
    expect(agreed.output).toMatchObject({ outcome: 'deleted', phoneNumbers: 2 });
    expect(world.chime.state.number(first)).toMatchObject({ status: 'Unassigned' });
  });
});

describe('A number that is off the connector since the run was stopped', () => {
  it('though its release had not begun, was taken off by somebody: it is left alone', async () => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;
    const run = startAnd(world, 'Release phone numbers', {}, () => run.abort());
    await run.result;
    world.chime.state.disassociate(first);

    const refused = await tearDown(world, { resume: true });
    const agreed = await tearDown(world, { resume: true, expectedPhoneNumbers: 2 });

    expect(refused.error).toBe('PlanChanged');
    expect(agreed.output).toMatchObject({ outcome: 'deleted', phoneNumbers: 2 });
    expect(world.chime.state.number(first)).toMatchObject({ status: 'Unassigned' });
  });

  it('and whose release had begun, stays part of the plan, which warns of it', async () => {
    const world = await worldWith(3);
    const run = world.start({ voiceConnectorId: world.voiceConnectorId });
    world.chime.hooks.afterEffect = ({ operation }) => {
      if (operation !== 'DisassociatePhoneNumbersFromVoiceConnector') return undefined;
      world.killFunctions();
      run.abort();
      return new Promise<never>(() => undefined);
    };
    await run.result;
    world.chime.hooks.afterEffect = undefined;

    const { output } = await tearDown(world, { resume: true, dryRun: true });

    expect(output).toMatchObject({
      phoneNumbers: 3,
      plan: { warnings: expect.arrayContaining([expect.objectContaining({ code: 'OffConnector' })]) },
    });
  });
});

describe('A number put on the connector while the run was stopped', () => {
  it('refuses the resume until the count is stated anew', async () => {
    const world = await worldWith(3);
    await stopInWindow(world);
    world.chime.state.addNumber({ e164: '+12065559999', connectorId: world.voiceConnectorId });

    const refused = await tearDown(world, { resume: true });
    const agreed = await tearDown(world, { resume: true, expectedPhoneNumbers: 4 });

    expect(refused.error).toBe('PlanChanged');
    expect(agreed.output).toMatchObject({ outcome: 'deleted', phoneNumbers: 4 });
    expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 0, queued: 0 });
  });
});

describe('A number that somebody queued or ported out while the run was stopped', () => {
  it.each([
    ['queued', (world: Played, e164: string) => world.chime.state.queue(e164)],
    ['ported out', (world: Played, e164: string) => world.chime.state.removeNumber(e164)],
  ])('(%s) stays in the plan: there is nothing left to do about it', async (_how, act) => {
    const world = await worldWith(3);
    const [first = ''] = world.e164s;
    const run = startAnd(world, 'Queue phone numbers', {}, () => run.abort());
    await run.result;
    act(world, first);

    const { output } = await tearDown(world, { resume: true, expectedPhoneNumbers: 3 });

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 3 });
    expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 0, queued: 0 });
  });
});

async function stopInWindow(world: Played): Promise<void> {
  const run = startAnd(world, 'Wait until the last day', {}, () => run.abort());
  await run.result;
}
