import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/restore-phone-numbers.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { openRestore, type Restoring, rewrite } from './restore-setting.ts';
import { at, changes, errorOf, run } from './setting.ts';
import { batchOf, executionNamed, type Setting, statesOf, teardownOf, writes } from './teardown-setting.ts';

const operation = 'RestorePhoneNumber';
const everyForm = switchPositions.numberIdForm.flatMap((numberIdForm) =>
  switchPositions.errorHeader.map((errorHeader) => ({ numberIdForm, errorHeader })),
);
const everyAnswer = switchPositions.restoreNotQueued.flatMap((restoreNotQueued) =>
  switchPositions.errorHeader.map((errorHeader) => ({ restoreNotQueued, errorHeader })),
);

describe('Taking a batch out of the deletion queue', () => {
  it.each(everyForm)('takes each number out, and none onto the connector (%j)', async (switches) => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 3 }, { switches });
    await restoreThem();
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned', 'unassigned']);
    expect(restoring.e164s.map((e164) => setting.chime.state.number(e164)?.status)).toEqual(
      Array(3).fill('Unassigned'),
    );
    expect(setting.chime.remaining().queued).toBe(0);
    expect(changes(setting.chime)).toEqual(Array(3).fill([operation, 1]));
    expect(setting.chime.calls().GetPhoneNumber).toBe(0);
  });

  it('writes down that it begins, what it has done every 50 numbers, and the rest at the end', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 120 });
    const before = setting.wire.calls.length;
    await restoreThem();
    expect(new Set(await statesOf(setting, restoring))).toEqual(new Set(['unassigned']));
    const batch = `batch#${restoring.batch.generation}#000000`;
    expect(writes(setting, before)).toEqual(['teardown', batch, batch, batch, batch]);
  });

  it('is noted before the first call: whatever comes after it, a number may be out of the queue by its doing', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 2 });
    const noted: unknown[] = [];
    setting.chime.hooks.beforeEffect = async () => {
      noted.push((await batchOf(setting, restoring)).undoneAt);
    };
    await restoreThem();
    expect(noted).toEqual(Array(2).fill(setting.clock.now().toISOString()));
    await setting.clock.sleep(60_000);
    await rewrite(setting, restoring, (number) => ({ ...number, state: 'queued' }));
    await restoreThem();
    expect((await batchOf(setting, restoring)).undoneAt).toBe(noted[0]);
  });

  it('repeats nothing in a second run', async () => {
    const { setting, restoreThem } = await openRestore({ numbers: 60 });
    await restoreThem();
    const [requests, calls] = [setting.chime.requests.length, setting.wire.calls.length];
    await restoreThem();
    expect(setting.chime.requests).toHaveLength(requests);
    expect(writes(setting, calls)).toEqual(['teardown']);
  });

  it('touches no other batch, and no number that is in the queue for another reason', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 4, batchSize: 2 });
    const other = setting.chime.seedConnector({ numbers: 1 });
    setting.chime.state.queue(at(other.e164s, 0));
    await restoreThem();
    expect(queuedOf(setting, [...restoring.e164s, ...other.e164s])).toEqual([false, false, true, true, true]);
  });

  it('leaves alone what is not in the queue by the ledger, and what was refused for good', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 6 });
    const states = ['attached', 'unassigned', 'gone', 'reclaimed', 'queued', 'queued'] as const;
    const failure = { code: 'Forbidden', message: 'No.' };
    await rewrite(setting, restoring, (number, i) => ({
      ...{ ...number, state: at(states, i) },
      ...(i === 4 ? { failure } : {}),
    }));
    await restoreThem();
    expect(setting.chime.requests.map(({ target }) => target)).toEqual([[at(restoring.e164s, 5)]]);
    expect(await statesOf(setting, restoring)).toEqual([...states.slice(0, 5), 'unassigned']);
  });

  it('fails where the ledger knows no such batch, and calls nothing', async () => {
    const { setting, restoring } = await openRestore({ numbers: 1 });
    const error = await errorOf(run(setting, connect, { ...restoring.batch, batch: 9 }));
    expect(error.name).toBe('LedgerMismatch');
    expect(setting.chime.requests).toEqual([]);
  });

  it('is not for an execution that does not hold the teardown', async () => {
    const { setting, restoring } = await openRestore({ numbers: 1 });
    const theirs = { ...restoring.batch, execution: executionNamed('another') };
    expect((await errorOf(run(setting, connect, theirs))).name).toBe('LockLost');
    expect(setting.chime.requests).toEqual([]);
  });

  it('holds the lock for as long as the function may run', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 1 });
    await restoreThem();
    expect((await teardownOf(setting, restoring.voiceConnectorId))?.busyUntil).toBe(
      '2026-01-05T09:05:00.000Z',
    );
  });
});

