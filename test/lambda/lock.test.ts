import { describe, expect, it } from '@jest/globals';
import { connect as checkDeletionQueue } from '../../lambda/check-deletion-queue.ts';
import { connect as deleteVoiceConnector } from '../../lambda/delete-voice-connector.ts';
import { connect as disassociatePhoneNumbers } from '../../lambda/disassociate-phone-numbers.ts';
import { connectLedger, hold } from '../../lambda/ledger/ledger.ts';
import { lockOf } from '../../lambda/ledger/lock.ts';
import { connect as openDeletionWindow } from '../../lambda/open-deletion-window.ts';
import { connect as queuePhoneNumbers } from '../../lambda/queue-phone-numbers.ts';
import { errorOf, run } from './setting.ts';
import {
  type Begun,
  begin,
  execution,
  openSetting,
  type Setting,
  stranger,
  teardownOf,
  writes,
} from './teardown-setting.ts';

/** Every step that works on an open teardown, with the state in which it has something to do. */
const steps = [
  [
    'Disassociate phone numbers',
    'attached',
    (s: Setting, b: Begun) => run(s, disassociatePhoneNumbers, b.batch),
  ],
  ['Queue phone numbers', 'unassigned', (s: Setting, b: Begun) => run(s, queuePhoneNumbers, b.batch)],
  ['Open deletion window', 'queued', (s: Setting, b: Begun) => run(s, openDeletionWindow, b.inspected)],
  ['Check deletion queue', 'queued', (s: Setting, b: Begun) => run(s, checkDeletionQueue, inWindow(b))],
  ['Delete voice connector', 'queued', (s: Setting, b: Begun) => run(s, deleteVoiceConnector, b.inspected)],
] as const;

describe('A step whose execution no longer holds the teardown', () => {
  it.each(steps)('calls nothing and writes nothing: %s', async (_step, state, play) => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 2, state, holder: stranger });
    const items = await setting.ledger.items();
    const error = await errorOf(play(setting, begun));
    expect(error.name).toBe('LockLost');
    expect(error.message).toContain(begun.voiceConnectorId);
    expect(setting.chime.requests).toEqual([]);
    expect(await setting.ledger.items()).toEqual(items);
  });

  it.each(steps)('nor does it where nothing was ever opened: %s', async (_step, state, play) => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 2, state });
    const voiceConnectorId = 'another';
    const lost = {
      ...begun,
      inspected: { ...begun.inspected, voiceConnectorId },
      batch: { ...begun.batch, voiceConnectorId },
    };
    const items = await setting.ledger.items();
    expect((await errorOf(play(setting, lost))).name).toBe('LockLost');
    expect(setting.chime.requests).toEqual([]);
    expect(await setting.ledger.items()).toEqual(items);
  });
});

describe('A step whose execution holds the teardown', () => {
  it.each(steps)('first notes until when it may last: %s', async (_step, state, play) => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 2, state });
    await setting.clock.sleep(60_000);
    const before = setting.wire.calls.length;
    const askedBefore: (string | undefined)[] = [];
    setting.chime.hooks.beforeEffect = async () => {
      askedBefore.push((await teardownOf(setting, begun.voiceConnectorId))?.busyUntil);
    };
    await play(setting, begun);
    expect(writes(setting, before)[0]).toBe('teardown');
    expect(await teardownOf(setting, begun.voiceConnectorId)).toMatchObject({
      holder: execution.id,
      busyUntil: '2026-01-05T09:06:00.000Z',
    });
    expect(new Set(askedBefore)).toEqual(
      new Set(askedBefore.length === 0 ? [] : ['2026-01-05T09:06:00.000Z']),
    );
  });

  it('leaves a later time of another of its functions as it is', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 2 });
    const later = '2026-01-05T09:20:00.000Z';
    await hold(connectLedger(setting.edge))(begun.voiceConnectorId, execution.id, later);
    await run(setting, disassociatePhoneNumbers, begun.batch);
    expect((await teardownOf(setting, begun.voiceConnectorId))?.busyUntil).toBe(later);
  });
});

describe('A step that does not know its time-out', () => {
  it.each([undefined, '', 'soon', '-1', '1.5'])(
    '(%p) is a fault of the deployment',
    async (TIMEOUT_SECONDS) => {
      const { edge } = await openSetting();
      const env = { ...edge.env, TIMEOUT_SECONDS };
      const connecting = () => lockOf({ ...edge, env }, connectLedger(edge));
      expect(connecting).toThrow(expect.objectContaining({ name: 'BadEnvironment' }));
      expect(connecting).toThrow('TIMEOUT_SECONDS');
    },
  );
});

function inWindow({ inspected }: Begun) {
  return { ...inspected, window: { endsAt: '2026-01-12T09:00:00.000Z', queued: 2, gone: 0 } };
}
