/** The synthesised workflow with the real handlers. */
import { noticeSource } from '../lambda/notice-types.ts';
import { openWorld } from '../local/world.ts';
import { type Case, latencyMs, seed } from './case.ts';
import { historyEventsOf, largestPayloadOf } from './history.ts';
import { limitsOf, switches } from './limits.ts';
import { type Measured, withCost } from './measured.ts';
import { gbSecondsOf, nothingUsed } from './prices.ts';
import { QueueWatch } from './queue-watch.ts';

/** What the meters have counted. */
type Counted = { -readonly [Part in keyof typeof nothingUsed]: number };

const reads = /^(GetItem|Query|Scan|BatchGetItem)$/;

/** Plays one teardown from request to deleted connector. */
export async function measureOurs(what: Case): Promise<Measured> {
  const { numbers } = what;
  const used: Counted = { ...nothingUsed };
  let msAtWork = 0;
  const world = await openWorld({
    ...{ seed, switches, faults: limitsOf(what), chimeLatencyMs: latencyMs },
    // Real time, which a busy machine needs more of.
    requestTimeoutMs: 60_000,
    realHangMs: 3_600_000,
    meters: {
      onRun: ({ ms }) => {
        used.invocations += 1;
        used.gbSeconds += gbSecondsOf(ms);
        msAtWork += ms;
      },
      onCapacity: ({ operation, units }) => {
        used[reads.test(operation) ? 'readUnits' : 'writeUnits'] += units;
      },
    },
  });
  try {
    const { voiceConnectorId } = world.chime.seedConnector({ numbers, name: 'Trunk' });
    const watch = new QueueWatch(world.chime, world.clock, numbers);
    const run = world.start({ voiceConnectorId, expectedPhoneNumbers: numbers });
    const { error, history, transitions } = await run.result;
    used.transitions = transitions;
    used.events = world.bus.events.filter(({ source }) => source === noticeSource).length;
    return withCost({
      ...watch.summary(what),
      secondsAtWork: msAtWork / 1_000,
      held: null,
      ...(error === undefined ? {} : { error }),
      historyEvents: historyEventsOf(history),
      largestPayload: largestPayloadOf(history),
      usage: used,
    });
  } finally {
    await world.close();
  }
}
