/** Where a contender without a workflow works: a connector at local Chime, on a virtual clock. */
import { ChimeSDKVoiceClient } from '@aws-sdk/client-chime-sdk-voice';
import { draw } from '../local/chime/draw.ts';
import { type LocalChime, startLocalChime } from '../local/chime/server.ts';
import { VirtualClock } from '../local/clock.ts';
import { localCredentials } from '../local/ledger.ts';
import { chimeTransport, delayed } from '../local/transport.ts';
import { type Case, latencyMs, seed } from './case.ts';
import { DefaultRetries } from './default-retries.ts';
import { limitsOf, switches } from './limits.ts';
import type { Measured } from './measured.ts';
import { withCost } from './measured.ts';
import { oneFunction } from './prices.ts';
import { QueueWatch } from './queue-watch.ts';

export interface Arena {
  readonly clock: VirtualClock;
  readonly chime: LocalChime;
  readonly client: ChimeSDKVoiceClient;
  readonly voiceConnectorId: string;
  readonly perSecond: number | undefined;
  /** To be told how many numbers the method has in its hands. */
  readonly holds: (numbers: number) => void;
}

/** Does the job, or throws what stopped it. */
export type Method = (arena: Arena) => Promise<void>;

/** Lets a method at a connector, and says what came of it. It is priced as one function that works all the while. */
export async function measureMethod(method: Method, what: Case): Promise<Measured> {
  const clock = new VirtualClock();
  const now = () => clock.now().getTime();
  const chime = await startLocalChime({ now, seed, switches, faults: limitsOf(what) });
  let draws = 0;
  const client = new ChimeSDKVoiceClient({
    endpoint: chime.url,
    region: 'us-east-1',
    credentials: localCredentials,
    requestHandler: delayed(chimeTransport(30_000), latencyMs, clock),
    retryStrategy: new DefaultRetries(clock, () => draw(seed, 'method', draws++)),
  });
  try {
    const { voiceConnectorId } = chime.seedConnector({ numbers: what.numbers });
    const watch = new QueueWatch(chime, clock, what.numbers);
    let held = 0;
    const holds = (numbers: number) => {
      held = Math.max(held, numbers);
    };
    const arena = { clock, chime, client, voiceConnectorId, perSecond: what.perSecond, holds };
    const error = await clock.busy(() =>
      method(arena).then(
        () => undefined,
        (failure: Error) => failure.name,
      ),
    );
    const secondsAtWork = clock.elapsedSeconds;
    return withCost({
      ...watch.summary(what),
      ...{ secondsAtWork, held },
      ...(error === undefined ? {} : { error }),
      historyEvents: 0,
      largestPayload: 0,
      usage: oneFunction(secondsAtWork * 1_000),
    });
  } finally {
    client.destroy();
    clock.close();
    await chime.close();
  }
}
