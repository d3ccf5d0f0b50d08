import { describe, expect, it } from '@jest/globals';
import { timeOuts } from '../../lambda/aws/client-settings.ts';
import { hurried } from '../../lambda/board/widget.ts';
import type { Edge } from '../../lambda/edge.ts';
import { connectLedger, openTeardown } from '../../lambda/ledger/ledger.ts';
import type { Batch, Teardown } from '../../lambda/ledger/teardown.ts';
import { resourcesOf } from '../../local/cloudformation.ts';
import { synthesise } from '../../local/synthesis.ts';
import { boardOf, openBoard, plant, rowsIn, withStates } from './board-setting.ts';
import { openSetting, type Setting } from './teardown-setting.ts';

const limits = resourcesOf(synthesise().template, 'AWS::Lambda::Function')
  .filter(([id]) => /ShowBoard|RequestRestore/.test(id))
  .map(([, { Properties }]) => Number(Properties?.Timeout) * 1_000);
/** How long a look begins calls, in ms. */
const lookMs = 6_000;
/** The longest pause before a second attempt, in ms. */
const pauseMs = 500;

describe('A dashboard does not wait', () => {
  it('longer than its functions have time, though the last call gets no answer', async () => {
    const { edge } = await openSetting();
    const { attempts = Number.NaN, ...quick } = hurried({ ...edge, requestTimeoutMs: 15_000 });
    const { connectionTimeout, requestTimeout } = timeOuts(quick);
    const callMs = attempts * Math.max(connectionTimeout, requestTimeout) + (attempts - 1) * pauseMs;
    expect(limits).toHaveLength(2);
    for (const limit of limits) expect(lookMs + callMs).toBeLessThan(limit - 3_000);
  });

  it('for a third attempt', async () => {
    const setting = await openBoard();
    await plant(setting, { endsIn: 40 });
    let asked = 0;
    const silent = await withStates(setting, () => {
      asked += 1;
      return new Promise(() => undefined);
    });
    const page = await boardOf({ ...silent, edge: { ...silent.edge, requestTimeoutMs: 1_500 } });
    expect(rowsIn(page)[0]).toContain('whether its run is alive is not known');
    expect(asked).toBe(2);
  });

  it('to look twice whether a run has closed its teardown, where time is up', async () => {
    const setting = await openBoard();
    await plant(setting, { endsIn: 40 });
    const { edge, late } = withWatch(setting);
    const dead = await withStates(setting, async (executionArn) => {
      late();
      return { status: 200, body: { executionArn, status: 'ABORTED' } };
    });
    const { states } = dead.edge;
    const [row] = rowsIn(await boardOf({ ...dead, edge: { ...edge, states } }));
    expect(row).toContain('whether its run is alive is not known');
    expect(setting.wire.calls.map(({ operation }) => operation)).not.toContain('GetItem');
  });

  it('to count a teardown of many pages to its end, where time is up: half a count is none', async () => {
    const setting = await openBoard();
    await plantPages(setting);
    const { edge, late } = withWatch(setting);
    setting.wire.refuse = ({ operation }) => {
      if (operation === 'Query') late();
      return false;
    };
    const [row] = rowsIn(await boardOf({ ...setting, edge }));
    expect(row).toContain('4000 numbers in the plan');
    expect(setting.wire.calls.filter(({ operation }) => operation === 'Query')).toHaveLength(1);
  });
});

/** The edge of the setting, and what makes it so late that a look has no time left. */
function withWatch({ clock, edge }: Setting): { edge: Edge; late: () => void } {
  let behindMs = 0;
  return {
    edge: { ...edge, clock: { ...edge.clock, now: () => new Date(clock.now().getTime() + behindMs) } },
    late: () => {
      behindMs = lookMs;
    },
  };
}

/** A teardown whose batches are more than a page of the ledger, which is 1 MB. */
async function plantPages({ clock, edge }: Setting): Promise<void> {
  const now = clock.now().toISOString();
  const holder = 'arn:aws:states:us-east-1:111122223333:execution:Teardown:large';
  const teardown: Teardown & { holder: string } = {
    ...{ voiceConnectorId: 'large', name: 'Large', phase: 'failed', phoneNumbers: 4_000 },
    ...{ holder, holderSince: now, busyUntil: now, execution: holder, startedAt: now, endedAt: now },
    ...{ generation: 'g', batchesToRelease: 8, warnings: [], fingerprint: 'sha256:0', stateMachine: 'arn' },
  };
  const batches = Array.from(
    { length: 8 },
    (_, index): Batch => ({
      index,
      numbers: Array.from({ length: 500 }, (_, i) => {
        const e164 = `+1206555${String(100 + (i % 100)).padStart(4, '0')}`;
        return { id: e164, e164, name: 'x'.repeat(256), state: 'queued' };
      }),
    }),
  );
  await openTeardown(connectLedger(edge))(teardown, batches, now);
}
