import { describe, expect, it } from '@jest/globals';
import { retriable } from '../../lambda/errors.ts';
import { closeTeardown, connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import { codesOf, inspect } from './inspection.ts';
import { restore, restoreIt, stoppable, underWay } from './restore-setting.ts';
import { errorOf } from './setting.ts';
import { type Begun, executionNamed, type Setting, stranger, teardownOf } from './teardown-setting.ts';

describe('An inspection that died', () => {
  it('at any write, or as its answer was lost, is run again with the same result', async () => {
    for (const way of ['refuse', 'loseAnswer'] as const) {
      for (let nth = 1; nth <= 3; nth += 1) {
        const { setting, begun } = await underWay();
        const stopped = stoppable(setting, stranger, begun);
        let writes = 0;
        let deadline = 4;
        setting.wire[way] = ({ operation }) => {
          if (operation !== 'UpdateItem') return false;
          writes += 1;
          // The client tries four times: the step dies at this write, and not at the next.
          if (writes < nth || deadline === 0) return false;
          deadline -= 1;
          return true;
        };
        const died = await errorOf(restoreIt(setting, begun));
        expect(Object.values(retriable).flat()).toContain(died.name);
        setting.wire[way] = () => false;
        expect(await untilTakenOver(setting, begun)).toMatchObject({ verdict: 'restore', batches: [0] });
        expect(await stopped()).toHaveLength(1);
        expect(await teardownOf(setting, begun.voiceConnectorId)).toMatchObject({
          ...{ phase: 'restoring', holder: restore.id },
        });
      }
    }
  });

  it('before the old execution was stopped stops it when it is run again', async () => {
    const { setting, begun } = await underWay();
    let attempts = 0;
    setting.states.add({
      arn: stranger,
      abort: () => {
        attempts += 1;
        if (attempts <= 4) throw new Error('Not now.');
      },
      result: new Promise(() => undefined),
    });
    expect((await errorOf(restoreIt(setting, begun))).name).toBe('ServiceFailureException');
    expect(await teardownOf(setting, begun.voiceConnectorId)).toMatchObject({
      phase: 'window',
      holder: restore.id,
    });
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore' });
    expect(attempts).toBe(5);
  });

  it('after all was done gives the same answer', async () => {
    const { setting, begun } = await underWay();
    const first = await restoreIt(setting, begun);
    await setting.clock.sleep(60_000);
    expect(await restoreIt(setting, begun)).toEqual(first);
  });
});

describe('A teardown that somebody has called back', () => {
  it('is not done over again by a run that was started before, and comes to it after the restore', async () => {
    const { setting, begun } = await underWay();
    const { voiceConnectorId, e164s } = begun;
    await setting.clock.sleep(60_000);
    await restoreIt(setting, begun);
    for (const e164 of e164s) setting.chime.state.associate(e164, voiceConnectorId);
    await closeTeardown(connectLedger(setting.edge))(voiceConnectorId, restore.id, { phase: 'restored' });
    const items = await setting.ledger.items();
    for (const request of [{ voiceConnectorId }, { voiceConnectorId, resume: true }])
      expect(codesOf(await inspect(setting, request))).toEqual(['RestoreRequested']);
    expect(await setting.ledger.items()).toEqual(items);
    const afresh = { ...executionNamed('afresh'), startedAt: '2026-01-05T09:01:00.001Z' };
    expect(await inspect(setting, { voiceConnectorId }, afresh)).toMatchObject({ verdict: 'release' });
  });

  it('is not resumed by a run that was started before, where the restore could not do all', async () => {
    const { setting, begun } = await underWay();
    await restoreIt(setting, begun);
    const table = connectLedger(setting.edge);
    await updateTeardown(table)(begun.voiceConnectorId, restore.id, { error: 'NumbersNotRestored' });
    await closeTeardown(table)(begun.voiceConnectorId, restore.id, { phase: 'failed' });
    const resumed = await inspect(setting, { voiceConnectorId: begun.voiceConnectorId, resume: true });
    expect(codesOf(resumed)).toEqual(['RestoreRequested']);
  });
});

/** As the flow does where somebody was quicker, or a function may still be at work. */
async function untilTakenOver(setting: Setting, begun: Begun) {
  for (let attempt = 1; attempt <= 20; attempt += 1) {
    const answer = await restoreIt(setting, begun).catch((error: Error) => error);
    if (!(answer instanceof Error)) return answer;
    expect(retriable.takingOver).toContain(answer.name);
    await setting.clock.sleep(30_000);
  }
  throw new Error('It is never taken over.');
}
