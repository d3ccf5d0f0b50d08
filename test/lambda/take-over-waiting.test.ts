import { describe, expect, it } from '@jest/globals';
import { LedgerMismatch, LockLost } from '../../lambda/errors.ts';
import { isRunning, orOvertaken, takeOverFrom } from '../../lambda/inspection/take-over.ts';
import type { Teardown } from '../../lambda/ledger/teardown.ts';
import { VirtualClock } from '../../local/clock.ts';
import { errorOf } from './setting.ts';
import { execution, stranger } from './teardown-setting.ts';

const nine = '2026-01-05T09:00:00.000Z';
const five = '2026-01-05T09:05:00.000Z';
const teardown: Teardown = {
  ...{ voiceConnectorId: 'abc', name: 'Trunk', phase: 'failed', phoneNumbers: 1, fingerprint: 'sha256:0' },
  ...{ execution: 'the-first', generation: 'g', batchesToRelease: 1, warnings: [] },
  ...{ startedAt: nine, busyUntil: nine },
};

describe('Taking over', () => {
  it('swaps the holder before the old execution is stopped', async () => {
    const { done, takeOver } = door();
    await takeOver({ ...teardown, holder: stranger });
    expect(done).toEqual([`${stranger} → ${execution.id}`, 'stopped']);
  });

  it('swaps nothing where the teardown is its own already', async () => {
    const { done, takeOver } = door();
    await takeOver({ ...teardown, holder: execution.id, clearAt: nine });
    expect(done).toEqual(['stopped']);
  });

  it.each<[string, Partial<Teardown>, string]>([
    ['of the one that holds it', { holder: stranger, busyUntil: five }, stranger],
    ['of the one that drew it up, where none holds it', { busyUntil: five }, 'the-first'],
    ['of the one before, where it is its own', { holder: execution.id, clearAt: five }, 'the-first'],
  ])('waits for functions %s, until their time is up', async (_whose, change, name) => {
    const { takeOver } = door();
    const error = await errorOf(takeOver({ ...teardown, ...change }));
    expect(error.name).toBe('OldStepRunning');
    expect(error.message).toBe(`A function of ${name} may be running until ${five}; waiting for its end.`);
  });

  it('does not wait for what it holds itself', async () => {
    const { takeOver } = door();
    for (const clearAt of [{ clearAt: nine }, {}]) {
      const waiting = takeOver({ ...teardown, holder: execution.id, busyUntil: five, ...clearAt });
      await expect(waiting).resolves.toBeUndefined();
    }
  });

  it('is Overtaken where somebody was quicker, and any other failure is what it is', async () => {
    const thrown = (error: Error) => errorOf(orOvertaken(() => Promise.reject(error)));
    expect(await thrown(new LockLost('It is gone.'))).toMatchObject({
      name: 'Overtaken',
      message: 'It is gone. Looking again.',
    });
    expect(await thrown(new LedgerMismatch('x'))).toBeInstanceOf(LedgerMismatch);
  });
});

describe('Whether another execution is at work', () => {
  it.each<[string, Partial<Teardown>]>([
    ['nobody holds it', {}],
    ['it is the one that asks', { holder: execution.id }],
  ])('is not asked of Step Functions where %s', async (_who, change) => {
    const asked: string[] = [];
    const executions = {
      statusOf: async (arn: string) => {
        asked.push(arn);
        return 'running' as const;
      },
    };
    const clock = new VirtualClock();
    expect(await isRunning({ executions, clock }, { ...teardown, ...change }, execution)).toBe(false);
    clock.close();
    expect(asked).toEqual([]);
  });

  it.each([
    ['running', true],
    ['over', false],
  ] as const)('is what Step Functions says: %s', async (status, expected) => {
    const executions = { statusOf: async () => status };
    const clock = new VirtualClock();
    const held = { ...teardown, holder: stranger, holderSince: nine };
    expect(await isRunning({ executions, clock }, held, execution)).toBe(expected);
    clock.close();
  });
});

/** The ledger and Step Functions, as far as they are asked; at nine o'clock. */
function door() {
  const done: string[] = [];
  const clock = new VirtualClock();
  const ledger = {
    readBatches: () => {
      throw new Error('Nothing is read before the old one is out of time.');
    },
    takeOver: async ({ holder }: Teardown, by: string) => {
      done.push(`${holder} → ${by}`);
    },
  };
  const takeOver = async (open: Teardown) => {
    try {
      await takeOverFrom({ ledger, clock }, open, execution, async () => {
        done.push('stopped');
      });
    } finally {
      clock.close();
    }
  };
  return { done, takeOver };
}
