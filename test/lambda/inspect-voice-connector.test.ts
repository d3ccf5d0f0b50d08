import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/inspect-voice-connector.ts';
import { ofEveryRelease } from '../../lambda/inspection/warnings.ts';
import { fingerprintOf } from '../../lambda/plan.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { clearPlan, codesOf, inspect, trunk } from './inspection.ts';
import { changes, errorOf, reply, script } from './setting.ts';
import {
  aGeneration,
  batchesOf,
  execution,
  leave,
  openSetting,
  restoreMachine,
  teardownOf,
} from './teardown-setting.ts';

const aPhoneNumber = /\+?1\d{10}/;

describe('A connector that may go', () => {
  it.each(switchPositions.numberIdForm)(
    'has all of its numbers in the ledger, as the service gave them (ids in the form "%s")',
    async (numberIdForm) => {
      const setting = await openSetting({ switches: { numberIdForm } });
      setting.chime.seedConnector({ numbers: 2 });
      const { voiceConnectorId, e164s } = setting.chime.seedConnector({ numbers: 250, name: 'Trunk' });
      await inspect(setting, { voiceConnectorId, reason: 'CHG-1', requestedBy: 'jane' });
      expect(await batchesOf(setting, { voiceConnectorId })).toEqual([
        {
          index: 0,
          numbers: e164s.map((e164) => ({
            id: numberIdForm === 'percent' ? e164.replace('+', '%2B') : e164,
            e164,
            state: 'attached',
          })),
        },
      ]);
      expect(await teardownOf(setting, voiceConnectorId)).toEqual({
        voiceConnectorId,
        name: 'Trunk',
        phase: 'releasing',
        holder: execution.id,
        holderSince: '2026-01-05T09:00:00.000Z',
        busyUntil: expect.any(String),
        execution: execution.id,
        generation: aGeneration,
        batchesToRelease: 1,
        warnings: ofEveryRelease(voiceConnectorId, restoreMachine),
        snapshot: {
          connector: trunk(voiceConnectorId),
          configuration: { terminationUsernames: [] },
          tags: {},
          groups: [],
          takenAt: '2026-01-05T09:00:00.000Z',
        },
        stateMachine: execution.stateMachine,
        restoreStateMachine: restoreMachine,
        phoneNumbers: 250,
        fingerprint: fingerprintOf(voiceConnectorId, e164s),
        startedAt: '2026-01-05T09:00:00.000Z',
        releasedSince: '2026-01-05T09:00:00.000Z',
        requestedBy: 'jane',
        reason: 'CHG-1',
      });
    },
  );

  it('is handed on with ids and counts, and without a number', async () => {
    const { setting, voiceConnectorId, e164s } = await open(3);
    const inspected = await inspect(setting, { voiceConnectorId });
    expect(inspected).toEqual({
      verdict: 'release',
      execution,
      voiceConnectorId,
      name: 'Trunk',
      phoneNumbers: 3,
      plan: clearPlan(voiceConnectorId, e164s),
      generation: aGeneration,
      batches: [0],
      detachFromGroups: false,
      overrides: [],
      pace: 0,
      releasedSince: '2026-01-05T09:00:00.000Z',
    });
    expect(JSON.stringify(inspected).replace(/execution:[^"]*|111122223333/g, '')).not.toMatch(aPhoneNumber);
    expect(changes(setting.chime)).toEqual([]);
  });

  it.each([
    [500, [500]],
    [501, [500, 1]],
    [1_000, [500, 500]],
  ])('with %d numbers has batches of at most 500', async (numbers, sizes) => {
    const { setting, voiceConnectorId } = await open(numbers);
    const inspected = await inspect(setting, { voiceConnectorId });
    expect(inspected).toMatchObject({ verdict: 'release', batches: sizes.map((_, index) => index) });
    const found = await batchesOf(setting, { voiceConnectorId });
    expect(found.map((batch) => batch.numbers.length)).toEqual(sizes);
  });

  it('hands on what the run was asked: which blockers to override, and to leave the groups', async () => {
    const { setting, voiceConnectorId } = await open(3);
    const asked = { detachFromGroups: true, overrides: ['InUse'] };
    const inspected = await inspect(setting, { voiceConnectorId, ...asked });
    expect(inspected).toMatchObject({ verdict: 'release', ...asked });
    expect(await inspect(setting, { voiceConnectorId, ...asked })).toEqual(inspected);
    expect((await teardownOf(setting, voiceConnectorId))?.overrides).toEqual(['InUse']);
  });

  it('without numbers is deleted at once, if 0 are expected', async () => {
    const { setting, voiceConnectorId } = await open(0);
    const inspected = await inspect(setting, { voiceConnectorId, expectedPhoneNumbers: 0 });
    expect(inspected).toMatchObject({ verdict: 'delete', phoneNumbers: 0, batches: [] });
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({
      phase: 'releasing',
      batchesToRelease: 0,
    });
  });

  it('may have more numbers than go uncounted, if their count is stated', async () => {
    const { setting, voiceConnectorId } = await open(3, { maxPhoneNumbers: 2 });
    const inspected = await inspect(setting, { voiceConnectorId, expectedPhoneNumbers: 3 });
    expect(inspected).toMatchObject({ verdict: 'release', phoneNumbers: 3 });
  });

  it('counts a number once that the list shows twice', async () => {
    const { setting, voiceConnectorId } = await open(0);
    const number = (id: string) => ({
      PhoneNumberId: id,
      E164PhoneNumber: '+12065550100',
      Status: 'Assigned',
      Associations: [{ Name: 'VoiceConnectorId', Value: voiceConnectorId }],
    });
    setting.chime.faults.set(
      script(
        'ListPhoneNumbers',
        reply({ PhoneNumbers: [number('%2B12065550100')], NextToken: 'next' }),
        reply({ PhoneNumbers: [number('+12065550100')] }),
      ),
    );
    expect(await inspect(setting, { voiceConnectorId })).toMatchObject({ phoneNumbers: 1 });
  });

  it('leaves out a number that is listed and not on it, whatever the list was asked for', async () => {
    const { setting, voiceConnectorId } = await open(1);
    setting.chime.state.addNumber({ e164: '+13125550199' });
    const numbers = ['+12065550100', '+13125550199'].map((e164) => ({
      PhoneNumberId: e164,
      E164PhoneNumber: e164,
      Status: 'Unassigned',
    }));
    setting.chime.faults.set(script('ListPhoneNumbers', reply({ PhoneNumbers: numbers })));
    expect(await inspect(setting, { voiceConnectorId })).toMatchObject({
      verdict: 'release',
      phoneNumbers: 1,
    });
    const batches = await batchesOf(setting, { voiceConnectorId });
    expect(batches.flatMap((batch) => batch.numbers.map(({ e164 }) => e164))).toEqual(['+12065550100']);
  });

  it('is inspected again by the same execution with the same result', async () => {
    const { setting, voiceConnectorId } = await open(3);
    const first = await inspect(setting, { voiceConnectorId });
    const items = await setting.ledger.items();
    expect(await inspect(setting, { voiceConnectorId })).toEqual(first);
    expect(await setting.ledger.items()).toEqual(items);
  });

  it('has a plan of its own after a teardown that came to its end', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = await leave(setting, { numbers: 3, phase: 'deleted' });
    expect(await inspect(setting, { voiceConnectorId })).toMatchObject({
      verdict: 'release',
      generation: aGeneration,
    });
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({
      holder: execution.id,
      generation: aGeneration,
    });
  });
});

describe('A run is refused, and nothing is written or changed,', () => {
  it.each([
    ['CountMismatch', 3, { expectedPhoneNumbers: 4 }],
    ['NoPhoneNumbers', 0, {}],
    ['CountMismatch', 0, { expectedPhoneNumbers: 1 }],
    ['TooManyNumbers', 6, {}],
    ['InvalidInput', 3, { force: true }],
    ['InvalidInput', 3, { dryRun: 'true' }],
  ])('with %s (%d numbers, %j)', async (code, numbers, request) => {
    const { setting, voiceConnectorId } = await open(numbers, { maxPhoneNumbers: 5 });
    const refused = await inspect(setting, { voiceConnectorId, ...request });
    expect(refused).toMatchObject({ verdict: 'refused', execution, blockers: [{ code }] });
    expect(await setting.ledger.items()).toEqual([]);
    expect(changes(setting.chime)).toEqual([]);
  });

  it.each([null, [], 'abc', 7, {}])(
    'where the input is %p, before anything is asked for',
    async (request) => {
      const setting = await openSetting();
      const refused = await inspect(setting, request);
      expect(refused).toMatchObject({ verdict: 'refused', blockers: [{ code: 'InvalidInput' }] });
      expect(setting.chime.requests).toEqual([]);
      expect(setting.wire.calls).toEqual([]);
    },
  );

  it('where there is no such connector', async () => {
    const setting = await openSetting();
    const refused = await inspect(setting, { voiceConnectorId: 'nosuchconnector' });
    expect(refused).toMatchObject({
      verdict: 'refused',
      voiceConnectorId: 'nosuchconnector',
      blockers: [{ code: 'ConnectorNotFound' }],
    });
    expect(await setting.ledger.items()).toEqual([]);
  });

  it.each(['releasing', 'window', 'deleting', 'failed', 'interrupted'] as const)(
    'where an earlier run has left the connector in phase %s',
    async (phase) => {
      const setting = await openSetting();
      const { voiceConnectorId } = await leave(setting, { numbers: 3, phase });
      const items = await setting.ledger.items();
      const refused = await inspect(setting, { voiceConnectorId });
      expect(codesOf(refused)).toEqual(['Unfinished']);
      expect(JSON.stringify(refused)).toContain(phase);
      expect(await setting.ledger.items()).toEqual(items);
      expect(changes(setting.chime)).toEqual([]);
    },
  );

  it('where an earlier run was left unfinished, and all other blockers are told with it', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = await leave(setting, { numbers: 3 });
    const refused = await inspect(setting, { voiceConnectorId, expectedPhoneNumbers: 7 });
    expect(codesOf(refused)).toEqual(['Unfinished', 'CountMismatch']);
  });
});

describe('The inspection fails', () => {
  it.each([
    ...['MAX_PHONE_NUMBERS', 'QUIET_DAYS'].flatMap((name) =>
      [undefined, '', 'many', '-1', '1.5'].map((value) => [name, value] as const),
    ),
    ...['PROTECTION_TAG', 'REQUIRE_APPROVED_PLAN', 'RESTORE_STATE_MACHINE_ARN'].flatMap((name) =>
      [undefined, ''].map((value) => [name, value] as const),
    ),
  ])('where the variable %s is %p, a fault of the deployment', async (name, value) => {
    const { edge } = await openSetting();
    const connecting = () => connect({ ...edge, env: { ...edge.env, [name]: value } });
    expect(connecting).toThrow(expect.objectContaining({ name: 'BadEnvironment' }));
    expect(connecting).toThrow(name);
  });

  it('where the list of numbers cannot be read to its end, and writes nothing', async () => {
    const { setting, voiceConnectorId } = await open(250);
    const fault = { status: 403, code: 'Forbidden', message: 'No more.' };
    setting.chime.faults.set({ script: [{ operation: 'ListPhoneNumbers', nth: 2, fault }] });
    expect((await errorOf(inspect(setting, { voiceConnectorId }))).name).toBe('ForbiddenException');
    expect(await setting.ledger.items()).toEqual([]);
  });
});

async function open(numbers: number, options: { maxPhoneNumbers?: number } = {}) {
  const setting = await openSetting(options);
  return { setting, ...setting.chime.seedConnector({ numbers, name: 'Trunk' }) };
}
