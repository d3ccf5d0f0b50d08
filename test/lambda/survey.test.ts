import { describe, expect, it } from '@jest/globals';
import { attachedNumbers, connectChime, getNumber, inventory } from '../../lambda/chime.ts';
import { connectLedger, readBatches, saveBatch } from '../../lambda/ledger.ts';
import { fingerprintOf } from '../../lambda/plan.ts';
import type { LedgerNumber, NumberState } from '../../lambda/ports.ts';
import { type Survey, survey } from '../../lambda/survey.ts';
import { at, changes } from './setting.ts';
import {
  type Begun,
  batchOf,
  begin,
  numberOf,
  openSetting,
  type Setting,
  stranger,
} from './teardown-setting.ts';

const nine = '2026-01-05T09:00:00.000Z';

describe('The plan of a resumed run', () => {
  it('has the numbers on the connector, and those that the earlier run had taken off it', async () => {
    const { setting, begun } = await open(['attached', 'attached', 'unassigned', 'unassigned']);
    const found = await look(setting, begun);
    expect(found).toEqual({
      phoneNumbers: 4,
      fingerprint: fingerprintOf(begun.voiceConnectorId, begun.e164s),
      putBack: 0,
      warnings: [],
      batches: [
        {
          index: 0,
          numbers: begun.e164s.map((e164, i) => numberOf(setting, e164, i < 2 ? 'attached' : 'unassigned')),
        },
      ],
      batchesToRelease: 1,
    });
    expect(changes(setting.chime)).toEqual([]);
  });

  it.each(['attached', 'unassigned', 'queued', 'gone'] as const)(
    'has the count and the fingerprint of the plan before, where all of its numbers are %s',
    async (state) => {
      const { setting, begun } = await open(Array<NumberState>(12).fill(state));
      const { phoneNumbers, fingerprint, putBack, warnings } = await look(setting, begun);
      expect([phoneNumbers, fingerprint]).toEqual([12, begun.inspected.plan.fingerprint]);
      expect([putBack, warnings]).toEqual([0, []]);
    },
  );

  it('keeps what is in the queue there, with the moment at which it was queued', async () => {
    const { setting, begun } = await open(['queued', 'attached', 'queued']);
    await setting.clock.sleep(86_400_000);
    const { batches, batchesToRelease } = await look(setting, begun);
    expect(batches.map(({ numbers, queuedAt }) => [numbers.map(stateOf), queuedAt])).toEqual([
      [['attached'], undefined],
      [['queued', 'queued'], nine],
    ]);
    expect(batchesToRelease).toBe(1);
  });

  it('has nothing to release where all is in the queue or gone', async () => {
    const { setting, begun } = await open(['queued', 'gone', 'gone']);
    const { batches, batchesToRelease, phoneNumbers } = await look(setting, begun);
    expect([batchesToRelease, phoneNumbers]).toEqual([0, 3]);
    expect(batches.map(({ numbers }) => numbers.map(stateOf))).toEqual([['queued', 'gone', 'gone']]);
  });

  it('has a number once that the ledger and the connector both have, as it is on the connector', async () => {
    const { setting, begun } = await open(['attached', 'attached']);
    const failure = { code: 'Forbidden', message: 'No.' };
    await change(setting, begun, (number) => ({ ...number, failure }));
    const { batches, phoneNumbers } = await look(setting, begun);
    expect(phoneNumbers).toBe(2);
    expect(batches).toEqual([
      { index: 0, numbers: begun.e164s.map((e164) => numberOf(setting, e164, 'attached')) },
    ]);
  });

  it('has a number more where one was added to the connector', async () => {
    const { setting, begun } = await open(['attached', 'queued']);
    setting.chime.state.addNumber({ e164: '+13125550199', connectorId: begun.voiceConnectorId });
    const found = await look(setting, begun);
    expect(found.phoneNumbers).toBe(3);
    expect(found.fingerprint).toBe(fingerprintOf(begun.voiceConnectorId, [...begun.e164s, '+13125550199']));
  });

  it.each(['queued', 'gone'] as const)(
    'counts numbers that were %s and are on the connector again',
    async (state) => {
      const { setting, begun } = await open(['queued', 'queued', 'queued']);
      await change(setting, begun, (number) => ({ ...number, state }));
      setting.chime.state.associate(at(begun.e164s, 1), begun.voiceConnectorId);
      const found = await look(setting, begun);
      expect([found.putBack, found.phoneNumbers, found.batchesToRelease]).toEqual([1, 3, 1]);
      expect(at(found.batches, 0).numbers).toEqual([numberOf(setting, at(begun.e164s, 1), 'attached')]);
    },
  );

  it('counts numbers that were only unassigned and are on the connector again', async () => {
    const { setting, begun } = await open(['unassigned', 'unassigned']);
    setting.chime.state.associate(at(begun.e164s, 1), begun.voiceConnectorId);
    expect((await look(setting, begun)).putBack).toBe(1);
  });

  it('leaves out what somebody has taken back, says so, and keeps it on record', async () => {
    const { setting, begun } = await open(['queued', 'queued', 'queued', 'unassigned']);
    setting.chime.state.restore(at(begun.e164s, 0));
    setting.chime.state.associate(at(begun.e164s, 3), setting.chime.state.addConnector().voiceConnectorId);
    const found = await look(setting, begun);
    expect(found.phoneNumbers).toBe(2);
    expect(found.fingerprint).toBe(fingerprintOf(begun.voiceConnectorId, begun.e164s.slice(1, 3)));
    expect(found.warnings).toEqual([
      'Taken back by somebody since the earlier run, and left alone: 2 numbers.',
    ]);
    expect(found.batchesToRelease).toBe(0);
    expect(found.batches.map(({ numbers }) => numbers.map(stateOf))).toEqual([
      ['reclaimed', 'queued', 'queued', 'reclaimed'],
    ]);
  });

  it('does the same in the run after that', async () => {
    const { setting, begun } = await open(['queued', 'queued']);
    await change(setting, begun, (number, i) => (i === 0 ? { ...number, state: 'reclaimed' } : number));
    setting.chime.state.restore(at(begun.e164s, 0));
    const { phoneNumbers, warnings } = await look(setting, begun);
    expect([phoneNumbers, warnings.length]).toEqual([1, 1]);
  });

  it('has the batches that are due first, of at most 500 numbers, and counts them on', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 1_202, holder: stranger });
    for (const e164 of begun.e164s.slice(0, 601)) setting.chime.state.queue(e164);
    await change(setting, begun, (number, i) => (i < 500 ? { ...number, state: 'queued' } : number));
    const { batches, batchesToRelease } = await look(setting, begun);
    expect(batchesToRelease).toBe(2);
    expect(
      batches.map(({ index, numbers }) => [index, numbers.length, [...new Set(numbers.map(stateOf))]]),
    ).toEqual([
      [0, 500, ['attached']],
      [1, 101, ['attached']],
      [2, 500, ['queued']],
      [3, 101, ['queued']],
    ]);
    const numbers = batches.flatMap((batch) => batch.numbers.map(({ e164 }) => e164));
    expect([...numbers].sort()).toEqual([...begun.e164s].sort());
  });
});

