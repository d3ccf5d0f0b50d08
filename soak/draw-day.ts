/**
 * How a day is drawn from a seed, by fast-check: so that the same seed gives the same day, and one that breaks something
 * shrinks to its smallest part.
 */
import fc from 'fast-check';
import { type ChimeSwitches, switchPositions } from '../local/chime/switches.ts';
import {
  type Day,
  deeds,
  type Mischief,
  type Mishap,
  type Moment,
  type Odds,
  outages,
  type Place,
  type Refused,
} from './day.ts';
import { allPlaces, type Road, roadTo } from './road.ts';

const switches = fc.record(
  Object.fromEntries(
    Object.entries(switchPositions).map(([name, positions]) => [name, fc.constantFrom(...positions)]),
  ),
) as unknown as fc.Arbitrary<ChimeSwitches>;

/** A call that hangs costs real time: rarely, and alone. */
const hanging: fc.Arbitrary<Partial<Odds>> = fc.record({ hang: fc.constantFrom(0.02, 0.06) });
const passingKinds: (keyof Odds)[] = [
  'throttle',
  'serviceFailure',
  'unavailable',
  'connectionReset',
  'replyLost',
  'emptyReply',
  'numberErrors',
  'ledgerThrottle',
  'ledgerServiceFailure',
  'ledgerConnectionReset',
  'ledgerReplyLost',
  'busFailure',
];
/** A few kinds together, so that their sum lets an inspection, of more than twenty requests, through after some retries. */
const mixed: fc.Arbitrary<Partial<Odds>> = fc
  .tuple(fc.subarray(passingKinds, { minLength: 1, maxLength: 4 }), fc.constantFrom(0.03, 0.1, 0.3))
  .map(([kinds, level]) => Object.fromEntries(kinds.map((kind) => [kind, level])));

const odds: fc.Arbitrary<Partial<Odds>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 6, arbitrary: mixed },
  { weight: 1, arbitrary: hanging },
);

const refused: fc.Arbitrary<readonly Refused[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        operation: fc.constantFrom<Refused['operation']>(
          'DisassociatePhoneNumbersFromVoiceConnector',
          'BatchDeletePhoneNumber',
          'RestorePhoneNumber',
          'AssociatePhoneNumbersWithVoiceConnector',
        ),
        nth: fc.nat(20),
        code: fc.constantFrom<Refused['code']>(
          'Forbidden',
          'AccessDenied',
          'BadRequest',
          'ResourceLimitExceeded',
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

const atEffect = fc.record({
  effect: fc.nat(26),
  side: fc.constantFrom<'before' | 'after'>('before', 'after'),
});
const atTime = fc.record({ hours: fc.constantFrom(0, 1, 30, 84, 160, 167.9, 168.1, 180) });
const atState = fc
  .tuple(fc.constantFrom(...allPlaces), fc.constantFrom(1, 1, 1, 2))
  .map(([place, nth]) => ({ ...place, nth }));
const atAnyTime: fc.Arbitrary<Moment> = fc.oneof(
  { weight: 3, arbitrary: atState },
  { weight: 1, arbitrary: atEffect },
  { weight: 2, arbitrary: atTime },
);

const ofFunctions: fc.Arbitrary<Mishap> = fc.record({
  at: atEffect,
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Mischief>({ kind: 'die' }) },
    { weight: 1, arbitrary: fc.constant<Mischief>({ kind: 'timeOut' }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('stall' as const),
        minutes: fc.constantFrom(0.5, 2, 4, 10),
      }),
    },
  ),
});
const ofPeople: fc.Arbitrary<Mishap> = fc.record({
  at: atAnyTime,
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Mischief>({ kind: 'stop' }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('restore' as const), times: fc.constantFrom(1, 1, 2) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('secondRun' as const), resume: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('dryRun' as const),
        machine: fc.constantFrom<Place['machine']>('teardown', 'restore'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('deed' as const),
        deed: fc.constantFrom(...deeds),
        nth: fc.nat(20),
      }),
    },
  ),
});
const ofServices: fc.Arbitrary<Mishap> = fc.record({
  at: atAnyTime,
  what: fc.record({
    kind: fc.constant('outage' as const),
    outage: fc.constantFrom(...outages),
    minutes: fc.constantFrom(1, 20, 60, 300),
  }),
});

const anyMishaps: fc.Arbitrary<readonly Mishap[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: ofFunctions },
    { weight: 4, arbitrary: ofPeople },
    { weight: 1, arbitrary: ofServices },
  ),
  { maxLength: 5 },
);

const unledDay: fc.Arbitrary<Day> = fc.record({
  numbers: fc.oneof(
    { weight: 240, arbitrary: fc.integer({ min: 1, max: 6 }) },
    { weight: 9, arbitrary: fc.constantFrom(50, 51, 101) },
    // More than one batch: rarely, as such a day takes as long as twenty others.
    { weight: 1, arbitrary: fc.constant(501) },
  ),
  agreement: fc.constantFrom('none', 'count', 'plan'),
  detachFromGroups: fc.constantFrom(true, true, true, false),
  isFurnished: fc.boolean(),
  switches,
  odds,
  rateLimit: fc.option(fc.constantFrom(2, 10), { nil: undefined, freq: 12 }),
  refused,
  chimeAheadMinutes: fc.constantFrom(0, 0, 15, -15),
  mishaps: anyMishaps,
  mendedAfterHours: fc.option(fc.constantFrom(1, 30, 84, 160, 167.99, 169, 200), { nil: undefined }),
  thereafter: fc.constantFrom('resume', 'restore', 'restore', 'restoreAndTearDown'),
});

/** A day with a stop in one state, and all that leads an execution there. */
const ledDay: fc.Arbitrary<Day> = fc
  .tuple(
    unledDay,
    fc.constantFrom(...allPlaces).map((place): Road => {
      const { mishaps, ...road } = roadTo(place);
      return { ...road, mishaps: [...mishaps, { at: { ...place, nth: 1 }, what: { kind: 'stop' } }] };
    }),
  )
  .map(([day, road]) => ({
    ...day,
    ...road,
    switches: { ...day.switches, ...road.switches },
    // Otherwise few would come that far.
    refused: [],
    mendedAfterHours: undefined,
  }));

/** A day on which a restore is asked for while a step of the release stands still, and goes on after it. */
const overtakenDay: fc.Arbitrary<Day> = fc
  .tuple(unledDay, fc.integer({ min: 3, max: 9 }), fc.constantFrom(2, 4, 10))
  .map(([day, effect, minutes]) => {
    const at = { effect, side: 'before' } as const;
    return {
      ...day,
      // Somebody else's mishaps would mostly keep the two from meeting.
      mishaps: [
        { at, what: { kind: 'stall', minutes } },
        { at, what: { kind: 'restore', times: 1 } },
      ],
      refused: [],
    };
  });

/** Any day. */
export const anyDay: fc.Arbitrary<Day> = fc.oneof(
  { weight: 13, arbitrary: unledDay },
  { weight: 6, arbitrary: ledDay },
  { weight: 1, arbitrary: overtakenDay },
);

/** The day of one run. */
export function dayOf(seed: number, run: number): Day {
  const [day] = fc.sample(anyDay, { seed: seedOf(seed, run), numRuns: 1 });
  if (day === undefined) throw new Error('fast-check gave no day.');
  return day;
}

/** fast-check's seed (32 bits) for one run: days of neighbouring seeds have nothing in common. */
export function seedOf(seed: number, run: number): number {
  return (Math.imul(seed, 0x9e3779b1) ^ Math.imul(run + 1, 0x85ebca6b)) | 0;
}
