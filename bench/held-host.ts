/**
 * A process with one function at a time in it, and nothing else that knows a phone number. Before a request goes out it looks
 * into its own heap: which numbers are alive there, after a garbage collection.
 */
import { pathToFileURL } from 'node:url';
import { getHeapSnapshot } from 'node:v8';
import type { Connection, Edge } from '../lambda/edge.ts';
import { loggerTo } from '../local/logs.ts';
import { chimeTransport, dynamodbTransport, type Transport } from '../local/transport.ts';
import type { Connect } from '../local/world.ts';

/** One run of a function. */
export interface Run {
  /** The file of the step. */
  readonly entry: string;
  readonly input: unknown;
  readonly env: Edge['env'];
  readonly connections: Readonly<Record<Service, Connection>>;
  /** Epoch ms of the world around. */
  readonly now: number;
  /** A look before every so many requests; none where 0. */
  readonly every: number;
}

type Service = 'chime' | 'dynamodb' | 'states' | 'cloudwatch' | 'events';

export interface Ran {
  readonly output?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
  /** How long it has slept, in ms. */
  readonly slept: number;
  /** The most numbers that were alive at once; 0 where nobody looked. */
  readonly most: number;
}

/** A string of the heap that is a number as local Chime seeds them. Larger texts that hold numbers are not meant. */
const number = /"(\+1\d{10})"/g;
const requestTimeoutMs = 600_000;

process.on('message', async (run: Run) => {
  process.send?.(await carryOut(run));
});

async function carryOut({ entry, input, env, connections, now, every }: Run): Promise<Ran> {
  let slept = 0;
  let requests = 0;
  let most = 0;
  const look = async (): Promise<void> => {
    requests += 1;
    if (every > 0 && requests % every === 0) most = Math.max(most, await numbersAlive());
  };
  const watched = (own: Transport): Transport => ({
    handle: async (...request) => {
      await look();
      return own.handle(...request);
    },
  });
  const edge: Edge = {
    ...connections,
    env,
    // As in the world around, nobody waits in real time.
    clock: {
      now: () => new Date(now + slept),
      sleep: async (ms) => {
        slept += ms;
      },
    },
    random: Math.random,
    log: loggerTo(() => undefined),
    requestTimeoutMs,
    chime: { ...connections.chime, requestHandler: watched(chimeTransport(requestTimeoutMs)) },
    dynamodb: { ...connections.dynamodb, requestHandler: watched(dynamodbTransport(requestTimeoutMs)) },
  };
  const { connect }: { connect: Connect } = await import(pathToFileURL(entry).href);
  try {
    return { output: await connect(edge)(input as never), slept, most };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message }, slept, most };
  }
}

/** How many different numbers there are in the heap of this process; collects garbage first. */
async function numbersAlive(): Promise<number> {
  const found = new Set<string>();
  let rest = '';
  for await (const chunk of getHeapSnapshot()) {
    const text = rest + String(chunk);
    for (const [, each] of text.matchAll(number)) if (each !== undefined) found.add(each);
    rest = text.slice(-16);
  }
  return found.size;
}
