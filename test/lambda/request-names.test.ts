import { describe, expect, it } from '@jest/globals';
import { retriable } from '../../lambda/errors.ts';
import type { NumberState } from '../../lambda/ledger/teardown.ts';
import type { NameKind } from '../../lambda/ports.ts';
import { connect } from '../../lambda/request-names.ts';
import type { ChimeSwitches } from '../../local/chime/switches.ts';
import { bringBack, combined, rewrite } from './restore-setting.ts';
import { at, changes, digitsOfANumber, errorOf, refusing, reply, run, script } from './setting.ts';
import {
  type Begun,
  batchOf,
  executionNamed,
  openSetting,
  type Setting,
  statesOf,
  writes,
} from './teardown-setting.ts';

const operation = 'BatchUpdatePhoneNumber';
const both: readonly NameKind[] = ['name', 'callingName'];

/** Of two numbers that have their names again, and not their calling names. */
const onlyNames = [
  ['Desk 0', undefined],
  ['Desk 1', undefined],
];

describe('Asking for the names that numbers have lost', () => {
  it.each(combined('numberIdForm', 'emptyErrors'))(
    'asks for each, the two of a number one after the other (%j)',
    async (switches) => {
      const { setting, restoring, requestNames } = await open({ numbers: 3, lost: both }, switches);
      await requestNames();
      expect(namesOf(setting, restoring)).toEqual([
        ['Desk 0', 'Acme 0'],
        ['Desk 1', 'Acme 1'],
        ['Desk 2', 'Acme 2'],
      ]);
      expect(changes(setting.chime)).toHaveLength(2);
      expect(await lostOf(setting, restoring)).toEqual([undefined, undefined, undefined]);
    },
  );

  it('takes calls of at most 50 numbers, and writes it down once', async () => {
    const { setting, restoring, requestNames } = await open({ numbers: 120, lost: ['callingName'] });
    const before = setting.wire.calls.length;
    await requestNames();
    const sizes = setting.chime.requests.map(({ operation: made, target }) => [made, target.length]);
    expect(sizes).toEqual([
      [operation, 50],
      [operation, 50],
      [operation, 20],
    ]);
    expect(writes(setting, before)).toEqual(['teardown', `batch#${restoring.batch.generation}#000000`]);
  });

  it('does not wait until a calling name has come through', async () => {
    const { setting, restoring, requestNames } = await open({ numbers: 1, lost: ['callingName'] });
    await requestNames();
    expect(setting.clock.elapsedSeconds).toBe(0);
    expect(setting.chime.state.number(at(restoring.e164s, 0))?.callingNamePendingUntil).toBeDefined();
  });

  it('notes what was asked for, beside what was asked for before: whether it has come is seen later', async () => {
    const { setting, restoring, requestNames } = await open({ numbers: 1, lost: ['callingName'] });
    await rewrite(setting, restoring, (number) => ({ ...number, requested: ['name'] }));
    await requestNames();
    const [number] = (await batchOf(setting, restoring)).numbers;
    expect(number).toMatchObject({ requested: both });
    expect(number).not.toHaveProperty('lost');
  });

  it('asks for nothing that was not lost, and writes nothing then', async () => {
    const { setting, requestNames } = await open({ numbers: 3, lost: [] });
    const before = setting.wire.calls.length;
    await requestNames();
    expect(setting.chime.requests).toEqual([]);
    expect(writes(setting, before)).toEqual(['teardown']);
  });

  it('asks for what each number has lost, and for no more', async () => {
    const { setting, restoring, requestNames } = await open({ numbers: 2, lost: ['name'] });
    await requestNames();
    expect(namesOf(setting, restoring)).toEqual(onlyNames);
  });

  it.each([
    ['attached', true],
    ['unassigned', true],
    ['queued', false],
    ['gone', false],
    ['reclaimed', false],
  ] as const)('is for numbers that are back with us (%s: %p)', async (state, isAsked) => {
    const { setting, restoring, requestNames } = await open({ numbers: 1, lost: both, state });
    await requestNames();
    expect(setting.chime.calls()[operation]).toBe(isAsked ? 2 : 0);
    expect(await lostOf(setting, restoring)).toEqual([isAsked ? undefined : both]);
  });

  it('changes nothing else about the numbers, in the ledger or at the service', async () => {
    const { setting, restoring, requestNames } = await open({ numbers: 2, lost: both, state: 'unassigned' });
    await requestNames();
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned']);
    expect((await batchOf(setting, restoring)).numbers[0]).toMatchObject({
      name: 'Desk 0',
      callingName: 'Acme 0',
    });
    expect(restoring.e164s.map((e164) => setting.chime.state.number(e164)?.status)).toEqual([
      'Unassigned',
      'Unassigned',
    ]);
  });

  it('is not for an execution that does not hold the teardown', async () => {
    const { setting, restoring } = await open({ numbers: 1, lost: both });
    const theirs = { ...restoring.batch, execution: executionNamed('another') };
    expect((await errorOf(run(setting, connect, theirs))).name).toBe('LockLost');
    expect(setting.chime.requests).toEqual([]);
  });
});

