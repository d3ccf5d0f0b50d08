import { describe, expect, it } from '@jest/globals';
import { type Operation, takeThrough } from '../../lambda/batches/bulk.ts';
import { NotYetReleased } from '../../lambda/errors.ts';
import type { Batch, LedgerNumber, NumberState } from '../../lambda/ledger/teardown.ts';
import type { BulkReply, NumberView, Refusal } from '../../lambda/ports.ts';
import { VirtualClock } from '../../local/clock.ts';
import { at, errorOf } from './setting.ts';

const nine = '2026-01-05T09:00:00.000Z';
const minute = 60_000;
const unassigned = { status: 'Unassigned', associations: [] } as const;
const queued = { status: 'ReleaseInProgress', associations: [] } as const;

describe('A batch that goes through a bulk operation', () => {
  it.each([
    [0, []],
    [1, [1]],
    [50, [50]],
    [51, [50, 1]],
    [100, [50, 50]],
  ])('of %d numbers is taken in calls of at most 50', async (count, calls) => {
    const { called, through } = street({ batch: batchOf(count) });
    await through();
    expect(called).toEqual(calls);
  });

  it('is answered as it is, and not saved, where nothing is due', async () => {
    const batch = { ...batchOf(2, 'queued'), waitingSince: nine };
    const { called, saved, through } = street({ batch });
    expect(await through()).toBe(batch);
    expect([called, saved]).toEqual([[], []]);
  });

  it('has its moment of queueing only where a number was queued', async () => {
    const { saved, through } = street({ batch: batchOf(2), done: 'unassigned' });
    expect(await through()).not.toHaveProperty('queuedAt');
    expect(saved).toHaveLength(1);
    const queueing = street({ batch: batchOf(2), done: 'queued' });
    expect(await queueing.through()).toMatchObject({ queuedAt: nine });
  });

  it('has it also where only one of them is seen to be in the queue', async () => {
    const { through } = street({
      ...{ batch: batchOf(3), done: 'unassigned', account: 'muddled' },
      views: (i) => (i === 1 ? queued : unassigned),
    });
    const { queuedAt, numbers } = await through();
    expect(queuedAt).toBe(nine);
    expect(numbers.map(({ state }) => state)).toEqual(['unassigned', 'queued', 'unassigned']);
  });
});

describe('A number of which the reply says nothing', () => {
  it.each(['missing', 'muddled'] as const)('counts as done only if it is (%s)', async (account) => {
    const { read, through } = street({ ...{ batch: batchOf(3), account }, views: () => queued });
    expect((await through()).numbers.map(({ state }) => state)).toEqual(['queued', 'queued', 'queued']);
    expect(read).toHaveLength(3);
  });

  it.each([
    [unassigned, 'shows Unassigned.'],
    [undefined, 'shows nothing.'],
  ])('is waited for, with what the service shows', async (view, told) => {
    const { saved, through } = street({ ...{ batch: batchOf(2), account: 'missing' }, views: () => view });
    const error = await errorOf(through());
    expect(error.message).toContain('The service does not queue number …0000 yet: Unconfirmed, ');
    expect(error.message).toContain(`The service accepted the call, and ${told}`);
    expect(saved).toEqual([{ ...batchOf(2), waitingSince: nine, looks: 1 }]);
  });

  it.each([
    [undefined, undefined, undefined],
    [5 * minute - 1, 8, undefined],
    [5 * minute, 8, 'Unconfirmed'],
    // A function that stood still for minutes has waited, and has not looked.
    [60 * minute, 7, undefined],
    [60 * minute, undefined, undefined],
  ])(
    'is given up after five minutes and eight looks (waited for %p ms, %p looks)',
    async (waited, looks, code) => {
      const waiting = waited === undefined ? {} : { waitingSince: earlierBy(waited) };
      const batch = { ...batchOf(1), ...waiting, ...(looks === undefined ? {} : { looks }) };
      const { saved, through } = street({ ...{ batch, account: 'missing' }, views: () => unassigned });
      await through().catch(() => undefined);
      const after = saved.at(-1) ?? batch;
      expect(at(after.numbers, 0).failure?.code).toBe(code);
      const { waitingSince = nine } = batch as Batch;
      const goesOn = { waitingSince, looks: (looks ?? 0) + 1 };
      expect([after.waitingSince, after.looks]).toEqual(
        code === undefined ? [goesOn.waitingSince, goesOn.looks] : [undefined, undefined],
      );
    },
  );
});

