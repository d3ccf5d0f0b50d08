import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, describe, expect, it } from '@jest/globals';
import { BusFailure, type LocalEventBus, startLocalEventBus } from '../../local/event-bus.ts';

const entry = { Source: 'a', DetailType: 'B', Detail: '{"c":1}' };
let bus: LocalEventBus;
afterEach(() => bus.close());

describe('The local event bus', () => {
  it('speaks to the SDK, tells its listener, and remembers what was put, when', async () => {
    const told: unknown[] = [];
    bus = await startLocalEventBus({ now: () => 7, onEvent: (event) => told.push(event) });
    const client = new EventBridgeClient({ ...bus.connection, maxAttempts: 1 });
    const answer = await client.send(new PutEventsCommand({ Entries: [entry] }));
    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    expect(told).toEqual([{ source: 'a', 'detail-type': 'B', detail: { c: 1 } }]);
    expect(bus.events).toEqual([{ source: 'a', 'detail-type': 'B', detail: { c: 1 }, at: 7 }]);
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '7'],
    ['null', 'null'],
    ['nothing', undefined],
  ])('does not take an entry whose detail is %s, and takes the others', async (_what, Detail) => {
    bus = await startLocalEventBus({ now: () => 0 });
    const { FailedEntryCount, Entries } = bus.put([{ ...entry, Detail }, entry]);
    expect(FailedEntryCount).toBe(1);
    expect(Entries).toMatchObject([{ ErrorCode: 'MalformedDetail' }, { EventId: expect.any(String) }]);
    expect(bus.events).toHaveLength(1);
  });

  it.each([
    ['more than ten entries', Array.from({ length: 11 }, () => entry)],
    ['more than 256 KiB', [{ ...entry, Detail: JSON.stringify({ c: 'x'.repeat(262_144) }) }]],
  ])('refuses %s', async (_what, entries) => {
    bus = await startLocalEventBus({ now: () => 0 });
    expect(() => bus.put(entries)).toThrow(BusFailure);
  });

  it('fails as often as it is told to, the same calls for the same seed', async () => {
    const failures = async () => {
      bus = await startLocalEventBus({ now: () => 0, seed: 'x', failing: 0.5 });
      const results = Array.from({ length: 40 }, () => {
        try {
          bus.put([entry]);
          return 'taken';
        } catch {
          return 'failed';
        }
      });
      return results;
    };
    const first = await failures();
    await bus.close();
    expect(await failures()).toEqual(first);
    expect(bus.failed).toBe(first.filter((each) => each === 'failed').length);
    expect(bus.failed).toBeGreaterThan(8);
    expect(bus.failed).toBeLessThan(32);
  });
});
