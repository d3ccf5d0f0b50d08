import { describe, expect, it } from '@jest/globals';
import { standing } from '../../lambda/inspection/standing.ts';
import type { Batch, Teardown } from '../../lambda/ledger/teardown.ts';
import { VirtualClock } from '../../local/clock.ts';
import { execution, restoreMachine, stranger } from './teardown-setting.ts';

const nine = '2026-01-05T09:00:00.000Z';
const teardown: Teardown = {
  ...{ voiceConnectorId: 'abc', name: 'Trunk', phase: 'failed', phoneNumbers: 2, fingerprint: 'sha256:0' },
  ...{ execution: stranger, generation: 'g', batchesToRelease: 1, warnings: [] },
  ...{ startedAt: nine, busyUntil: nine },
};

describe('How a teardown stands', () => {
  it('is told by the execution that drew it up, where none holds it', async () => {
    const status = await of(teardown);
    expect(status).toEqual({
      ...{ phase: 'failed', execution: stranger, isRunning: false },
      ...{ attached: 1, unassigned: 0, queued: 1, gone: 0, reclaimed: 0 },
      resumeCommand: expect.stringContaining('"resume":true'),
      restoreCommand: expect.stringContaining(restoreMachine),
    });
    expect(status).not.toHaveProperty('windowEndsAt');
  });

  it('is told by the one that holds it, and until when the way back is open', async () => {
    const windowEndsAt = '2026-01-12T09:00:00.000Z';
    const held = {
      ...teardown,
      phase: 'window',
      holder: 'another',
      holderSince: nine,
      windowEndsAt,
    } as const;
    expect(await of(held)).toMatchObject({ execution: 'another', isRunning: true, windowEndsAt });
  });

  it('has no command to go on where no state machine has opened it', async () => {
    const status = await of(teardown, { teardown: undefined });
    expect(status).not.toHaveProperty('resumeCommand');
    expect(status.restoreCommand).toContain(restoreMachine);
  });
});

async function of(
  open: Teardown,
  by: { teardown: string | undefined } = { teardown: execution.stateMachine },
) {
  const clock = new VirtualClock();
  const ports = {
    ledger: { readBatches: batches },
    executions: { statusOf: async () => 'running' as const },
    clock,
  };
  const status = await standing(ports, open, execution, { ...by, restore: restoreMachine });
  clock.close();
  return status;
}

async function* batches(): AsyncGenerator<Batch> {
  const number = { id: '+12065550100', e164: '+12065550100' };
  yield {
    index: 0,
    numbers: [
      { ...number, state: 'attached' },
      { ...number, state: 'queued' },
    ],
  };
}
