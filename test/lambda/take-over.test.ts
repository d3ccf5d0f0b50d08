import { describe, expect, it } from '@jest/globals';
import { connect as closeTeardown } from '../../lambda/close-teardown.ts';
import { connectLedger, hold, takeOver } from '../../lambda/ledger/ledger.ts';
import { codesOf, inspect } from './inspection.ts';
import { at, changes, errorOf, run } from './setting.ts';
import {
  aGeneration,
  batchesOf,
  begin,
  execution,
  executionNamed,
  leave,
  openSetting,
  over,
  running,
  type Setting,
  stranger,
  teardownOf,
} from './teardown-setting.ts';

const hour = 3_600_000;
const later = '2026-01-05T09:05:00.000Z';

describe('A teardown that another execution holds', () => {
  it.each([{}, { resume: true }, { resume: true, expectedPhoneNumbers: 3 }])(
    'is refused as AlreadyRunning while that runs, however long (%j); nothing is read or changed',
    async (request) => {
      const { setting, voiceConnectorId } = await open();
      running(setting, stranger);
      await setting.clock.sleep(200 * hour);
      const items = await setting.ledger.items();
      const refused = await inspect(setting, { voiceConnectorId, ...request });
      expect(codesOf(refused)).toEqual(['AlreadyRunning']);
      expect(JSON.stringify(refused)).toContain(stranger);
      expect(await setting.ledger.items()).toEqual(items);
      expect(setting.chime.calls().ListPhoneNumbers).toBe(0);
    },
  );

  it('counts as running for an hour where Step Functions does not know the execution: it may be about to', async () => {
    const { setting, voiceConnectorId } = await open();
    const request = { voiceConnectorId, resume: true };
    expect(codesOf(await inspect(setting, request))).toEqual(['AlreadyRunning']);
    await setting.clock.sleep(hour - 1);
    expect(codesOf(await inspect(setting, request))).toEqual(['AlreadyRunning']);
    expect((await teardownOf(setting, voiceConnectorId))?.holder).toBe(stranger);
    await setting.clock.sleep(1);
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release', phoneNumbers: 3 });
    expect((await teardownOf(setting, voiceConnectorId))?.holder).toBe(execution.id);
  });

  it('is Unfinished, not AlreadyRunning, once that is over', async () => {
    const { setting, voiceConnectorId } = await open();
    await over(setting, stranger);
    expect(codesOf(await inspect(setting, { voiceConnectorId }))).toEqual(['Unfinished']);
    expect((await teardownOf(setting, voiceConnectorId))?.holder).toBe(stranger);
  });

  it('is taken over once that is over, where it is asked to', async () => {
    const { setting, voiceConnectorId, e164s } = await open();
    await over(setting, stranger);
    await setting.clock.sleep(1_000);
    const inspected = await inspect(setting, { voiceConnectorId, resume: true });
    expect(inspected).toMatchObject({
      verdict: 'release',
      generation: aGeneration,
      batches: [0],
      phoneNumbers: 3,
    });
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({
      holder: execution.id,
      holderSince: '2026-01-05T09:00:01.000Z',
      execution: execution.id,
      generation: aGeneration,
      phase: 'releasing',
    });
    const batches = await batchesOf(setting, { voiceConnectorId });
    expect(batches.flatMap(({ numbers }) => numbers.map(({ e164 }) => e164))).toEqual(e164s);
    expect(await setting.ledger.items()).toHaveLength(2);
  });

  it('is refused where the status of that execution cannot be read', async () => {
    const { setting, voiceConnectorId } = await open();
    await setting.states.close();
    const items = await setting.ledger.items();
    const error = await errorOf(inspect(setting, { voiceConnectorId, resume: true }));
    expect(error.name).toBe('ServiceUnreachable');
    expect(await setting.ledger.items()).toEqual(items);
  });
});