describe('A number that is not in the queue (any more)', () => {
  it.each(everyAnswer)('because somebody has restored it is out of it (%j)', async (switches) => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 2 }, { switches });
    setting.chime.state.restore(at(restoring.e164s, 0));
    await restoreThem();
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned']);
  });

  it.each(everyAnswer)('because it is back on the connector is attached (%j)', async (switches) => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 2 }, { switches });
    setting.chime.state.associate(at(restoring.e164s, 0), restoring.voiceConnectorId);
    await restoreThem();
    expect(await statesOf(setting, restoring)).toEqual(['attached', 'unassigned']);
  });

  it.each(everyAnswer)(
    'because another connector has it is left there, and is none of ours (%j)',
    async (switches) => {
      const { setting, restoring, restoreThem } = await openRestore({ numbers: 2 }, { switches });
      const other = setting.chime.seedConnector({ numbers: 0 });
      setting.chime.state.associate(at(restoring.e164s, 0), other.voiceConnectorId);
      await restoreThem();
      const { numbers } = await batchOf(setting, restoring);
      expect(numbers.map(({ state, failure }) => [state, failure])).toEqual([
        [
          'reclaimed',
          {
            code: 'Moved',
            message: `The number is now associated with VoiceConnectorId ${other.voiceConnectorId}; it is left there.`,
          },
        ],
        ['unassigned', undefined],
      ]);
      expect(setting.chime.state.numbersOn(other.voiceConnectorId)).toBe(1);
    },
  );

  it.each(everyAnswer)(
    'because it was purged is gone, and does not stop the others (%j)',
    async (switches) => {
      const { setting, restoring, restoreThem } = await openRestore({ numbers: 3 }, { switches });
      setting.chime.state.removeNumber(at(restoring.e164s, 1));
      await restoreThem();
      expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'gone', 'unassigned']);
    },
  );

  it('because a run before this one took it out, and did not live to note it, is out of it', async () => {
    for (const restoreNotQueued of switchPositions.restoreNotQueued) {
      const { setting, restoring, restoreThem } = await openRestore(
        { numbers: 3 },
        { switches: { restoreNotQueued } },
      );
      setting.wire.refuse = ({ operation: write }) =>
        write === 'PutItem' && setting.chime.requests.length > 0;
      await errorOf(restoreThem());
      expect(await statesOf(setting, restoring)).toEqual(['queued', 'queued', 'queued']);
      expect(setting.chime.remaining().queued).toBe(0);
      setting.wire.refuse = () => false;
      await restoreThem();
      expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned', 'unassigned']);
    }
  });

  it('all of them, in a batch whose numbers were purged at the end of the window', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 60 });
    await setting.clock.sleep(7 * 86_400_000);
    await restoreThem();
    expect(new Set(await statesOf(setting, restoring))).toEqual(new Set(['gone']));
  });
});

describe('A number whose status is another one', () => {
  it.each(['ReleaseFailed', 'DeleteFailed', 'AcquireFailed'] as const)(
    '(%s) is recorded as that where the service does not take it out',
    async (status) => {
      const { setting, restoring, restoreThem } = await openRestore(
        { numbers: 2 },
        { switches: { restoreNotQueued: 'silent' } },
      );
      const { state } = setting.chime;
      state.restore(at(restoring.e164s, 0));
      state.setStatus(at(restoring.e164s, 0), status);
      await restoreThem();
      const { numbers } = await batchOf(setting, restoring);
      expect(numbers.map(({ state, failure }) => [state, failure?.code])).toEqual([
        ['queued', status],
        ['unassigned', undefined],
      ]);
    },
  );

  it('(DeleteInProgress) is in the queue like any other', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 1 });
    setting.chime.state.setStatus(at(restoring.e164s, 0), 'DeleteInProgress');
    await restoreThem();
    expect(await statesOf(setting, restoring)).toEqual(['unassigned']);
  });
});

describe('The names of a number', () => {
  it('that it has kept in the queue need not be asked for', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 2 });
    await nameThem(setting, restoring);
    await restoreThem();
    const { numbers } = await batchOf(setting, restoring);
    expect(numbers).toHaveLength(2);
    for (const number of numbers) {
      expect(number).toMatchObject({ state: 'unassigned', name: 'Desk', callingName: 'Acme' });
      expect(number).not.toHaveProperty('lost');
    }
  });

  it('that it has lost there are noted, each for itself', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 3 });
    await nameThem(setting, restoring);
    const [first, second, third] = restoring.e164s.map(String);
    setting.chime.state.rename(String(first), { name: '', callingName: '' });
    setting.chime.state.rename(String(second), { callingName: '' });
    setting.chime.state.restore(String(third));
    setting.chime.state.rename(String(third), { name: '' });
    await restoreThem();
    const { numbers } = await batchOf(setting, restoring);
    expect(numbers.map(({ lost }) => lost)).toEqual([['name', 'callingName'], ['callingName'], ['name']]);
  });

  it('that an earlier restore has missed or asked for are looked at anew: it was in the queue again', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 1 });
    await nameThem(setting, restoring);
    await rewrite(setting, restoring, (number) => ({
      ...number,
      lost: ['name'],
      requested: ['callingName'],
    }));
    await restoreThem();
    const [number] = (await batchOf(setting, restoring)).numbers;
    expect(number).not.toHaveProperty('lost');
    expect(number).not.toHaveProperty('requested');
  });

  it('are not lost where it never had any', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 1 });
    setting.chime.state.rename(at(restoring.e164s, 0), { name: 'New' });
    await restoreThem();
    expect((await batchOf(setting, restoring)).numbers[0]).not.toHaveProperty('lost');
  });
});

function queuedOf({ chime }: Setting, e164s: readonly string[]): boolean[] {
  return e164s.map((e164) => chime.state.number(e164)?.queuedAt !== undefined);
}

/** Gives the numbers their names, in the account and in the ledger. */
async function nameThem(setting: Setting, restoring: Restoring): Promise<void> {
  for (const e164 of restoring.e164s) setting.chime.state.rename(e164, { name: 'Desk', callingName: 'Acme' });
  await rewrite(setting, restoring, (number) => ({ ...number, name: 'Desk', callingName: 'Acme' }));
}
