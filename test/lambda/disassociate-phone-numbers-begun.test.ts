import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/disassociate-phone-numbers.ts';
import { at, changes, errorOf, run, script } from './setting.ts';
import { batchesOf, batchOf, begin, openSetting, statesOf, stranger, writes } from './teardown-setting.ts';

const operation = 'DisassociatePhoneNumbersFromVoiceConnector';
const nine = '2026-01-05T09:00:00.000Z';

describe('That the release of a batch has begun', () => {
  it('is in the ledger before the first of its numbers is touched', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 60 });
    const before = setting.wire.calls.length;
    const seen: unknown[] = [];
    setting.chime.hooks.beforeEffect = async ({ operation: received }) => {
      if (received === operation) seen.push((await batchOf(setting, begun)).begunAt);
    };
    await disassociate();
    expect(seen).toEqual([nine, nine]);
    const item = `batch#${begun.batch.generation}#000000`;
    expect(writes(setting, before)).toEqual(['teardown', item, item]);
  });

  it('is said of this batch alone', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 4, batchSize: 2 });
    await disassociate();
    const marks = (await batchesOf(setting, begun)).map(({ begunAt }) => begunAt);
    expect(marks).toEqual([nine, undefined]);
  });

  it('stays the moment of the first run, and is written once', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 3 });
    setting.chime.faults.set(script(operation, { status: 403, code: 'Forbidden', message: 'No.' }));
    expect((await errorOf(disassociate())).name).toBe('ForbiddenException');
    expect(await batchOf(setting, begun)).toMatchObject({ begunAt: nine });
    await setting.clock.sleep(60_000);
    const before = setting.wire.calls.length;
    await disassociate();
    expect(await batchOf(setting, begun)).toMatchObject({ begunAt: nine });
    expect(await statesOf(setting, begun)).toEqual(['unassigned', 'unassigned', 'unassigned']);
    expect(writes(setting, before)).toEqual(['teardown', `batch#${begun.batch.generation}#000000`]);
  });

  it('is still there where the step dies after a call, before it could note what it did', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 3 });
    setting.chime.hooks.afterEffect = ({ operation: received }) => {
      if (received === operation) setting.wire.refuse = () => true;
    };
    expect((await errorOf(disassociate())).name).toBe('ServiceFailureException');
    setting.wire.refuse = () => false;
    expect(await batchOf(setting, begun)).toMatchObject({ begunAt: nine });
    expect(await statesOf(setting, begun)).toEqual(['attached', 'attached', 'attached']);
    expect(setting.chime.state.numbersOn(begun.voiceConnectorId)).toBe(0);
  });

  it('must be noted for the step to go on: no number is touched without', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 3 });
    setting.wire.refuse = ({ operation: received }) => received === 'PutItem';
    expect((await errorOf(disassociate())).name).toBe('ServiceFailureException');
    expect(changes(setting.chime)).toEqual([]);
    setting.wire.refuse = () => false;
    expect(await batchOf(setting, begun)).not.toHaveProperty('begunAt');
  });

  it('is not noted by an execution that does not hold the teardown', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 1, holder: stranger });
    expect((await errorOf(disassociate())).name).toBe('LockLost');
    const { numbers, begunAt } = at(await batchesOf(setting, begun), 0);
    expect([numbers.length, begunAt]).toEqual([1, undefined]);
  });
});

/** A teardown that is opened, of which no step has run yet. */
async function open(options: Omit<Parameters<typeof begin>[1], 'begun'>) {
  const setting = await openSetting();
  const begun = await begin(setting, { ...options, begun: false });
  return { setting, begun, disassociate: () => run(setting, connect, begun.batch) };
}
