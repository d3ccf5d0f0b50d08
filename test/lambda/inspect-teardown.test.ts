import { describe, expect, it } from '@jest/globals';
import { switchPositions } from '../../local/chime/switches.ts';
import { codesOf, inspect } from './inspection.ts';
import { inspectTeardown } from './restore-setting.ts';
import { at, changes, errorOf } from './setting.ts';
import {
  executionNamed,
  leave,
  openSetting,
  restoreNamed,
  type Setting,
  teardownOf,
} from './teardown-setting.ts';

const nine = '2026-01-05T09:00:00.000Z';

describe('A request to restore', () => {
  it('is refused with all of its faults at once', async () => {
    const setting = await openSetting();
    const request = {
      voiceConnectorId: 'no such',
      dryRun: 'yes',
      resume: true,
      requestedBy: 7,
      number: '+12065550100',
    };
    const refused = await inspectTeardown(setting, request);
    if (refused.verdict !== 'refused') throw new Error('It is refused.');
    expect(refused.blockers.map(({ code }) => code)).toEqual(Array(5).fill('InvalidInput'));
    const told = refused.blockers.map(({ message }) => message).join(' ');
    expect(told).toContain('voiceConnectorId must be 1 to 128 letters, digits or hyphens, not "no such".');
    expect(told).toContain('dryRun must be true or false, not "yes".');
    expect(told).toContain('requestedBy must be a string, not 7.');
    expect(told).toContain('resume is not a field of the request.');
    expect(told).toContain('number is not a field of the request.');
    expect(at(refused.blockers, 0).wayOut).toBe(
      'The fields are voiceConnectorId, dryRun, requestedBy, reason; only voiceConnectorId is required.',
    );
    expect(refused).not.toHaveProperty('voiceConnectorId');
  });

  it.each([null, [], 'abc', 7, {}, { voiceConnectorId: '' }])(
    'that is %j is refused before anything is asked for',
    async (request) => {
      const setting = await openSetting();
      expect(await inspectTeardown(setting, request)).toMatchObject({
        verdict: 'refused',
        blockers: [{ code: 'InvalidInput' }],
      });
      expect(setting.chime.requests).toEqual([]);
      expect(setting.wire.calls).toEqual([]);
    },
  );
});

describe('A connector of which the ledger knows no teardown', () => {
  it.each(switchPositions.errorHeader)(
    'and the service nothing either is refused, and nothing is written (error header %s)',
    async (errorHeader) => {
      const setting = await openSetting({ switches: { errorHeader } });
      expect(await inspectTeardown(setting, { voiceConnectorId: 'nosuchconnector' })).toEqual({
        verdict: 'refused',
        execution: restoreNamed('ours'),
        voiceConnectorId: 'nosuchconnector',
        blockers: [
          {
            code: 'NoTeardown',
            message:
              'There is no connector nosuchconnector in this account and Region, and the ledger knows of no teardown.',
            wayOut: 'Check the id and the Region.',
          },
        ],
      });
      expect(await setting.ledger.items()).toEqual([]);
    },
  );

  it('is refused where it exists; runs that are on their way are refused from then on', async () => {
    const { setting, voiceConnectorId } = await untouchedConnector();
    const refused = await inspectTeardown(setting, { voiceConnectorId });
    expect(refused).toMatchObject({ verdict: 'refused', blockers: [{ code: 'NoTeardown' }] });
    expect(JSON.stringify(refused)).toContain(
      `The ledger knows of no teardown of connector ${voiceConnectorId}: nothing of it was released. A run that was ` +
        'started before now, and has come to nothing yet, is refused from now on.',
    );
    const items = await setting.ledger.items();
    expect(items).toMatchObject([{ item: 'teardown', phase: 'restored', refusesRunsUntil: nine }]);
    expect(items[0]).not.toHaveProperty('holder');

    const run = await inspect(setting, { voiceConnectorId });
    expect(run).toMatchObject({
      verdict: 'refused',
      blockers: [
        {
          code: 'RestoreRequested',
          message: `A restore of connector ${voiceConnectorId} was asked for at ${nine}; this run was started at ${nine}, not after that.`,
          wayOut: 'If the connector is to go all the same, start a new run.',
        },
      ],
    });
    expect(await setting.ledger.items()).toEqual(items);
    expect(changes(setting.chime)).toEqual([]);
  });

  it('may be torn down by a run that is started later', async () => {
    const { setting, voiceConnectorId } = await untouchedConnector();
    await inspectTeardown(setting, { voiceConnectorId });
    const later = { ...executionNamed('later'), startedAt: '2026-01-05T09:00:00.001Z' };
    expect(await inspect(setting, { voiceConnectorId }, later)).toMatchObject({ verdict: 'release' });
    const teardown = await teardownOf(setting, voiceConnectorId);
    expect(teardown).toMatchObject({ phase: 'releasing', holder: later.id });
    expect(teardown).not.toHaveProperty('refusesRunsUntil');
  });

  it('is not torn down by a run that had all but opened the teardown as the restore was asked for', async () => {
    const { setting, voiceConnectorId } = await untouchedConnector();
    let isAsked = false;
    setting.chime.hooks.afterEffect = async ({ operation }) => {
      if (operation !== 'ListPhoneNumbers') return;
      isAsked = true;
      await inspectTeardown(setting, { voiceConnectorId });
    };
    expect((await errorOf(inspect(setting, { voiceConnectorId }))).name).toBe('Overtaken');
    expect(isAsked).toBe(true);
    expect((await teardownOf(setting, voiceConnectorId))?.phase).toBe('restored');
    expect(codesOf(await inspect(setting, { voiceConnectorId }))).toEqual(['RestoreRequested']);
  });

  it('is looked at again where a run opens a teardown in that moment', async () => {
    const { setting, voiceConnectorId } = await untouchedConnector();
    setting.chime.hooks.afterEffect = async () => {
      setting.chime.hooks.afterEffect = undefined;
      await inspect(setting, { voiceConnectorId }, executionNamed('another'));
    };
    expect((await errorOf(inspectTeardown(setting, { voiceConnectorId }))).name).toBe('Overtaken');
    expect(await inspectTeardown(setting, { voiceConnectorId })).toMatchObject({ verdict: 'restore' });
  });

  it('is refused again where it is asked for again, and so are the runs until then', async () => {
    const { setting, voiceConnectorId } = await untouchedConnector();
    await inspectTeardown(setting, { voiceConnectorId });
    await setting.clock.sleep(60_000);
    const again = await inspectTeardown(setting, { voiceConnectorId }, restoreNamed('second'));
    expect(again).toMatchObject({ verdict: 'refused', blockers: [{ code: 'NoTeardown' }] });
    const between = { ...executionNamed('between'), startedAt: '2026-01-05T09:00:59.000Z' };
    expect(codesOf(await inspect(setting, { voiceConnectorId }, between))).toEqual(['RestoreRequested']);
  });

  it('is only looked at by a dry run, which says no more than it does', async () => {
    const { setting, voiceConnectorId } = await untouchedConnector();
    const refused = await inspectTeardown(setting, { voiceConnectorId, dryRun: true });
    expect(refused).toMatchObject({ verdict: 'refused', blockers: [{ code: 'NoTeardown' }] });
    expect(JSON.stringify(refused)).not.toContain('refused from now on');
    expect(await setting.ledger.items()).toEqual([]);
    expect(await inspect(setting, { voiceConnectorId })).toMatchObject({ verdict: 'release' });
  });
});

