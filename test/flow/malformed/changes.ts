import { noList, type Shape } from './shapes.ts';

function refusing(...PhoneNumberErrors: unknown[]): object {
  return { PhoneNumberErrors };
}

/** The answer about the case's number, and what is wrong with it. */
function refusal(change: object): object {
  return refusing({ PhoneNumberId: '<id>', ErrorCode: 'BadRequest', ErrorMessage: 'x', ...change });
}

/**
 * What a bulk call may answer instead of a list of errors. None of these says that anything was done: a number is what
 * the service shows it to be when it is asked.
 */
export const bulkAnswers: readonly Shape[] = [
  ['PhoneNumberErrors is missing', {}],
  ['PhoneNumberErrors is null', { PhoneNumberErrors: null }],
  ['the list in small letters', { phoneNumberErrors: [{ phoneNumberId: '<id>', errorCode: 'Forbidden' }] }],
  ...noList('PhoneNumberErrors'),
  ['an error of nothing', refusing({})],
  ['an error without a code', refusal({ ErrorCode: undefined })],
  ['an error whose code is null', refusal({ ErrorCode: null, ErrorMessage: null })],
  ['an error whose code is a number', refusal({ ErrorCode: 5 })],
  ['an error whose code is empty', refusal({ ErrorCode: '' })],
  ['an error of an unknown code', refusal({ ErrorCode: 'Exploded', ErrorMessage: '<number> exploded' })],
  ['an error whose message is 100 KB long', refusal({ ErrorMessage: '<number> '.repeat(8_000) })],
  ['an error of null', refusal({ PhoneNumberId: null })],
  ['an error of another number', refusal({ PhoneNumberId: '<stranger>', ErrorCode: 'Forbidden' })],
  ['an error of a number twice encoded', refusal({ PhoneNumberId: '%25<id>' })],
  ['an error of a number with blanks around it', refusal({ PhoneNumberId: ' <number>\n' })],
  ['an error of a path', refusal({ PhoneNumberId: '../<id>' })],
  ['an error of tel:', refusal({ PhoneNumberId: 'tel:<number>' })],
  ['an error of __proto__', refusal({ PhoneNumberId: '__proto__', ErrorCode: 'constructor' })],
  [
    'two errors of one number',
    refusing(
      { PhoneNumberId: '<id>', ErrorCode: 'Throttled' },
      { PhoneNumberId: '<number>', ErrorCode: 'BadRequest' },
    ),
  ],
  [
    'five hundred errors',
    refusing(
      ...Array.from({ length: 500 }, (_, i) => ({
        PhoneNumberId: `+1999555${i}`,
        ErrorCode: 'BadRequest',
      })),
    ),
  ],
];
