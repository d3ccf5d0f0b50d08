import { describe, expect, it } from '@jest/globals';
import { connectChime } from '../../lambda/chime/client.ts';
import { getNumber, inventory } from '../../lambda/chime/numbers.ts';
import { outstandingNumbers } from '../../lambda/inspection/outstanding.ts';
import type { Batch, LedgerNumber, NumberState } from '../../lambda/ledger/teardown.ts';
import { at, openChime, reply, script } from './setting.ts';

const begunAt = '2026-01-05T08:59:00.000Z';
const queuedAt = '2026-01-05T09:00:00.000Z';
const now = new Date('2026-01-06T00:00:00.000Z');
const many = 20;

describe('What the lists say of an earlier run', () => {
  it.each(['queued', 'unassigned', 'gone', 'reclaimed'] as const)(
    'is believed where it is what the ledger says (%s): no number is read',
    async (state) => {
      const { setting, known, look } = await open(Array(many).fill(state));
      const found = await look(known, { queuedAt });
      expect(new Set(found.map(({ number }) => number.state))).toEqual(new Set([state]));
      expect(setting.chime.calls().GetPhoneNumber).toBe(0);
    },
  );

  it('is made sure of at one number where they have all left the queue', async () => {
    const { setting, known, look } = await open(Array(many).fill('gone'));
    const found = await look(
      known.map((number) => ({ ...number, state: 'queued' })),
      { queuedAt },
    );
    expect(new Set(found.map(({ number }) => number.state))).toEqual(new Set(['gone']));
    expect(setting.chime.calls().GetPhoneNumber).toBe(1);
  });

  it('is not believed of what is in the queue because another number, which never was, is gone', async () => {
    const states: NumberState[] = ['gone', ...Array<NumberState>(many).fill('queued')];
    const { setting, known, look } = await open(states);
    setting.chime.faults.set(
      script('ListPhoneNumbers', ...Array.from({ length: 5 }, () => reply({ PhoneNumbers: [] }))),
    );
    const [first, ...others] = known;
    const found = await look([{ ...first, state: 'unassigned' } as LedgerNumber, ...others], { queuedAt });
    expect(found.map(({ number }) => number.state)).toEqual(states);
  });
});

describe('A number in the queue', () => {
  it.each<[string, NumberState, Partial<Batch>, string]>([
    ['since its batch was queued', 'queued', { queuedAt }, queuedAt],
    [
      'since nobody knows when, though others of its batch were queued',
      'unassigned',
      { queuedAt },
      now.toISOString(),
    ],
    ['since nobody has noted when', 'queued', {}, now.toISOString()],
  ])('%s has its window counted from there, or else from now', async (_since, state, batch, since) => {
    const { known, look } = await open(['queued']);
    const [found] = await look(
      known.map((number) => ({ ...number, state })),
      batch,
    );
    expect(found).toMatchObject({ number: { state: 'queued' }, queuedAt: since });
  });
});

describe('A number that somebody has given to another connector', () => {
  it('was not taken off by them where an earlier run had, before its batch was begun again', async () => {
    const { setting, known, look } = await open(['unassigned']);
    setting.chime.state.associate(at(known, 0).e164, setting.chime.state.addConnector().voiceConnectorId);
    const [found] = await look(known, { begunAt: undefined });
    expect(found?.number).toMatchObject({ state: 'reclaimed' });
    expect(found?.number).not.toHaveProperty('wasTakenOff');
  });
});

/** Numbers that are in these states in the account, and known as such by the ledger. */
async function open(states: readonly NumberState[]) {
  const setting = await openChime();
  const { chime, edge } = setting;
  const { e164s, voiceConnectorId } = chime.seedConnector({ numbers: states.length });
  const client = connectChime(edge);
  const known = states.map((state, i): LedgerNumber => {
    const e164 = at(e164s, i);
    if (state === 'queued') chime.state.queue(e164);
    else if (state === 'gone') chime.state.removeNumber(e164);
    else chime.state.disassociate(e164);
    return { id: e164.replace('+', '%2B'), e164, state };
  });
  const look = (
    numbers: readonly LedgerNumber[],
    more: { [Field in keyof Batch]?: Batch[Field] | undefined },
  ) =>
    outstandingNumbers(
      { inventory: inventory(client), getNumber: getNumber(client) },
      voiceConnectorId,
      [{ index: 0, numbers, begunAt, ...more } as Batch],
      new Set(),
      now,
    );
  return { setting, known, look };
}
