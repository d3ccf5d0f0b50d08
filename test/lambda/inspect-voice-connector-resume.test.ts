import { describe, expect, it } from '@jest/globals';
import { ofEveryRelease, offConnector } from '../../lambda/inspection/warnings.ts';
import { closeTeardown, connectLedger, readBatches, updateTeardown } from '../../lambda/ledger/ledger.ts';
import type { Account } from '../../local/chime/account.ts';
import { clearPlan, codesOf, inspect } from './inspection.ts';
import { at, changes } from './setting.ts';
import {
  aGeneration,
  type Begun,
  batchesOf,
  begin,
  execution,
  executionNamed,
  leave,
  openSetting,
  over,
  restoreMachine,
  running,
  type Setting,
  stranger,
  teardownOf,
  writes,
} from './teardown-setting.ts';

const startCommand = (machine: string, input: string) =>
  `aws stepfunctions start-execution --state-machine-arn ${machine} --input '${input}'`;
const resumeCommand = (id: string) =>
  startCommand(execution.stateMachine, `{"voiceConnectorId":"${id}","resume":true}`);
const restoreCommand = (id: string) => startCommand(restoreMachine, `{"voiceConnectorId":"${id}"}`);

describe('A run that is started afresh where an earlier one did not finish', () => {
  it('is refused as Unfinished, with counts, the command to resume and the one to go back', async () => {
    const { setting, voiceConnectorId } = await open({ state: 'queued', phase: 'window' });
    const refused = await inspect(setting, { voiceConnectorId });
    if (refused.verdict !== 'refused') throw new Error('It is refused.');
    const { code, message, wayOut } = at(refused.blockers, 0);
    expect([code, refused.blockers.length]).toEqual(['Unfinished', 1]);
    expect(message).toContain(
      'in phase "window": by its ledger 4 numbers in the deletion queue, 0 unassigned and billed, 0 attached, 0 gone',
    );
    expect(wayOut).toContain(resumeCommand(voiceConnectorId));
    expect(wayOut).toContain(restoreCommand(voiceConnectorId));
  });

  it('is told until when the way back is open', async () => {
    const { setting, voiceConnectorId } = await begun({ state: 'queued' });
    await updateTeardown(connectLedger(setting.edge))(voiceConnectorId, stranger, {
      phase: 'window',
      windowEndsAt: '2026-01-12T09:00:00.000Z',
    });
    await over(setting, stranger);
    const refused = await inspect(setting, { voiceConnectorId });
    expect(JSON.stringify(refused)).toContain('until 2026-01-12T09:00:00.000Z');
  });
});

describe('A resumed run with unchanged input', () => {
  it.each(['attached', 'unassigned', 'queued'] as const)(
    'fits where the numbers were left %s: with the count that was stated, and without',
    async (state) => {
      for (const request of [{}, { expectedPhoneNumbers: 4 }]) {
        const { setting, voiceConnectorId, e164s } = await open({ state });
        const resumed = await inspect(setting, { voiceConnectorId, resume: true, ...request });
        expect(resumed).toEqual({
          verdict: 'release',
          execution,
          voiceConnectorId,
          name: 'Trunk',
          phoneNumbers: 4,
          plan: clearPlan(voiceConnectorId, e164s),
          generation: aGeneration,
          batches: state === 'queued' ? [] : [0],
          detachFromGroups: false,
          overrides: [],
          pace: 0,
          releasedSince: '2026-01-05T09:00:00.000Z',
        });
        expect(changes(setting.chime)).toEqual([]);
      }
    },
  );

  it('fits where there is nothing to resume', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 2 });
    expect(await inspect(setting, { voiceConnectorId, resume: true })).toMatchObject({ phoneNumbers: 2 });
  });

  it('fits with more numbers than may go uncounted: they were counted before', async () => {
    const { setting, voiceConnectorId } = await open({ state: 'unassigned' }, 3);
    expect(await inspect(setting, { voiceConnectorId, resume: true })).toMatchObject({ phoneNumbers: 4 });
  });

  it('leaves no batch of the plan before', async () => {
    const { setting, voiceConnectorId, batch } = await open({ state: 'unassigned', batchSize: 1 });
    await inspect(setting, { voiceConnectorId, resume: true });
    const table = connectLedger(setting.edge);
    expect(await Array.fromAsync(readBatches(table)(voiceConnectorId, batch.generation))).toEqual([]);
    expect(await batchesOf(setting, { voiceConnectorId })).toHaveLength(1);
  });
});