describe('A function of the execution before that may still be running', () => {
  it('is waited for, before anything of the connector is read', async () => {
    const { setting, voiceConnectorId } = await open();
    await hold(connectLedger(setting.edge))(voiceConnectorId, stranger, later);
    await over(setting, stranger);
    const resume = () => inspect(setting, { voiceConnectorId, resume: true });

    const error = await errorOf(resume());
    expect(error.name).toBe('OldStepRunning');
    expect(error.message).toBe(
      `A function of ${stranger} may be running until ${later}; waiting for its end.`,
    );
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({
      holder: execution.id,
      clearAt: later,
      execution: stranger,
    });
    await setting.clock.sleep(5 * 60_000 - 1);
    expect(await errorOf(resume())).toMatchObject({ name: 'OldStepRunning', message: error.message });
    expect(setting.chime.calls().ListPhoneNumbers).toBe(0);
    await setting.clock.sleep(1);
    expect(await resume()).toMatchObject({ verdict: 'release', generation: aGeneration });
    expect(await teardownOf(setting, voiceConnectorId)).not.toHaveProperty('clearAt');
  });

  it('is waited for after a failed run as well: other batches of its Map may be at work', async () => {
    const { setting, voiceConnectorId } = await open();
    await hold(connectLedger(setting.edge))(voiceConnectorId, stranger, later);
    const failure = { Error: 'E', Cause: 'C' };
    const ending = {
      outcome: 'failed',
      execution: executionNamed('another'),
      state: { voiceConnectorId, failure },
    };
    await run(setting, closeTeardown, { ...ending, outcome: 'failed' });
    const resume = () => inspect(setting, { voiceConnectorId, resume: true });
    expect((await errorOf(resume())).name).toBe('OldStepRunning');
    await setting.clock.sleep(5 * 60_000);
    expect(await resume()).toMatchObject({ verdict: 'release' });
  });

  it('keeps its lock no longer: it calls nothing any more', async () => {
    const { setting, voiceConnectorId } = await open();
    await over(setting, stranger);
    await inspect(setting, { voiceConnectorId, resume: true });
    const holding = hold(connectLedger(setting.edge))(voiceConnectorId, stranger, later);
    expect((await errorOf(holding)).name).toBe('LockLost');
  });

  it('is waited for also where it is the inspection of a resumed run, about to remove superseded plans', async () => {
    const { setting, voiceConnectorId } = await open();
    await over(setting, stranger);
    const end = running(setting, execution.id);
    const third = executionNamed('third');
    let late: unknown;
    setting.ledger.hooks.afterEffect = async (operation) => {
      const opened = await teardownOf(setting, voiceConnectorId);
      if (operation !== 'PutItem' || opened?.execution !== execution.id) return;
      setting.ledger.hooks.afterEffect = undefined;
      // The first resumed run has stalled here; somebody stops its execution and resumes again.
      await end();
      const resumed = inspect(setting, { voiceConnectorId, resume: true }, third);
      late = await resumed.catch((error: unknown) => error);
    };
    await inspect(setting, { voiceConnectorId, resume: true }).catch(() => undefined);
    expect(late).toBeDefined();
    const teardown = await teardownOf(setting, voiceConnectorId);
    if (late instanceof Error) expect(late.name).toBe('OldStepRunning');
    else expect(teardown?.execution).toBe(third.id);
    expect((await batchesOf(setting, { voiceConnectorId })).flatMap(({ numbers }) => numbers)).toHaveLength(
      3,
    );
  });
});