describe('A run before this one that did not live to note what it had asked for', () => {
  it.each(combined('pendingCallingName', 'emptyErrors'))('is no matter (%j)', async (switches) => {
    const { setting, restoring, requestNames } = await open({ numbers: 3, lost: both }, switches);
    setting.wire.refuse = ({ operation: write }) => write === 'PutItem';
    await errorOf(requestNames());
    expect(await lostOf(setting, restoring)).toEqual([both, both, both]);
    setting.wire.refuse = () => false;
    await requestNames();
    expect(await lostOf(setting, restoring)).toEqual([undefined, undefined, undefined]);
    expect(namesOf(setting, restoring)).toEqual([
      ['Desk 0', 'Acme 0'],
      ['Desk 1', 'Acme 1'],
      ['Desk 2', 'Acme 2'],
    ]);
  });
});

describe('A name that the service refuses', () => {
  it.each(['Forbidden', 'BadRequest', 'ResourceLimitExceeded', 'NotFound'] as const)(
    'for good (%s) stays on record as lost, and holds nothing back',
    async (code) => {
      const { setting, restoring, requestNames } = await open({ numbers: 3, lost: both });
      setting.chime.faults.set(refusing(operation, at(restoring.e164s, 1), code));
      await requestNames();
      expect(await lostOf(setting, restoring)).toEqual([undefined, both, undefined]);
      expect(namesOf(setting, restoring).map(([name]) => name)).toEqual(['Desk 0', undefined, 'Desk 2']);
    },
  );

  it.each(['Throttled', 'ServiceFailure', 'ServiceUnavailable'] as const)(
    'for a passing reason (%s) is asked for again, and only that one',
    async (code) => {
      const { setting, restoring, requestNames } = await open({ numbers: 3, lost: ['name'] });
      setting.chime.faults.set(refusing(operation, at(restoring.e164s, 1), code));
      const error = await errorOf(requestNames());
      expect(error.name).toBe('BatchUnfinished');
      expect(retriable.throttling).toContain(error.name);
      expect(error.message).not.toMatch(digitsOfANumber);
      expect(await lostOf(setting, restoring)).toEqual([undefined, ['name'], undefined]);
      setting.chime.faults.set({});
      await requestNames();
      expect(at(setting.chime.requests, -1).target).toHaveLength(1);
      expect(namesOf(setting, restoring)[1]).toEqual(['Desk 1', undefined]);
    },
  );

  it('is asked for again while it is pending by the hand of somebody else, and stays lost', async () => {
    const { setting, restoring, requestNames } = await open({ numbers: 1, lost: ['callingName'] });
    setting.chime.state.update(at(restoring.e164s, 0), { callingName: 'Theirs' });
    await requestNames();
    expect(namesOf(setting, restoring)).toEqual([[undefined, 'Theirs']]);
    expect(await lostOf(setting, restoring)).toEqual([['callingName']]);
  });
});

