import { describe, expect, it } from '@jest/globals';
import { offConnector, reclaimed } from '../../lambda/inspection/warnings.ts';
import { connectLedger, saveBatch } from '../../lambda/ledger/ledger.ts';
import type { LedgerNumber, NumberState } from '../../lambda/ledger/teardown.ts';
import { fingerprintOf } from '../../lambda/plan.ts';
import { at, changes } from './setting.ts';
import { change, look, nine, open } from './survey-setting.ts';
import { batchOf, begin, numberOf, openSetting, stranger } from './teardown-setting.ts';

describe('The plan of a resumed run', () => {
  it('has the numbers on the connector, and those that the earlier run had taken off it', async () => {
    const { setting, begun } = await open(['attached', 'attached', 'unassigned', 'unassigned']);
    const found = await look(setting, begun);
    expect(found).toEqual({
      phoneNumbers: 4,
      fingerprint: fingerprintOf(begun.voiceConnectorId, begun.e164s),
      putBack: 0,
      warnings: [],
      inFlight: new Map(),
      has: expect.any(Function),
      batches: [
        {
          index: 0,
          begunAt: nine,
          numbers: begun.e164s.map((e164, i) => numberOf(setting, e164, i < 2 ? 'attached' : 'unassigned')),
        },
      ],
      batchesToRelease: 1,
      work: [{ disassociate: 2, queue: 4 }],
      lastQueuedAt: undefined,
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
      {
        index: 0,
        begunAt: nine,
        numbers: begun.e164s.map((e164) => numberOf(setting, e164, 'attached')),
      },
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
    expect(found.warnings).toEqual([reclaimed(2)]);
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

describe('A number that somebody took off the connector', () => {
  it.each([
    ['is still part of the plan where its release had begun', true, 2, [offConnector(1)]],
    ['is taken back where its release had not begun', false, 1, [reclaimed(1)]],
  ])('%s', async (_what, isBegun, phoneNumbers, warnings) => {
    const { setting, begun } = await open(['attached', 'attached'], isBegun);
    setting.chime.state.disassociate(at(begun.e164s, 1));
    const found = await look(setting, begun);
    expect([found.phoneNumbers, found.warnings]).toEqual([phoneNumbers, warnings]);
    expect(found.has(at(begun.e164s, 1))).toBe(isBegun);
  });
});

describe('That the release of a number had begun', () => {
  it.each([
    ['is remembered while it is shown on the connector', 'attached', true, nine],
    ['is not made up', 'attached', false, undefined],
    ['is forgotten once somebody has taken it back', 'reclaimed', true, undefined],
  ] as const)('%s', async (_what, state, isBegun, begunAt) => {
    const { setting, begun } = await open(['attached'], isBegun);
    await change(setting, begun, (number) => ({ ...number, state }));
    const { batches } = await look(setting, begun);
    expect(batches.map((batch) => batch.begunAt)).toEqual([begunAt]);
    expect(batches.flatMap(({ numbers }) => numbers.map(stateOf))).toEqual(['attached']);
  });

  it('is not said of others: these do not share a batch with them', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 4, batchSize: 2, holder: stranger, begun: false });
    const first = { ...(await batchOf(setting, begun)), begunAt: nine };
    await saveBatch(connectLedger(setting.edge))(begun.batch, first);
    const { batches, batchesToRelease } = await look(setting, begun);
    expect([batchesToRelease, batches.map(({ index }) => index)]).toEqual([2, [0, 1]]);
    expect(batches.map(({ begunAt, numbers }) => [begunAt, numbers.map(({ e164 }) => e164)])).toEqual([
      [nine, begun.e164s.slice(0, 2)],
      [undefined, begun.e164s.slice(2)],
    ]);
  });
});

describe('The names of a number', () => {
  it('are those that it has, where no run has noted any', async () => {
    const { setting, begun } = await open(['attached']);
    setting.chime.state.rename(at(begun.e164s, 0), { name: 'Front desk', callingName: 'ACME' });
    const { batches } = await look(setting, begun);
    expect(at(batches, 0).numbers).toMatchObject([{ name: 'Front desk', callingName: 'ACME' }]);
  });

  it('are those that an earlier run has noted, whatever was done to them since', async () => {
    const { setting, begun } = await open(['attached']);
    await change(setting, begun, (number) => ({ ...number, name: 'Front desk' }));
    setting.chime.state.rename(at(begun.e164s, 0), { name: 'Lobby', callingName: 'ACME' });
    const { batches } = await look(setting, begun);
    expect(at(batches, 0).numbers).toMatchObject([{ name: 'Front desk', callingName: 'ACME' }]);
  });
});

describe('Numbers that the service is busy with', () => {
  it('are counted by status where they are on the connector', async () => {
    const { setting, begun } = await open(['attached', 'attached', 'attached', 'attached', 'queued']);
    const statuses = ['PortinInProgress', 'AcquireInProgress', 'PortinInProgress', 'Assigned'] as const;
    statuses.forEach((status, i) => {
      setting.chime.state.setStatus(at(begun.e164s, i), status);
    });
    const { inFlight } = await look(setting, begun);
    expect([...inFlight]).toEqual([
      ['PortinInProgress', 2],
      ['AcquireInProgress', 1],
    ]);
  });
});

describe('The plan', () => {
  it('has its numbers in whatever form they are written, and no others', async () => {
    const { setting, begun } = await open(['attached', 'queued', 'reclaimed']);
    setting.chime.state.disassociate(at(begun.e164s, 2));
    const { has } = await look(setting, begun);
    for (const e164 of begun.e164s.slice(0, 2))
      expect([e164, e164.replace('+', '%2B'), e164.slice(1)].map(has)).toEqual([true, true, true]);
    expect([at(begun.e164s, 2), '+13125550199'].map(has)).toEqual([false, false]);
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
      warnings: [offConnector(1)],
    });
    expect(found.batches.map(({ numbers }) => numbers.map(stateOf))).toEqual([
      ['unassigned', 'unassigned'],
      ['queued'],
    ]);
  });
});

const stateOf = ({ state }: LedgerNumber): NumberState => state;