describe('A teardown that has come to its end', () => {
  it('has nothing to restore: numbers and connector are gone', async () => {
    const { setting, voiceConnectorId } = await ended('deleted');
    const items = await setting.ledger.items();
    for (const dryRun of [false, true]) {
      expect(await inspectTeardown(setting, { voiceConnectorId, dryRun })).toMatchObject({
        verdict: 'refused',
        blockers: [
          {
            code: 'NothingToRestore',
            message: `The teardown of connector ${voiceConnectorId} was finished at some time, after its window: 3 of 3 numbers are gone, and so is the connector.`,
            wayOut:
              'Nothing can bring them back. What the connector was is in the ledger (item "teardown", attribute "snapshot").',
          },
        ],
      });
    }
    expect(await setting.ledger.items()).toEqual(items);
    expect(setting.chime.requests).toEqual([]);
  });

  it.each([3, 0])(
    'as restored is a success, however often that is asked for (%d numbers)',
    async (phoneNumbers) => {
      const { setting, voiceConnectorId } = await ended('restored', phoneNumbers);
      for (const name of ['one', 'two']) {
        expect(await inspectTeardown(setting, { voiceConnectorId }, restoreNamed(name))).toEqual({
          verdict: 'alreadyRestored',
          answer: { outcome: 'alreadyRestored', voiceConnectorId, name: 'Trunk', phoneNumbers },
        });
      }
      expect(changes(setting.chime)).toEqual([]);
    },
  );

  it('as restored is kept as it was, but for the runs that are refused', async () => {
    const { setting, voiceConnectorId } = await ended('restored');
    const [teardown, items] = [await teardownOf(setting, voiceConnectorId), await setting.ledger.items()];
    await inspectTeardown(setting, { voiceConnectorId, dryRun: true });
    expect(await setting.ledger.items()).toEqual(items);
    await inspectTeardown(setting, { voiceConnectorId });
    expect(await teardownOf(setting, voiceConnectorId)).toEqual({ ...teardown, refusesRunsUntil: nine });
    expect(codesOf(await inspect(setting, { voiceConnectorId }))).toEqual(['RestoreRequested']);
    const later = { ...executionNamed('later'), startedAt: '2026-01-05T09:00:01.000Z' };
    expect(await inspect(setting, { voiceConnectorId }, later)).toMatchObject({ verdict: 'release' });
  });
});

async function untouchedConnector() {
  const setting = await openSetting();
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 3, name: 'Trunk' });
  return { setting, voiceConnectorId };
}

async function ended(
  phase: 'deleted' | 'restored',
  numbers = 3,
): Promise<{ setting: Setting; voiceConnectorId: string }> {
  const setting = await openSetting();
  const { voiceConnectorId } = await leave(setting, { numbers, phase });
  return { setting, voiceConnectorId };
}
