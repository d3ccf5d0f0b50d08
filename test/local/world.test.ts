import { afterEach, describe, expect, it } from '@jest/globals';
import { connect as connectQueueing } from '../../lambda/queue-phone-numbers.ts';
import { type Connect, openWorld, type World, type WorldOptions } from '../../local/world.ts';

const worlds: World[] = [];

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

describe('Functions that stand still', () => {
  it('let time pass, and go on as if nothing had been', async () => {
    const { world, voiceConnectorId } = await trunk();
    const { promise: later, resolve } = Promise.withResolvers<void>();
    world.chime.hooks.beforeEffect = ({ operation }) => {
      if (operation !== 'BatchDeletePhoneNumber') return undefined;
      world.chime.hooks.beforeEffect = undefined;
      const stall = world.stallFunctions();
      const goOn = () => {
        stall.goOn();
        resolve();
      };
      world.clock.outside(() => world.clock.setTimeout(goOn, 120_000));
      return later;
    };

    const { status, history } = await world.start({ voiceConnectorId }).result;

    expect(status).toBe('SUCCEEDED');
    expect(history.some(({ type }) => type === 'StateRetried')).toBe(false);
    const queued = world.chime.requests.find(({ operation }) => operation === 'BatchDeletePhoneNumber');
    const next = world.chime.requests[queued?.sequence ?? 0];
    expect((next?.at ?? 0) - (queued?.at ?? 0)).toBeGreaterThanOrEqual(120_000);
  });

  it('meet their time-out where that is sooner, and are run again', async () => {
    const { world, voiceConnectorId } = await trunk();
    world.chime.hooks.beforeEffect = ({ operation }) => {
      if (operation !== 'BatchDeletePhoneNumber') return undefined;
      world.chime.hooks.beforeEffect = undefined;
      void world.stallFunctions();
      return new Promise(() => undefined);
    };

    const { status, history } = await world.start({ voiceConnectorId }).result;

    expect(status).toBe('SUCCEEDED');
    expect(history.filter(({ type }) => type === 'StateRetried')).toHaveLength(1);
    const [first, second] = world.chime.requests.filter(
      ({ operation }) => operation === 'BatchDeletePhoneNumber',
    );
    const [step] = [...world.synthesis.functions.values()].filter(
      (each) => each.step === 'QueuePhoneNumbers',
    );
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan((step?.timeoutSeconds ?? 0) * 1_000);
  });
});

describe('The environments of a function', () => {
  it('are shared by no two of its runs at once, and used again by later ones', async () => {
    const { steps, runs } = queueingSeen();
    const { world, voiceConnectorId } = await trunk({ steps, settings: { batchConcurrency: 2 } }, 1_600);

    const request = { voiceConnectorId, expectedPhoneNumbers: 1_600 };
    expect((await world.start(request).result).status).toBe('SUCCEEDED');

    expect(runs).toHaveLength(4);
    const overlaps = runs.flatMap((run, i) => runs.slice(i + 1).filter((other) => isDuring(run, other)));
    expect(overlaps.length).toBeGreaterThan(0);
    for (const run of runs) {
      const others = runs.filter((other) => other !== run && isDuring(run, other));
      expect(others.map(({ environment }) => environment)).not.toContain(run.environment);
    }
    expect(new Set(runs.map(({ environment }) => environment)).size).toBe(2);
  });

  it('are not used again once their process has died', async () => {
    const { steps, runs } = queueingSeen();
    const { world, voiceConnectorId } = await trunk({ steps });
    world.chime.hooks.beforeEffect = ({ operation }) => {
      if (operation !== 'BatchDeletePhoneNumber') return undefined;
      world.chime.hooks.beforeEffect = undefined;
      world.killFunctions();
      return new Promise(() => undefined);
    };

    expect((await world.start({ voiceConnectorId }).result).status).toBe('SUCCEEDED');

    expect(runs.map(({ environment }) => environment)).toEqual([1, 2]);
  });
});

describe('A function that an event invokes', () => {
  it('is run again one and then two minutes later where it fails, and then given up', async () => {
    const { world, voiceConnectorId } = await trunk();
    const times: number[] = [];
    const run = world.start(
      { voiceConnectorId },
      {
        onEvent: ({ type, state }) => {
          if (type !== 'StateEntered' || state?.name !== 'Wait until the last day') return;
          world.ledger.hooks.beforeEffect = () => {
            times.push(world.clock.elapsedSeconds);
            world.killFunctions();
            return new Promise<never>(() => undefined);
          };
          queueMicrotask(() => run.abort());
        },
      },
    );

    expect((await run.result).status).toBe('ABORTED');

    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 60, 180]);
    const [teardown] = (await world.ledger.items()).filter(({ item }) => item === 'teardown');
    expect(teardown).toMatchObject({ phase: 'window' });
  });
});

describe('A world', () => {
  it('gives executions the same names for the same seed', async () => {
    const named = async (seed: number) => {
      const { world, voiceConnectorId } = await trunk({ seed });
      const run = world.start({ voiceConnectorId, dryRun: true });
      await run.result;
      return run.arn;
    };
    const first = await named(1);
    expect(await named(1)).toBe(first);
    expect(await named(2)).not.toBe(first);
  });

  it('may have a Chime whose clock is ahead', async () => {
    const { world } = await trunk({ chimeAheadMs: 900_000 });
    const { voiceConnectorId } = world.chime.seedConnector({ numbers: 1 });
    await world.start({ voiceConnectorId, dryRun: true }).result;
    expect((world.chime.requests[0]?.at ?? 0) - world.clock.now().getTime()).toBe(900_000);
  });

  it('connects a step in another way where a test says so', async () => {
    const { world, voiceConnectorId } = await trunk({
      steps: {
        InspectVoiceConnector: () => async () => {
          throw new RangeError('Not today.');
        },
      },
    });
    const { error, cause } = await world.start({ voiceConnectorId }).result;
    expect([error, cause]).toEqual(['RangeError', 'Not today.']);
  });
});

async function trunk(options: WorldOptions = {}, numbers = 3) {
  const world = await openWorld(options);
  worlds.push(world);
  return { world, ...world.chime.seedConnector({ numbers }) };
}

/** One run of a function; begin and end by the order of both in all runs. */
interface Run {
  readonly environment: number;
  readonly began: number;
  ended: number;
}

/** Lets numbers be queued, and notes in which environment each of its runs was: clients are connected once in each. */
function queueingSeen(): { steps: Record<string, Connect>; runs: Run[] } {
  const runs: Run[] = [];
  let environments = 0;
  let moments = 0;
  const connect: Connect = (edge) => {
    environments += 1;
    const environment = environments;
    const act = connectQueueing(edge) as (input: unknown) => Promise<unknown>;
    return async (input) => {
      const run: Run = { environment, began: moments++, ended: Number.POSITIVE_INFINITY };
      runs.push(run);
      try {
        return await act(input);
      } finally {
        run.ended = moments++;
      }
    };
  };
  return { steps: { QueuePhoneNumbers: connect }, runs };
}

function isDuring(one: Run, other: Run): boolean {
  return one.began < other.ended && other.began < one.ended;
}
