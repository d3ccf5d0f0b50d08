import { draw } from './chime/draw.ts';
import type { BusEvent } from './events.ts';
import { type JsonService, JsonServiceError, startJsonService } from './json-service.ts';

/** How many entries one PutEvents takes, and how many bytes (PutEvents, API reference). */
const mostEntries = 10;
const mostBytes = 262_144;

export interface LocalEventBusOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** The same seed fails the same calls. */
  readonly seed?: string | number;
  /** Probability, 0 to 1, that a call fails. Default 0. */
  readonly failing?: number;
  /** Is told each event as it is put. */
  readonly onEvent?: (event: BusEvent) => void;
}

/** An event that was put, with the moment. */
export interface PutEvent extends BusEvent {
  /** Epoch ms. */
  readonly at: number;
}

/** What PutEvents is given. */
export interface EventEntry {
  readonly Source?: string;
  readonly DetailType?: string;
  /** A JSON object as a text; Step Functions also takes it as an object. */
  readonly Detail?: unknown;
}

/** The default event bus, as far as PutEvents goes. */
export interface LocalEventBus extends JsonService {
  /** All events that were put, in order. */
  readonly events: readonly PutEvent[];
  /** How many calls have failed. */
  readonly failed: number;
  /** Probability, 0 to 1, that a call fails; from the next one on. */
  failing: number;
  /** PutEvents, without the wire; throws `BusFailure`. */
  put(entries: readonly EventEntry[]): { FailedEntryCount: number; Entries: object[] };
}

/** The bus has not answered with a result. */
export class BusFailure extends Error {
  override readonly name = 'BusFailure';
}

/** Starts an HTTP server that answers PutEvents in AWS's JSON 1.1 protocol. */
export async function startLocalEventBus(options: LocalEventBusOptions): Promise<LocalEventBus> {
  const events: PutEvent[] = [];
  let { failing = 0 } = options;
  let calls = 0;
  let failed = 0;
  const put: LocalEventBus['put'] = (entries) => {
    calls += 1;
    if (draw(options.seed ?? 1, `bus ${calls}`) < failing) {
      failed += 1;
      throw new BusFailure('The event bus is out of order.');
    }
    if (entries.length > mostEntries || Buffer.byteLength(JSON.stringify(entries)) > mostBytes)
      throw new BusFailure('Too many entries, or too large.');
    const answers = entries.map((entry) => {
      const event = eventOf(entry);
      if (event === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
      events.push({ ...event, at: options.now() });
      options.onEvent?.(event);
      return { EventId: `event-${events.length}` };
    });
    return { FailedEntryCount: answers.filter((each) => 'ErrorCode' in each).length, Entries: answers };
  };
  const service = await startJsonService('1.1', ({ input }) => {
    const { Entries = [] } = input as { Entries?: EventEntry[] };
    try {
      return put(Entries);
    } catch (error) {
      throw new JsonServiceError('InternalException', (error as Error).message, 500);
    }
  });
  return {
    ...service,
    events,
    get failed() {
      return failed;
    },
    get failing() {
      return failing;
    },
    set failing(probability) {
      failing = probability;
    },
    put,
  };
}

/** An entry as an event; undefined where the bus would refuse it. */
function eventOf({ Source, DetailType, Detail }: EventEntry): BusEvent | undefined {
  const detail = typeof Detail === 'string' ? objectIn(Detail) : Detail;
  if (!Source || !DetailType || typeof detail !== 'object' || detail === null) return undefined;
  return { source: Source, 'detail-type': DetailType, detail: detail as BusEvent['detail'] };
}

function objectIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
