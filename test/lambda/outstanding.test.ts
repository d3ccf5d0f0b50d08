import { describe, expect, it } from '@jest/globals';
import { connectChime } from '../../lambda/chime/client.ts';
import { numberKey } from '../../lambda/chime/number-key.ts';
import { getNumber, inventory } from '../../lambda/chime/numbers.ts';
import { type Outstanding, outstandingNumbers } from '../../lambda/inspection/outstanding.ts';
import type { Batch, LedgerNumber, NumberState } from '../../lambda/ledger/teardown.ts';
import type { Account } from '../../local/chime/account.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { at, type ChimeSetting, changes, openChime, reply, script } from './setting.ts';

const queuedAt = '2026-01-05T09:00:00.000Z';
const begunAt = '2026-01-05T08:59:00.000Z';
const undoneAt = '2026-01-05T09:30:00.000Z';
const now = new Date('2026-01-06T00:00:00.000Z');
const forbidden = { code: 'Forbidden', message: 'Number …0100 is on hold.' };
const moved = { code: 'Moved', message: 'The number is now associated with another; it is left there.' };

const nothing = Array.from({ length: 5 }, () => reply({ PhoneNumbers: [] }));

type Hint = Pick<LedgerNumber, 'state' | 'failure' | 'isBack' | 'wasReclaimed'>;
type Fate = (account: Account, e164: string) => void;
const disassociated: Fate = (account, e164) => account.disassociate(e164);
const queued: Fate = (account, e164) => account.queue(e164);
const gone: Fate = (account, e164) => account.removeNumber(e164);
const restored: Fate = (account, e164) => {
  account.queue(e164);
  account.restore(e164);
};
const elsewhere: Fate = (account, e164) => account.associate(e164, account.addConnector().voiceConnectorId);
const inGroup: Fate = (account, e164) => account.associate(e164, 'group', 'VoiceConnectorGroupId');
const failed =
  (status: 'ReleaseFailed' | 'DeleteFailed'): Fate =>
  (account, e164) => {
    account.queue(e164);
    account.setStatus(e164, status);
  };

/** What the ledger says of a number whose release has begun, what has become of it, and what a resumed run makes of that. */
const fates: [string, Hint, Fate, NumberState][] = [
  [
    'attached, and was taken off before the run could say so',
    { state: 'attached' },
    disassociated,
    'unassigned',
  ],
  ['unassigned, and still is', { state: 'unassigned' }, disassociated, 'unassigned'],
  ['unassigned after a failure', { state: 'unassigned', failure: forbidden }, disassociated, 'unassigned'],
  ['attached after a failure', { state: 'attached', failure: forbidden }, disassociated, 'unassigned'],
  ['unassigned, and was queued before the run could say so', { state: 'unassigned' }, queued, 'queued'],
  ['attached, and somebody queued it', { state: 'attached' }, queued, 'queued'],
  ['queued, and still is', { state: 'queued' }, queued, 'queued'],
  ['queued, and the service failed to release it', { state: 'queued' }, failed('ReleaseFailed'), 'queued'],
  ['queued, and the service failed to delete it', { state: 'queued' }, failed('DeleteFailed'), 'queued'],
  ['queued, and was purged', { state: 'queued' }, gone, 'gone'],
  ['gone, and still is', { state: 'gone' }, gone, 'gone'],
  ['unassigned, and somebody let it go', { state: 'unassigned' }, gone, 'gone'],
  ['queued, and somebody restored it', { state: 'queued' }, restored, 'reclaimed'],
  ['queued, and somebody gave it to another connector', { state: 'queued' }, elsewhere, 'reclaimed'],
  ['unassigned, and somebody gave it to another connector', { state: 'unassigned' }, elsewhere, 'reclaimed'],
  ['unassigned, and somebody gave it to a group', { state: 'unassigned' }, inGroup, 'reclaimed'],
  ['attached, and somebody gave it to another connector', { state: 'attached' }, elsewhere, 'reclaimed'],
  ['gone, and somebody has it again', { state: 'gone' }, disassociated, 'reclaimed'],
  ['moved away', { state: 'attached', failure: moved }, elsewhere, 'reclaimed'],
  ['moved away, and was parked since', { state: 'attached', failure: moved }, disassociated, 'reclaimed'],
  ['taken back, and is unassigned', { state: 'reclaimed' }, disassociated, 'reclaimed'],
  ['taken back, and was queued since', { state: 'reclaimed' }, queued, 'reclaimed'],
  ['taken back, and gone since', { state: 'reclaimed' }, gone, 'reclaimed'],
];