describe('A run that somebody was quicker than', () => {
  it('at taking over looks again, is refused, and told by whom the teardown is held', async () => {
    const { setting, voiceConnectorId } = await open();
    await over(setting, stranger);
    const quicker = executionNamed('quicker').id;
    running(setting, quicker);
    const seen = await teardownOf(setting, voiceConnectorId);
    if (seen === undefined) throw new Error('There is a teardown.');
    setting.ledger.hooks.beforeEffect = async () => {
      setting.ledger.hooks.beforeEffect = undefined;
      await takeOver(connectLedger(setting.edge))(seen, quicker, later);
    };
    const resume = () => inspect(setting, { voiceConnectorId, resume: true });
    expect((await errorOf(resume())).name).toBe('Overtaken');
    const refused = await resume();
    expect(codesOf(refused)).toEqual(['AlreadyRunning']);
    expect(JSON.stringify(refused)).toContain(`is in the hands of ${quicker}, which is running`);
    expect(await teardownOf(setting, voiceConnectorId)).toEqual({
      ...seen,
      holder: quicker,
      holderSince: later,
      clearAt: seen.busyUntil,
    });
    expect(changes(setting.chime)).toEqual([]);
  });

  it('at opening a teardown looks again and is refused; the plan of the other is not disturbed', async () => {
    const setting = await openSetting();
    const { voiceConnectorId, e164s } = setting.chime.seedConnector({ numbers: 3 });
    const quicker = executionNamed('quicker');
    running(setting, quicker.id);
    setting.chime.hooks.afterEffect = async ({ operation }) => {
      if (operation !== 'ListPhoneNumbers') return;
      setting.chime.hooks.afterEffect = undefined;
      await inspect(setting, { voiceConnectorId }, quicker);
    };
    expect((await errorOf(inspect(setting, { voiceConnectorId }))).name).toBe('Overtaken');
    const refused = await inspect(setting, { voiceConnectorId });
    expect(codesOf(refused)).toEqual(['AlreadyRunning']);
    expect(JSON.stringify(refused)).toContain(`is in the hands of ${quicker.id}, which is running`);
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({
      holder: quicker.id,
      execution: quicker.id,
    });
    const batches = await batchesOf(setting, { voiceConnectorId });
    expect(batches.flatMap(({ numbers }) => numbers.map(({ e164 }) => e164))).toEqual(e164s);
  });

  it('was quicker itself, where only the answer was lost: it looks again and goes on', async () => {
    const { setting, voiceConnectorId } = await open();
    await over(setting, stranger);
    let lost = false;
    setting.wire.loseAnswer = ({ operation }) => {
      if (lost || operation !== 'UpdateItem') return false;
      lost = true;
      return true;
    };
    const resume = () => inspect(setting, { voiceConnectorId, resume: true });
    expect((await errorOf(resume())).name).toBe('Overtaken');
    expect(await resume()).toMatchObject({ verdict: 'release', generation: aGeneration });
  });
});

describe('A run that is refused after it took over', () => {
  it('gives the lock back, and leaves phase, numbers and the time to wait for as they were', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = await leave(setting, { numbers: 3, state: 'queued', phase: 'interrupted' });
    const items = await setting.ledger.items();
    const request = { voiceConnectorId, resume: true, expectedPhoneNumbers: 7 };
    const refused = await inspect(setting, request);
    expect(codesOf(refused)).toEqual(['CountMismatch']);
    expect((await teardownOf(setting, voiceConnectorId))?.holder).toBe(execution.id);
    if (refused.verdict !== 'refused') throw new Error('It is refused.');
    await run(setting, closeTeardown, { outcome: 'refused', execution, state: refused });
    expect(await setting.ledger.items()).toEqual(items);
    const again = await inspect(setting, { voiceConnectorId, resume: true }, executionNamed('next'));
    expect(again).toMatchObject({ verdict: 'release', phoneNumbers: 3 });
  });

  it('gives nothing back that it does not hold', async () => {
    const { setting, voiceConnectorId } = await open();
    running(setting, stranger);
    const items = await setting.ledger.items();
    const refused = await inspect(setting, { voiceConnectorId, resume: true });
    if (refused.verdict !== 'refused') throw new Error('It is refused.');
    expect(at(refused.blockers, 0).code).toBe('AlreadyRunning');
    await run(setting, closeTeardown, { outcome: 'refused', execution, state: refused });
    expect(await setting.ledger.items()).toEqual(items);
  });
});

/** A teardown in the hands of another execution, of which Step Functions knows nothing yet. */
async function open(): Promise<{ setting: Setting; voiceConnectorId: string; e164s: readonly string[] }> {
  const setting = await openSetting();
  return { setting, ...(await begin(setting, { numbers: 3, holder: stranger })) };
}