describe('A number that is refused', () => {
  it.each(['AccessDenied', 'Forbidden', 'Unauthorized', 'ResourceLimitExceeded', 'Validation'])(
    'for good (%s) is not waited for, and does not stop the others',
    async (code) => {
      const refusal = { code, message: 'No.' };
      const { through } = street({
        batch: batchOf(3),
        refusals: (i) => (i === 1 ? refusal : undefined),
        views: () => unassigned,
      });
      const { numbers } = await through();
      expect(numbers.map(({ state, failure }) => [state, failure])).toEqual([
        ['queued', undefined],
        ['unassigned', refusal],
        ['queued', undefined],
      ]);
    },
  );

  it.each(['Throttled', 'Throttling', 'ServiceFailure', 'ServiceUnavailable'])(
    'for a passing reason (%s) is come back for, unread',
    async (code) => {
      const { read, saved, through } = street({
        batch: batchOf(2),
        refusals: (i) => (i === 0 ? { code, message: 'Later.' } : undefined),
      });
      expect(await errorOf(through())).toMatchObject({
        name: 'BatchUnfinished',
        message: `The service could not queue every number just now: ${code}.`,
      });
      expect(read).toEqual([]);
      expect(at(saved, 0)).not.toHaveProperty('waitingSince');
    },
  );

  it('while another is waited for has the wait told: it is what keeps the batch longest', async () => {
    const codes = ['Throttled', 'Conflict', 'Throttled', 'Conflict'];
    const { read, through } = street({
      batch: batchOf(4),
      refusals: (i) => ({ code: at(codes, i), message: 'x' }),
      views: () => unassigned,
    });
    expect((await errorOf(through())).name).toBe('NotYetReleased');
    // One speaks for the others.
    expect(read).toEqual([1]);
  });
});

describe('A batch for which the time runs out', () => {
  it('has one call made all the same, and the rest come back for', async () => {
    const { called, saved, through } = street({ batch: batchOf(60), until: earlierBy(0) });
    expect(await errorOf(through())).toMatchObject({
      name: 'BatchUnfinished',
      message: 'There was no time to queue every number of the batch; the rest follows.',
    });
    expect(called).toEqual([50]);
    expect(at(saved, 0).numbers.filter(({ state }) => state === 'queued')).toHaveLength(50);
  });

  it('reads none of its numbers then', async () => {
    const { read, through } = street({ ...{ batch: batchOf(2), account: 'muddled', until: earlierBy(0) } });
    expect((await errorOf(through())).name).toBe('BatchUnfinished');
    expect(read).toEqual([]);
  });
});

type Seen = Pick<NumberView, 'status' | 'associations'>;

interface Street {
  readonly batch: Batch;
  readonly done?: NumberState;
  readonly account?: BulkReply['account'];
  readonly refusals?: (index: number) => Refusal | undefined;
  readonly views?: (index: number) => Seen | undefined;
  readonly until?: string;
}

/** An operation that queues, a service that answers and shows this, and what was asked of it. At nine o'clock. */
function street({ batch, done = 'queued', account = 'complete', ...rest }: Street) {
  const { refusals = () => undefined, views = () => undefined, until = earlierBy(-10 * minute) } = rest;
  const clock = new VirtualClock();
  const [called, read, saved] = [[] as number[], [] as number[], [] as Batch[]];
  const indexOf = (e164: string) => batch.numbers.findIndex((number) => number.e164 === e164);
  const operation: Operation = {
    verb: 'queue',
    isDue: ({ state }) => state === 'unassigned',
    done: (number) => ({ ...number, state: done }),
    call: async (numbers) => {
      called.push(numbers.length);
      return { account, refusalOf: ({ e164 }) => refusals(indexOf(e164)) };
    },
    settledAs: (number, view) => {
      if (view?.status === 'ReleaseInProgress') return { ...number, state: 'queued' };
      return view?.status === 'Unassigned' && done === 'unassigned' ? number : undefined;
    },
    notYet: (message) => new NotYetReleased(message),
  };
  const getNumber = async ({ id, e164 }: { id: string; e164: string }) => {
    read.push(indexOf(e164));
    const seen = views(indexOf(e164));
    return seen === undefined ? undefined : { id, e164, key: e164, ...seen };
  };
  const save = async (progress: Batch) => {
    saved.push(progress);
  };
  const world = { chime: { getNumber }, clock, until: new Date(until), save };
  const through = async () => {
    try {
      return await takeThrough(batch, operation, world);
    } finally {
      clock.close();
    }
  };
  return { called, read, saved, through };
}

function batchOf(count: number, state: NumberState = 'unassigned'): Batch {
  const numbers = Array.from({ length: count }, (_, i): LedgerNumber => {
    const e164 = `+1206555${String(i).padStart(4, '0')}`;
    return { id: e164, e164, state };
  });
  return { index: 0, numbers };
}

/** So many ms before nine o'clock. */
function earlierBy(ms: number): string {
  return new Date(Date.parse(nine) - ms).toISOString();
}
