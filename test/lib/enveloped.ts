import type { BusEvent } from '../../local/events.ts';

/** An event of the product with its whole envelope, as EventBridge delivers what PutEvents was given. */
export function enveloped(detailType: string, detail: Record<string, unknown>): BusEvent {
  const event = {
    version: '0',
    id: '7bf73129-1428-4cd3-a780-95db273d1602',
    'detail-type': detailType,
    source: 'voice-connector-teardown',
    account: '123456789012',
    time: '2026-01-05T09:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail,
  };
  return event;
}