/** The same where no step had begun to release its batch: whoever took it off, it was not this teardown. */
const untouched: typeof fates = [
  ['attached, and somebody took it off', { state: 'attached' }, disassociated, 'reclaimed'],
  ['attached, and somebody gave it to another connector', { state: 'attached' }, elsewhere, 'reclaimed'],
  ['attached, and somebody gave it to a group', { state: 'attached' }, inGroup, 'reclaimed'],
  ['attached, and somebody queued it', { state: 'attached' }, queued, 'queued'],
  ['attached, and somebody let it go', { state: 'attached' }, gone, 'gone'],
  ['unassigned by a run before that, and still is', { state: 'unassigned' }, disassociated, 'unassigned'],
];

/** The same where a restore had begun with the batch, and did not come to its end. */
const undone: typeof fates = [
  ['queued, and the restore took it out before it could say so', { state: 'queued' }, restored, 'unassigned'],
  ['queued, and still is', { state: 'queued' }, queued, 'queued'],
  ['queued, and somebody gave it to another connector', { state: 'queued' }, elsewhere, 'reclaimed'],
  ['unassigned by the restore, and still is', { state: 'unassigned' }, disassociated, 'unassigned'],
  ['put back by the restore, and off again', { state: 'attached', isBack: true }, disassociated, 'reclaimed'],
  [
    'off again, after being called back',
    { state: 'unassigned', wasReclaimed: true },
    disassociated,
    'reclaimed',
  ],
  ['queued again, after being called back', { state: 'queued', wasReclaimed: true }, queued, 'reclaimed'],
];

describe('A number that an earlier run left, by its ledger', () => {
  it.each(switchPositions.queuedListed.flatMap((listed) => fates.map((fate) => [...fate, listed] as const)))(
    '%s (found in the lists)',
    async (_what, known, fate, expected, queuedListed) => {
      const setting = await openChime({ switches: { queuedListed } });
      const found = await look(setting, 20, known, fate);
      expect(found.map(({ number }) => number.state)).toEqual(Array(20).fill(expected));
      expect(found.every(({ number }) => number.failure === undefined)).toBe(true);
      expect(changes(setting.chime)).toEqual([]);
    },
  );

  it.each(switchPositions.numberIdForm.flatMap((form) => fates.map((fate) => [...fate, form] as const)))(
    '%s (read by itself)',
    async (_what, known, fate, expected, numberIdForm) => {
      const setting = await openChime({ switches: { numberIdForm } });
      const found = await look(setting, 1, known, fate);
      expect(found.map(({ number }) => number.state)).toEqual([expected]);
      expect(setting.chime.calls().GetPhoneNumber).toBe(1);
    },
  );

  it.each(untouched)('before its release had begun: %s', async (_what, known, fate, expected) => {
    for (const numbers of [1, 20]) {
      const setting = await openChime();
      const found = await look(setting, numbers, known, fate, () => ({}), {});
      expect(found.map(({ number }) => number.state)).toEqual(Array(numbers).fill(expected));
      expect(changes(setting.chime)).toEqual([]);
    }
  });

  it.each(undone)('after a restore had begun with its batch: %s', async (_what, known, fate, expected) => {
    for (const numbers of [1, 20]) {
      const setting = await openChime();
      const found = await look(setting, numbers, known, fate, () => ({}), { begunAt, undoneAt: undoneAt });
      expect(found.map(({ number }) => number.state)).toEqual(Array(numbers).fill(expected));
      expect(found.every(({ number }) => number.wasTakenOff === undefined)).toBe(true);
      expect(changes(setting.chime)).toEqual([]);
    }
  });

  it.each([
    ['disassociated', disassociated, {}, true],
    ['given to another connector', elsewhere, {}, true],
    ['disassociated, after its release had begun', disassociated, { begunAt }, undefined],
    ['disassociated, after a restore had undone that', disassociated, { undoneAt: undoneAt }, undefined],
  ] as const)(
    'says whether it was taken off before any run came to it: %s',
    async (_what, fate, release, wasTakenOff) => {
      const known = { state: 'attached', isBack: true } as const;
      const [found] = await look(await openChime(), 1, known, fate, () => ({}), release);
      expect(found?.number).toMatchObject({ state: 'reclaimed' });
      expect(found?.number.wasTakenOff).toBe(wasTakenOff);
    },
  );

  it('keeps nothing of how far an earlier restore was with it: the next one has its own patience', async () => {
    const known = { state: 'queued', askedAt: queuedAt, isBack: true } as const;
    const [found] = await look(await openChime(), 1, known, queued);
    expect(found?.number).not.toHaveProperty('askedAt');
    expect(found?.number).not.toHaveProperty('isBack');
  });

  it('keeps its names: a restore may need them', async () => {
    const names = { name: 'Front desk', callingName: 'ACME' };
    const [found] = await look(await openChime(), 1, { state: 'queued', ...names }, queued);
    expect(found?.number).toMatchObject({ state: 'queued', ...names });
  });

  it('keeps its id and E.164 form, and the moment of its queueing where it is in the queue', async () => {
    const setting = await openChime();
    const [still] = await look(setting, 1, { state: 'queued' }, queued);
    expect(still).toMatchObject({ number: { state: 'queued' }, queuedAt });
    expect(still?.number.id).toBe(still?.number.e164.replace('+', '%2B'));
    const [back] = await look(setting, 1, { state: 'queued' }, restored);
    expect(back).not.toHaveProperty('queuedAt');
  });

  it.each(['attached', 'unassigned'] as const)(
    'as %s, and is in the queue since nobody knows when, counts as queued now: too long rather than too short',
    async (state) => {
      const [found] = await look(await openChime(), 1, { state }, queued);
      expect(found).toMatchObject({ number: { state: 'queued' }, queuedAt: now.toISOString() });
    },
  );

  it('is left out where it is on the connector: that says more', async () => {
    const { edge, chime } = await openChime();
    const { e164s, voiceConnectorId } = chime.seedConnector({ numbers: 3 });
    const on = new Set(e164s.slice(1).map(numberKey));
    for (const e164 of e164s.slice(0, 1)) chime.state.disassociate(e164);
    const found = await outstandingNumbers(
      portsOf(edge),
      voiceConnectorId,
      [batchOf(e164s, { state: 'unassigned' })],
      on,
      now,
    );
    expect(found.map(({ number }) => number.e164)).toEqual(e164s.slice(0, 1));
  });

  it('costs no call where there is none', async () => {
    const { edge, chime } = await openChime();
    expect(await outstandingNumbers(portsOf(edge), 'abcdef', [], new Set(), now)).toEqual([]);
    expect(chime.requests).toEqual([]);
  });
});