describe('An answer that does not account for the numbers', () => {
  const noList = '';
  const stranger = { PhoneNumberErrors: [{ PhoneNumberId: '+12065559999', ErrorCode: 'NotFound' }] };

  it.each([
    ['has no list', noList],
    ['names a stranger', stranger],
  ])('(it %s) is not believed where nothing has happened: it is asked for again', async (_what, answer) => {
    const { setting, restoring, requestNames } = await open({ numbers: 2, lost: ['name'] });
    setting.chime.faults.set(script(operation, reply(answer)));
    await requestNames();
    expect(changes(setting.chime)).toEqual([
      [operation, 2],
      [operation, 2],
    ]);
    expect(await lostOf(setting, restoring)).toEqual([undefined, undefined]);
    expect(namesOf(setting, restoring)).toEqual(onlyNames);
  });

  it.each([
    ['for want of a list is taken for good then, as a calling name may not show for days', noList, undefined],
    ['for the names of strangers leaves the name lost', stranger, ['name']],
  ])('%s, after three calls', async (_what, answer, lost) => {
    const { setting, restoring, requestNames } = await open({ numbers: 1, lost: ['name'] });
    setting.chime.faults.set({
      script: [1, 2, 3].map((nth) => ({ operation, nth, fault: reply(answer) })),
    });
    await requestNames();
    expect(setting.chime.calls()[operation]).toBe(3);
    expect(await lostOf(setting, restoring)).toEqual([lost]);
  });

  it('for want of a list is made sure of at one number of the call', async () => {
    const { setting, requestNames } = await open({ numbers: 60, lost: ['name'] }, { emptyErrors: 'absent' });
    await requestNames();
    expect(setting.chime.calls().GetPhoneNumber).toBe(2);
  });
});

describe('A call that fails half-way', () => {
  it.each([
    ['ThrottledClientException', 'throttle'],
    ['AccessDeniedException', { status: 403, code: 'AccessDenied', message: 'Not +12065550150.' }],
  ] as const)('(%s) ends the step, and what was asked for before is on record', async (name, fault) => {
    const { setting, restoring, requestNames } = await open({ numbers: 70, lost: both });
    setting.chime.faults.set({ script: [2, 3, 4, 5, 6, 7].map((nth) => ({ operation, nth, fault })) });
    const error = await errorOf(requestNames());
    expect(error.name).toBe(name);
    expect(error.message).not.toMatch(digitsOfANumber);
    const lost = await lostOf(setting, restoring);
    expect(lost.filter((kinds) => kinds?.length === 1)).toHaveLength(50);
    expect(lost.filter((kinds) => kinds?.length === 2)).toHaveLength(20);
    setting.chime.faults.set({});
    await requestNames();
    expect(new Set(await lostOf(setting, restoring))).toEqual(new Set([undefined]));
    expect(namesOf(setting, restoring)[69]).toEqual(['Desk 69', 'Acme 69']);
  });
});

interface Options {
  readonly numbers: number;
  readonly lost: readonly NameKind[];
  readonly state?: NumberState;
}

/** A batch whose numbers are on the connector again, and have lost names. */
async function open({ numbers, lost, state = 'attached' }: Options, switches: Partial<ChimeSwitches> = {}) {
  const setting = await openSetting({ switches });
  const restoring = await bringBack(setting, { numbers, state: state === 'unassigned' ? state : 'attached' });
  await rewrite(setting, restoring, (number, i) => ({
    ...{ ...number, state, name: `Desk ${i}`, callingName: `Acme ${i}` },
    ...(lost.length === 0 ? {} : { lost }),
  }));
  return { setting, restoring, requestNames: () => run(setting, connect, restoring.batch) };
}

function namesOf({ chime }: Setting, { e164s }: Begun) {
  return e164s.map((e164) => {
    const { name, callingName } = chime.state.number(e164) ?? {};
    return [name, callingName];
  });
}

async function lostOf(setting: Setting, restoring: Begun) {
  return (await batchOf(setting, restoring)).numbers.map(({ lost }) => lost);
}
