/** What Step Functions would write of an execution: by the events of the local engine, which writes fewer. */
import type { EngineEvent } from '../local/engine-history.ts';

/** Scheduled, started, and succeeded or failed: for each try of a task. */
const eventsPerTry = 3;

/** How many events the history would have (25,000 are its end). */
export function historyEventsOf(events: readonly EngineEvent[]): number {
  return events.map(eventsFor).reduce((sum, count) => sum + count, 0);
}

function eventsFor({ type, state }: EngineEvent): number {
  // A Map adds that it has started, and that it has succeeded or failed.
  const beside = state?.type === 'Map' ? 1 : 0;
  if (type === 'StateEntered') return 1 + beside + (state?.type === 'Task' ? eventsPerTry : 0);
  if (type === 'StateExited') return 1 + beside;
  if (type === 'StateRetried') return state?.type === 'Task' ? eventsPerTry : 2 * beside;
  if (type === 'StateFailed' || type === 'StateCaught') return 0;
  return 1;
}

/** Bytes of JSON of the largest input or output of a state. */
export function largestPayloadOf(events: readonly EngineEvent[]): number {
  return Math.max(0, ...events.flatMap(({ state }) => [bytesOf(state?.input), bytesOf(state?.output)]));
}

function bytesOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
