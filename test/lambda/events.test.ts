import { describe, expect, it } from '@jest/globals';
import { connectEvents, publish } from '../../lambda/aws/events.ts';
import type { Notice } from '../../lambda/words/notices.ts';
import { startLocalEventBus } from '../../local/event-bus.ts';
import { afterThisTest, errorOf, openChime } from './setting.ts';

const notice: Notice = {
  detailType: 'Teardown Interrupted',
  detail: { message: 'It was "stopped".', workflow: 'teardown', execution: 'arn:x', commands: {} },
};

describe('Putting a notice on the event bus', () => {
  it('puts it on the default bus, under the source of the house', async () => {
    const { bus, put } = await open();
    await put(notice);
    expect(bus.events).toEqual([
      {
        source: 'voice-connector-teardown',
        'detail-type': 'Teardown Interrupted',
        detail: notice.detail,
        at: 0,
      },
    ]);
  });

  it('is an error where the bus does not answer', async () => {
    const { bus, put } = await open();
    bus.failing = 1;
    const error = await errorOf(put(notice));
    expect(error.message).toBe('announcing "Teardown Interrupted": The event bus is out of order.');
  });

  it('is an error where the bus answers, and has not taken it', async () => {
    const { put } = await open();
    const nothing = { ...notice, detailType: '' } as unknown as Notice;
    expect(await errorOf(put(nothing))).toMatchObject({
      name: 'MalformedDetail',
      message: 'announcing "": Detail is malformed.',
    });
  });
});

async function open() {
  const { edge } = await openChime();
  const bus = await startLocalEventBus({ now: () => 0 });
  afterThisTest(() => bus.close());
  return { bus, put: publish(connectEvents({ ...edge, events: bus.connection })) };
}