type Hand = (account: Account, begun: Begun) => void;
const added: Hand = (account, { voiceConnectorId }) =>
  account.addNumber({ e164: '+13125550199', connectorId: voiceConnectorId });
const moved: Hand = (account, { e164s }) =>
  account.associate(at(e164s, 1), account.addConnector().voiceConnectorId);
const restored: Hand = (account, { e164s }) => account.restore(at(e164s, 1));
const putBack: Hand = (account, { e164s, voiceConnectorId }) =>
  account.associate(at(e164s, 1), voiceConnectorId);

describe('A resumed run that finds other numbers than were agreed on', () => {
  const changed: [string, 'unassigned' | 'queued', Hand, number][] = [
    ['added', 'queued', added, 5],
    ['moved to another connector', 'queued', moved, 3],
    ['moved before it was queued', 'unassigned', moved, 3],
    ['restored', 'queued', restored, 3],
    ['put back on the connector', 'queued', putBack, 4],
    ['put back before it was queued', 'unassigned', putBack, 4],
  ];

  it.each(changed)('is refused as PlanChanged where one was %s', async (_how, state, change, count) => {
    const { setting, voiceConnectorId } = await open({ state, change });
    const refused = await inspect(setting, { voiceConnectorId, resume: true });
    expect(codesOf(refused)).toEqual(['PlanChanged']);
    expect(JSON.stringify(refused)).toContain(`it had 4, and now there are ${count}`);
    expect(changes(setting.chime)).toEqual([]);
  });

  const counted = changed.filter(([, , , count]) => count !== 4);
  it.each(counted)(
    'goes on where one was %s, if the new count is stated',
    async (_how, state, change, count) => {
      const { setting, voiceConnectorId } = await open({ state, change });
      const request = { voiceConnectorId, resume: true, expectedPhoneNumbers: count };
      expect(await inspect(setting, request)).toMatchObject({ verdict: 'release', phoneNumbers: count });
    },
  );

  const swapped: Hand = (account, begun) => {
    moved(account, begun);
    added(account, begun);
  };
  it.each([
    ['put back on the connector', 'queued', putBack],
    ['put back before it was queued', 'unassigned', putBack],
    ['moved, and another added,', 'queued', swapped],
  ] as const)(
    'is refused where one was %s, also with the count of the first run',
    async (_how, state, change) => {
      const { setting, voiceConnectorId } = await open({ state, change });
      const refused = await inspect(setting, { voiceConnectorId, resume: true, expectedPhoneNumbers: 4 });
      expect(codesOf(refused)).toEqual(['PlanChanged']);
      expect(JSON.stringify(refused)).toContain('Take off the connector what is not to go');
      expect(changes(setting.chime)).toEqual([]);
    },
  );

  it('is refused as CountMismatch where another count is stated', async () => {
    const { setting, voiceConnectorId } = await open({ state: 'queued', change: restored });
    const refused = await inspect(setting, { voiceConnectorId, resume: true, expectedPhoneNumbers: 4 });
    expect(codesOf(refused)).toEqual(['CountMismatch']);
  });
});