describe('The plan for a connector that is gone', () => {
  it('has the numbers that the earlier run had on it, which are unassigned now', async () => {
    const { setting, begun } = await open(['attached', 'unassigned', 'queued']);
    setting.chime.state.deleteConnector(begun.voiceConnectorId);
    const found = await look(setting, begun, false);
    expect(found).toMatchObject({
      phoneNumbers: 3,
      fingerprint: begun.inspected.plan.fingerprint,
      batchesToRelease: 1,
      warnings: [expect.stringMatching(/^Off the connector since the earlier run, .*: 1 number\./)],
    });
    expect(found.batches.map(({ numbers }) => numbers.map(stateOf))).toEqual([
      ['unassigned', 'unassigned'],
      ['queued'],
    ]);
  });
});

const stateOf = ({ state }: LedgerNumber): NumberState => state;

/** A connector whose earlier run has brought its numbers to these states, in the account and in the ledger. */
async function open(states: readonly NumberState[]) {
  const setting = await openSetting();
  const begun = await begin(setting, { numbers: states.length, holder: stranger });
  states.forEach((state, i) => {
    const e164 = at(begun.e164s, i);
    if (state === 'unassigned') setting.chime.state.disassociate(e164);
    if (state === 'queued') setting.chime.state.queue(e164);
    if (state === 'gone') setting.chime.state.removeNumber(e164);
  });
  await change(setting, begun, (number, i) => ({ ...number, state: at(states, i) }));
  return { setting, begun };
}

async function change(
  setting: Setting,
  begun: Begun,
  as: (number: LedgerNumber, index: number) => LedgerNumber,
): Promise<void> {
  const batch = await batchOf(setting, begun);
  const numbers = batch.numbers.map(as);
  const hasQueued = numbers.some(({ state }) => state === 'queued');
  await saveBatch(connectLedger(setting.edge))(begun.batch, {
    ...batch,
    numbers,
    ...(hasQueued ? { queuedAt: nine } : {}),
  });
}

function look({ edge, clock }: Setting, { voiceConnectorId, batch }: Begun, isThere = true): Promise<Survey> {
  const client = connectChime(edge);
  const chime = { inventory: inventory(client), getNumber: getNumber(client) };
  const attached = isThere ? attachedNumbers(client)(voiceConnectorId) : nothing();
  const earlier = readBatches(connectLedger(edge))(voiceConnectorId, batch.generation);
  return survey(chime, voiceConnectorId, attached, earlier, clock.now());
}

async function* nothing(): AsyncGenerator<never> {
  // A connector that is gone has no numbers.
}
