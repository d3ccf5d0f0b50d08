import { describe, expect, it } from '@jest/globals';
import { connectLedger, readBatch, saveBatch } from '../../lambda/ledger/ledger.ts';
import { at, reply, script } from './setting.ts';
import { look, nine, open } from './survey-setting.ts';
import { batchesOf, begin, openSetting, stranger } from './teardown-setting.ts';

const ten = '2026-01-05T10:00:00.000Z';

describe('A number that the list of a connector shows', () => {
  it.each([
    ['with another connector', [{ Name: 'VoiceConnectorId', Value: 'another' }]],
    ['with nobody', []],
    ['without a word about it', undefined],
  ])('%s is left out where, read by itself, it is elsewhere', async (_how, Associations) => {
    const { setting, begun } = await open(['attached']);
    const other = setting.chime.seedConnector({ numbers: 1 });
    const e164 = at(other.e164s, 0);
    listed(setting, [e164], Associations);
    const { has } = await look(setting, begun);
    expect([has(e164), has(at(begun.e164s, 0))]).toEqual([false, false]);
  });

  it('is left out where the service does not know it', async () => {
    const { setting, begun } = await open(['attached']);
    listed(setting, ['+12065559999'], []);
    expect((await look(setting, begun)).has('+12065559999')).toBe(false);
  });

  it.each([
    ['with nobody', []],
    ['beside another connector', [{ Name: 'VoiceConnectorId', Value: 'another' }]],
  ])('%s is part of the plan where, read by itself, it is on the connector', async (_how, Associations) => {
    const { setting, begun } = await open(['attached']);
    const e164 = at(begun.e164s, 0);
    listed(setting, [e164], Associations);
    const { has, phoneNumbers } = await look(setting, begun);
    expect([has(e164), phoneNumbers]).toEqual([true, 1]);
  });
});

describe('A batch of numbers that are on their way', () => {
  it.each([
    [[nine, ten], ten],
    [[ten, nine], ten],
    [[nine, nine, ten], ten],
  ])('was queued when the last of them was: of %j at %s', async (times, last) => {
    const setting = await openSetting();
    const numbers = times.length;
    const begun = await begin(setting, { numbers, state: 'queued', batchSize: 1, holder: stranger });
    const table = connectLedger(setting.edge);
    for (const [index, queuedAt] of times.entries()) {
      const address = { ...begun.batch, batch: index };
      await saveBatch(table)(address, { ...(await readBatch(table)(address)), queuedAt });
    }
    expect(await batchesOf(setting, begun)).toHaveLength(numbers);
    const { batches } = await look(setting, begun);
    expect(batches.map((batch) => [batch.numbers.length, batch.queuedAt])).toEqual([[numbers, last]]);
  });
});

/** The next list of numbers shows these, and no others. */
function listed(
  { chime }: Parameters<typeof look>[0],
  e164s: readonly string[],
  Associations: unknown,
): void {
  const PhoneNumbers = e164s.map((e164) => ({
    ...{ PhoneNumberId: e164, E164PhoneNumber: e164, Status: 'Assigned' },
    Associations,
  }));
  chime.faults.set(script('ListPhoneNumbers', reply({ PhoneNumbers })));
}