describe('A connector that is gone', () => {
  it.each(['releasing', 'window', 'deleting', 'failed', 'interrupted'] as const)(
    'whose teardown was left in phase %s has its numbers brought to their end',
    async (phase) => {
      const change: Hand = (account, { voiceConnectorId }) => account.deleteConnector(voiceConnectorId);
      const { setting, voiceConnectorId, inspected } = await open({ phase, change });
      expect(codesOf(await inspect(setting, { voiceConnectorId }))).toEqual(['Unfinished']);
      expect(await inspect(setting, { voiceConnectorId, resume: true })).toMatchObject({
        verdict: 'release',
        name: 'Trunk',
        phoneNumbers: 4,
        plan: {
          ...inspected.plan,
          warnings: [...ofEveryRelease(voiceConnectorId, restoreMachine), offConnector(4)],
        },
        batches: [0],
      });
      const batches = await batchesOf(setting, { voiceConnectorId });
      expect(new Set(batches.flatMap(({ numbers }) => numbers.map(({ state }) => state)))).toEqual(
        new Set(['unassigned']),
      );
    },
  );

  it.each([{}, { resume: true }, { dryRun: true }, { expectedPhoneNumbers: 7 }])(
    'and is deleted by the ledger is already deleted (%j); nothing is written',
    async (request) => {
      const { setting, voiceConnectorId, inspected } = await open({ phase: 'deleted' });
      setting.chime.state.deleteConnector(voiceConnectorId);
      const items = await setting.ledger.items();
      expect(await inspect(setting, { voiceConnectorId, ...request })).toEqual({
        verdict: 'alreadyDeleted',
        answer: {
          outcome: 'alreadyDeleted',
          voiceConnectorId,
          name: 'Trunk',
          phoneNumbers: 4,
          plan: inspected.plan,
        },
      });
      expect(await setting.ledger.items()).toEqual(items);
    },
  );

  it.each([{}, { resume: true }, { dryRun: true }, { expectedPhoneNumbers: 0 }])(
    'and that the ledger does not know is ConnectorNotFound (%j): a typo must not look like success',
    async (request) => {
      const setting = await openSetting();
      const refused = await inspect(setting, { voiceConnectorId: 'nosuchconnector', ...request });
      expect([refused.verdict, codesOf(refused)]).toEqual(['refused', ['ConnectorNotFound']]);
    },
  );
});

describe('The inspection, run twice by the same execution,', () => {
  it.each([{}, { resume: true }])(
    'answers the same and does not write the batches again (%j)',
    async (request) => {
      const { setting, voiceConnectorId } = await open({
        state: 'unassigned',
        phase: request.resume ? 'failed' : 'deleted',
      });
      if (!request.resume)
        setting.chime.state.addNumber({ e164: '+13125550199', connectorId: voiceConnectorId });
      const first = await inspect(setting, { voiceConnectorId, ...request });
      const [items, calls] = [await setting.ledger.items(), setting.wire.calls.length];
      expect(await inspect(setting, { voiceConnectorId, ...request })).toEqual(first);
      expect(await setting.ledger.items()).toEqual(items);
      expect(writes(setting, calls).filter((item) => item !== 'teardown')).toEqual([]);
    },
  );

  it('removes superseded plans that its first run left behind', async () => {
    const { setting, voiceConnectorId, batch } = await open({ state: 'unassigned' });
    let isDead = false;
    setting.wire.refuse = ({ operation }) => operation === 'DeleteItem' && !isDead;
    await inspect(setting, { voiceConnectorId, resume: true }).catch(() => undefined);
    isDead = true;
    await inspect(setting, { voiceConnectorId, resume: true });
    const table = connectLedger(setting.edge);
    expect(await Array.fromAsync(readBatches(table)(voiceConnectorId, batch.generation))).toEqual([]);
  });

  it('is refused the second time where another execution has taken over meanwhile', async () => {
    const { setting, voiceConnectorId } = await open({ state: 'unassigned' });
    await inspect(setting, { voiceConnectorId, resume: true });
    const table = connectLedger(setting.edge);
    await closeTeardown(table)(voiceConnectorId, execution.id, { phase: 'interrupted' });
    const next = executionNamed('next');
    running(setting, next.id);
    await setting.clock.sleep(3_600_000);
    await inspect(setting, { voiceConnectorId, resume: true }, next);
    const refused = await inspect(setting, { voiceConnectorId, resume: true });
    expect(codesOf(refused)).toEqual(['AlreadyRunning']);
    expect((await teardownOf(setting, voiceConnectorId))?.holder).toBe(next.id);
  });
});

type Options = Partial<Parameters<typeof leave>[1]> & { readonly change?: Hand };

/** An earlier run has ended without finishing; then somebody has changed things by hand. */
async function open(
  { change, ...options }: Options = {},
  maxPhoneNumbers = 1_000,
): Promise<Begun & { setting: Setting }> {
  const setting = await openSetting({ maxPhoneNumbers });
  const left = await leave(setting, { numbers: 4, ...options });
  change?.(setting.chime.state, left);
  return { setting, ...left };
}

/** An earlier run holds the teardown. */
async function begun(options: Partial<Parameters<typeof begin>[1]>): Promise<Begun & { setting: Setting }> {
  const setting = await openSetting();
  return { setting, ...(await begin(setting, { numbers: 4, holder: stranger, ...options })) };
}