describe('A list that lags', () => {
  it('is not believed where it shows numbers as taken back', async () => {
    const setting = await openChime();
    const found = await look(setting, 20, { state: 'queued' }, queued, (e164s) =>
      script(
        'ListPhoneNumbers',
        reply({ PhoneNumbers: e164s.map((e164) => wire(e164, 'Unassigned')) }),
        ...nothing,
      ),
    );
    expect(new Set(found.map(({ number }) => number.state))).toEqual(new Set(['queued']));
    expect(setting.chime.calls().GetPhoneNumber).toBeGreaterThan(0);
  });

  it('is not believed where it shows them on another connector', async () => {
    const setting = await openChime();
    const found = await look(setting, 20, { state: 'unassigned' }, disassociated, (e164s) =>
      script('ListPhoneNumbers', reply({ PhoneNumbers: e164s.map((e164) => wire(e164, 'Assigned')) })),
    );
    expect(new Set(found.map(({ number }) => number.state))).toEqual(new Set(['unassigned']));
  });

  it('is not believed where it leaves out numbers that are unassigned and billed', async () => {
    const setting = await openChime();
    const found = await look(setting, 20, { state: 'unassigned' }, disassociated, () =>
      script('ListPhoneNumbers', ...nothing),
    );
    expect(new Set(found.map(({ number }) => number.state))).toEqual(new Set(['unassigned']));
  });

  it('is not believed where it leaves out numbers that are in the queue', async () => {
    const setting = await openChime();
    const found = await look(setting, 20, { state: 'queued' }, queued, () =>
      script('ListPhoneNumbers', ...nothing),
    );
    expect(new Set(found.map(({ number }) => number.state))).toEqual(new Set(['queued']));
  });
});

/** Numbers that the ledger knows in one way, to each of which the same has happened. */
async function look(
  { chime, edge }: ChimeSetting,
  numbers: number,
  known: Omit<LedgerNumber, 'id' | 'e164'>,
  fate: Fate,
  faults: (e164s: readonly string[]) => ReturnType<typeof script> = () => ({}),
  release: Pick<Batch, 'begunAt' | 'undoneAt'> = { begunAt },
): Promise<Outstanding[]> {
  const { e164s, voiceConnectorId } = chime.seedConnector({ numbers });
  for (const e164 of e164s) fate(chime.state, e164);
  chime.faults.set(faults(e164s));
  const before = chime.requests.length;
  const batch = { ...batchOf(e164s, known), ...release };
  const found = await outstandingNumbers(portsOf(edge), voiceConnectorId, [batch], new Set(), now);
  expect(found.map(({ number }) => number.e164)).toEqual(e164s);
  expect(at(chime.requests, before).changing).toBe(false);
  return found;
}

function portsOf(edge: ChimeSetting['edge']) {
  const client = connectChime(edge);
  return { inventory: inventory(client), getNumber: getNumber(client) };
}

function batchOf(e164s: readonly string[], known: Omit<LedgerNumber, 'id' | 'e164'>): Batch {
  const numbers = e164s.map((e164) => ({ id: e164.replace('+', '%2B'), e164, ...known }));
  return { index: 0, numbers, ...(known.state === 'queued' ? { queuedAt } : {}) };
}

function wire(e164: string, Status: string) {
  const Associations = Status === 'Assigned' ? [{ Name: 'VoiceConnectorId', Value: 'another' }] : [];
  return { PhoneNumberId: e164, E164PhoneNumber: e164, Status, Associations };
}
