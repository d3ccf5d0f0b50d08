import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/queue-phone-numbers.ts';
import { rewrite } from './restore-setting.ts';
import { at, errorOf, reply, run, script } from './setting.ts';
import { batchOf, begin, openSetting, writes } from './teardown-setting.ts';

const operation = 'BatchDeletePhoneNumber';
const waitingSince = '2026-01-05T08:58:00.000Z';

describe('A batch that the service is waited for', () => {
  it('keeps since when, and how often it was looked at, where a later call fails', async () => {
    const { setting, begun, queue } = await open(60, { waitingSince, looks: 3 });
    setting.chime.faults.set({
      script: [2, 3, 4, 5, 6, 7].map((nth) => ({ operation, nth, fault: 'throttle' as const })),
    });
    expect((await errorOf(queue())).name).toBe('ThrottledClientException');
    const batch = await batchOf(setting, begun);
    expect(batch.numbers.filter(({ state }) => state === 'queued')).toHaveLength(50);
    expect(batch).toMatchObject({ waitingSince, looks: 3 });
  });

  it('has its patience afresh once the service has answered something else, though no number went through', async () => {
    const { setting, begun, queue } = await open(1, { waitingSince, looks: 3 });
    setting.chime.faults.set(script(operation, refusedAs(at(begun.e164s, 0), 'Throttled')));
    expect((await errorOf(queue())).name).toBe('BatchUnfinished');
    const batch = await batchOf(setting, begun);
    expect(batch).not.toHaveProperty('waitingSince');
    expect(batch).not.toHaveProperty('looks');
  });
});

describe('A batch of which nothing has become', () => {
  it('is not written again', async () => {
    const { setting, begun, queue } = await open(1);
    setting.chime.faults.set(script(operation, refusedAs(at(begun.e164s, 0), 'Throttled')));
    const before = setting.wire.calls.length;
    expect((await errorOf(queue())).name).toBe('BatchUnfinished');
    expect(writes(setting, before)).toEqual(['teardown']);
  });
});

/** A batch whose numbers are off the connector, and to be queued. */
async function open(numbers: number, waiting: { waitingSince?: string; looks?: number } = {}) {
  const setting = await openSetting();
  const begun = await begin(setting, { numbers, state: 'unassigned' });
  await rewrite(setting, begun, (number) => number, waiting);
  return { setting, begun, queue: () => run(setting, connect, begun.batch) };
}

/** The service's answer to a call for one number, which it could not take. */
function refusedAs(e164: string, ErrorCode: string) {
  return reply({ PhoneNumberErrors: [{ PhoneNumberId: e164, ErrorCode, ErrorMessage: 'Later.' }] });
}
