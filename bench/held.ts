/** How many numbers a function holds at once: measured by playing functions in processes of their own. */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { entryOf } from '../lib/bundling.ts';
import { bundle } from '../local/bundles.ts';
import { type Connect, openWorld } from '../local/world.ts';
import { seed } from './case.ts';
import type { Ran, Run } from './held-host.ts';
import { switches } from './limits.ts';

export interface Held {
  readonly numbers: number;
  /** The most different numbers that were alive at once in a step's process, where it was looked. */
  readonly most: Readonly<Record<string, number>>;
}

/**
 * The steps of a teardown without groups, in their order, and how many numbers make one request more, if any: a page of the
 * connector's, or one of the ledger's.
 */
const numbersPerRequest = {
  InspectVoiceConnector: 100,
  DisassociatePhoneNumbers: undefined,
  QueuePhoneNumbers: undefined,
  OpenDeletionWindow: 1_000,
  CheckDeletionQueue: 1_000,
  DeleteVoiceConnector: undefined,
  CloseTeardown: 1_000,
};
type Step = keyof typeof numbersPerRequest;
const steps = Object.keys(numbersPerRequest) as Step[];
/** Of a step that runs for each batch, only so many runs are looked into. */
const runsLookedInto = 1;
/** About how often a step is looked into, which takes up to some seconds each time. */
const looks = 8;
/** The fewest requests between two looks, where a step makes a dozen requests or more. */
const fewestBetween = 3;

/**
 * Plays a teardown whose functions are looked into before requests of theirs. As it is not before each of them, this is what
 * was seen, not an upper bound.
 */
export async function measureHeld(numbers: number): Promise<Held> {
  const most = Object.fromEntries(steps.map((step) => [step, 0]));
  const bundles = await bundled();
  const connectOf = async (step: Step): Promise<Connect> => {
    const { connect }: { connect: Connect } = await import(pathToFileURL(entryOf(step)).href);
    let runs = 0;
    return (edge) => {
      const here = connect(edge);
      return async (input) => {
        runs += 1;
        if (runs > runsLookedInto) return here(input);
        const { env, clock, chime, dynamodb, states, cloudwatch, events } = edge;
        const ran = await inProcess(bundles.host, {
          ...{ entry: bundles.of(step), input, env, now: clock.now().getTime() },
          every: looksEvery(step, numbers),
          connections: { chime, dynamodb, states, cloudwatch, events },
        });
        most[step] = Math.max(most[step] ?? 0, ran.most);
        await clock.sleep(ran.slept);
        if (ran.error !== undefined)
          throw Object.assign(new Error(ran.error.message), { name: ran.error.name });
        return ran.output;
      };
    };
  };
  const connects = await Promise.all(steps.map(async (step) => [step, await connectOf(step)] as const));
  const world = await openWorld({
    ...{ seed, switches, steps: Object.fromEntries(connects) },
    // Looking takes real time, in which nothing hangs.
    ...{ realHangMs: 3_600_000, requestTimeoutMs: 600_000 },
  });
  try {
    const { voiceConnectorId } = world.chime.seedConnector({ numbers, name: 'Trunk' });
    const { status, cause } = await world.start({ voiceConnectorId, expectedPhoneNumbers: numbers }).result;
    if (status !== 'SUCCEEDED')
      throw new Error(`The teardown that was looked into did not succeed: ${cause}`);
    return { numbers, most };
  } finally {
    await world.close();
    await bundles.remove();
  }
}

/** Before which request of a step its process is looked into: before every n-th. */
function looksEvery(step: Step, numbers: number): number {
  const perRequest = numbersPerRequest[step];
  if (perRequest === undefined) return fewestBetween;
  const fewest = perRequest > 100 ? 1 : fewestBetween;
  return Math.max(fewest, Math.ceil(numbers / perRequest / looks));
}

/** The steps as they are deployed, and what hosts them: a small heap is quickly looked into. */
async function bundled() {
  const directory = await mkdtemp(join(tmpdir(), 'teardown-held-'));
  const host = fileURLToPath(new URL('./held-host.ts', import.meta.url));
  const pathOf = (entry: string): string => join(directory, basename(entry).replace(/\.ts$/, '.mjs'));
  await bundle('chime-sdk-voice', [host], { outdir: directory });
  await bundle('chime-sdk-voice', steps.map(entryOf), { outdir: directory });
  return {
    host: pathOf(host),
    of: (step: string) => pathOf(entryOf(step)),
    remove: () => rm(directory, { recursive: true }),
  };
}

/** Runs a function in a new process. */
function inProcess(host: string, run: Run): Promise<Ran> {
  const child = fork(host, { execArgv: [] });
  return new Promise<Ran>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The process of a function ended with ${code}.`)));
    child.once('message', (ran: Ran) => resolve(ran));
    child.send(run);
  }).finally(() => child.kill());
}
