import { describe, expect, it } from '@jest/globals';
import { connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import { clearPlan, codesOf, inspect } from './inspection.ts';
import { at, changes } from './setting.ts';
import {
  begin,
  execution,
  leave,
  openSetting,
  restoreMachine,
  running,
  stranger,
  writes,
} from './teardown-setting.ts';

describe('A dry run', () => {
  it('answers with the plan, and writes nothing', async () => {
    const { setting, voiceConnectorId, e164s } = await fresh(3);
    expect(await inspect(setting, { voiceConnectorId, dryRun: true })).toEqual({
      verdict: 'planned',
      answer: {
        outcome: 'planned',
        voiceConnectorId,
        name: 'Trunk',
        phoneNumbers: 3,
        plan: clearPlan(voiceConnectorId, e164s),
        forecast: {
          calls: {
            DisassociatePhoneNumbersFromVoiceConnector: 1,
            BatchDeletePhoneNumber: 1,
            DeleteVoiceConnector: 1,
          },
          windowEndsAt: '2026-01-12T09:00:00.000Z',
          monthlyCost: { usDollars: 3, basis: expect.any(String) },
          toKeepSome: expect.stringContaining(`--voice-connector-id ${voiceConnectorId}`),
        },
      },
    });
    expect(await setting.ledger.items()).toEqual([]);
    expect(changes(setting.chime)).toEqual([]);
  });

  it('tells what would refuse the run', async () => {
    const { setting, voiceConnectorId } = await fresh(3);
    const planned = await inspect(setting, { voiceConnectorId, dryRun: true, expectedPhoneNumbers: 4 });
    expect(planned).toMatchObject({ answer: { plan: { blockers: [{ code: 'CountMismatch' }] } } });
    expect(await setting.ledger.items()).toEqual([]);
  });
});

describe('A dry run on a teardown that is under way', () => {
  it.each([
    [true, ['AlreadyRunning']],
    [false, ['Unfinished']],
  ])(
    'tells how that stands, and changes nothing (its execution is running: %p)',
    async (isRunning, codes) => {
      const { setting, voiceConnectorId } = await underWay();
      const windowEndsAt = '2026-01-12T09:00:00.000Z';
      const table = connectLedger(setting.edge);
      await updateTeardown(table)(voiceConnectorId, stranger, { phase: 'window', windowEndsAt });
      const end = running(setting, stranger);
      if (!isRunning) await end();
      const [items, calls] = [await setting.ledger.items(), setting.wire.calls.length];
      const planned = await inspect(setting, { voiceConnectorId, dryRun: true });
      if (planned.verdict !== 'planned') throw new Error('It is a plan.');
      expect(planned.answer.teardown).toEqual({
        phase: 'window',
        execution: stranger,
        isRunning,
        ...{ attached: 0, unassigned: 0, queued: 4, gone: 0, reclaimed: 0 },
        windowEndsAt,
        resumeCommand: startCommand(execution.stateMachine, { voiceConnectorId, resume: true }),
        restoreCommand: startCommand(restoreMachine, { voiceConnectorId }),
      });
      expect([planned.answer.phoneNumbers, codesOf(planned)]).toEqual([4, codes]);
      expect(await setting.ledger.items()).toEqual(items);
      expect(writes(setting, calls)).toEqual([]);
      expect(changes(setting.chime)).toEqual([]);
    },
  );

  it('tells with "resume" what the resumed run would do', async () => {
    const setting = await openSetting();
    const { voiceConnectorId, e164s } = await leave(setting, { numbers: 4, state: 'queued' });
    setting.chime.state.restore(at(e164s, 1));
    const items = await setting.ledger.items();
    const planned = await inspect(setting, { voiceConnectorId, dryRun: true, resume: true });
    expect(codesOf(planned)).toEqual(['PlanChanged']);
    expect(planned).toMatchObject({ answer: { phoneNumbers: 3, teardown: { isRunning: false } } });
    expect(await setting.ledger.items()).toEqual(items);
  });
});

describe('A dry run on a connector that is gone', () => {
  it('has no groups to leave, asks it for no numbers, and tells what is left of its teardown', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = await leave(setting, { numbers: 4, state: 'queued' });
    setting.chime.state.deleteConnector(voiceConnectorId);
    const request = { voiceConnectorId, dryRun: true, resume: true, detachFromGroups: true };
    expect(await inspect(setting, request)).toMatchObject({
      answer: { name: 'Trunk', phoneNumbers: 4, plan: { blockers: [] } },
    });
    const asked = setting.chime.requests.filter(({ target }) => target.includes(voiceConnectorId));
    expect(asked.map(({ operation }) => operation)).toEqual(['GetVoiceConnector']);
  });
});

describe('A refusal', () => {
  it('says what the connector is called: nobody knows it by its id', async () => {
    const { setting, voiceConnectorId } = await fresh(3);
    const refused = await inspect(setting, { voiceConnectorId, expectedPhoneNumbers: 4 });
    expect(refused).toMatchObject({ verdict: 'refused', name: 'Trunk' });
  });
});

async function fresh(numbers: number) {
  const setting = await openSetting();
  return { setting, ...setting.chime.seedConnector({ numbers, name: 'Trunk' }) };
}

/** An earlier run holds the teardown, and has queued its numbers. */
async function underWay() {
  const setting = await openSetting();
  return { setting, ...(await begin(setting, { numbers: 4, state: 'queued', holder: stranger })) };
}

function startCommand(machine: string, input: object): string {
  return `aws stepfunctions start-execution --state-machine-arn ${machine} --input '${JSON.stringify(input)}'`;
}
