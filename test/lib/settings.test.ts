import { describe, expect, test } from '@jest/globals';
import { defaultSettings, readSettings, type Settings } from '../../lib/settings.ts';

/** Each setting: what it may be, as cdk.json or the command line has it, and what it may not. */
const settings: Record<
  keyof Settings,
  { default: unknown; good: [given: unknown, read: unknown][]; bad: unknown[]; wanted: string }
> = {
  chimeApi: {
    default: 'chime-sdk-voice',
    good: [
      ['chime', 'chime'],
      ['chime-sdk-voice', 'chime-sdk-voice'],
    ],
    bad: ['Chime', '', 'chime-sdk', 1, true, ['chime'], {}],
    wanted: 'must be "chime-sdk-voice" or "chime"',
  },
  maxPhoneNumbers: {
    default: 1_000,
    good: [
      [0, 0],
      [250, 250],
      ['250', 250],
      ['0', 0],
      [1_000_000, 1_000_000],
    ],
    bad: [-1, 1.5, 1_000_001, '-1', '1.5', '1e3', 'many', '', ' 5', true, [5], {}, Number.NaN],
    wanted: 'must be a whole number from 0 to 1000000',
  },
  quietDays: {
    default: 14,
    good: [
      [0, 0],
      ['0', 0],
      [7, 7],
      ['14', 14],
    ],
    bad: [-1, 15, 1.5, '15', '-1', '7 days', '', false, [7], {}],
    wanted: 'must be a whole number from 0 to 14',
  },
  protectionTag: {
    default: 'teardown-protection',
    good: [
      ['keep', 'keep'],
      ['Team:Do-Not-Delete', 'Team:Do-Not-Delete'],
      ['a_b.c:d/e=f+g@h-1', 'a_b.c:d/e=f+g@h-1'],
      ['laws:keep', 'laws:keep'],
      ['x'.repeat(128), 'x'.repeat(128)],
    ],
    bad: ['', 'a b', 'ümlaut', '*', 'a*', '$x', 'aws:keep', 'AWS:keep', 'x'.repeat(129), 'keep\n'],
    wanted: 'must be 1 to 128 letters, digits or _ . : / = + @ -, and not begin with "aws:"',
  },
  requireApprovedPlan: {
    default: false,
    good: [
      [true, true],
      [false, false],
      ['true', true],
      ['false', false],
    ],
    bad: ['yes', 'TRUE', '', ' true', 0, 1, [true], {}],
    wanted: 'must be true or false',
  },
  batchConcurrency: {
    default: 1,
    good: [
      [1, 1],
      ['40', 40],
    ],
    bad: [0, 41, '0', '41', '2.5', 'two', false],
    wanted: 'must be a whole number from 1 to 40',
  },
  ledgerRetentionDays: {
    default: 365,
    good: [
      [0, 0],
      ['0', 0],
      ['30', 30],
      [3_650, 3_650],
    ],
    bad: [-1, 3_651, 0.5, '3651', 'for ever', '', true, [30]],
    wanted: 'must be a whole number from 0 to 3650',
  },
  notifyEmail: {
    default: undefined,
    good: [
      ['team@example.com', 'team@example.com'],
      ["o'neil+voice@sub.example.co.uk", "o'neil+voice@sub.example.co.uk"],
    ],
    bad: [
      ...['', 'team', 'team@', '@example.com', 'team@example', 'team@example.', 'a b@example.com'],
      ...['a@b@example.com', 'a@example.com,b@example.com', 'Team <team@example.com>', 'a@example.com\n'],
      ...[`${'x'.repeat(250)}@example.com`, 1, true, ['team@example.com'], {}],
    ],
    wanted: 'must be an e-mail address',
  },
};

const keys = Object.keys(settings) as (keyof Settings)[];
const cases = <T>(of: (key: keyof Settings) => T[]): [keyof Settings, T][] =>
  keys.flatMap((key) => of(key).map((value): [keyof Settings, T] => [key, value]));

test('Without any context, every setting has its default', () => {
  const defaults = Object.fromEntries(keys.map((key) => [key, settings[key].default]));
  expect(read({})).toEqual(defaults);
  expect(defaultSettings).toEqual(defaults);
});

test('A setting that is null, as in a cdk.json that was emptied, has its default', () => {
  expect(read({ chimeApi: null })).toEqual(defaultSettings);
});

test.each(cases((key) => settings[key].good))('%s may be %j', (key, [given, expected]) => {
  expect(read({ [key]: given })).toEqual({ ...defaultSettings, [key]: expected });
});

describe('A setting at fault', () => {
  test.each(cases((key) => settings[key].bad))(
    '%s: %j, is named with its value and the remedy',
    (key, bad) => {
      const refused = () => read({ [key]: bad });
      expect(refused).toThrow(`${key} ${settings[key].wanted}, not ${JSON.stringify(bad)}`);
      expect(refused).toThrow(`correct it in cdk.json or on the command line (--context ${key}=…)`);
    },
  );

  test.each([1, true, ['keep'], {}])('protectionTag: %j, is named though it is no text', (bad) => {
    expect(() => read({ protectionTag: bad })).toThrow(
      `protectionTag must be the key of a tag, not ${JSON.stringify(bad)}`,
    );
  });

  test('is not the only one named where there are several', () => {
    const wrong = {
      ...{ chimeApi: 'old', maxPhoneNumbers: -1, batchConcurrency: 'all' },
      ...{ quietDays: 15, protectionTag: 'a b', requireApprovedPlan: 'perhaps' },
      ...{ ledgerRetentionDays: -1, notifyEmail: 'nobody' },
    };
    expect(Object.keys(wrong).sort()).toEqual([...keys].sort());
    for (const [key, value] of Object.entries(wrong)) {
      expect(() => read(wrong)).toThrow(`${key} must be`);
      expect(() => read(wrong)).toThrow(`not ${JSON.stringify(value)}: correct it`);
    }
  });

  test('does not bring up those that are right', () => {
    expect(() => read({ chimeApi: 'old', maxPhoneNumbers: 5 })).not.toThrow(/maxPhoneNumbers/);
  });
});

test('Whoever sets something elsewhere is told to correct it there', () => {
  const context: Record<string, unknown> = { quietDays: 15 };
  expect(() =>
    readSettings(
      (key) => context[key],
      (key) => `correct ${key} in the props`,
    ),
  ).toThrow(
    'Settings: quietDays must be a whole number from 0 to 14, not 15: correct quietDays in the props.',
  );
});

test('What is not set is not there: a copy of the settings over others hides none of them', () => {
  expect(Object.keys(read({}))).not.toContain('notifyEmail');
});

function read(context: Record<string, unknown>): Settings {
  return readSettings((key) => context[key]);
}
