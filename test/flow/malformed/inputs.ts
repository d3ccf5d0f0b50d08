/** What is wrong with an input, the input, and what an operator must be told about it. */
export type MalformedInput = readonly [what: string, input: unknown, told: string];

const id = 'abcdef1ghij2klmno3pqr4';
const number = '+12065550100';

/** As it stands in a request: what JavaScript's own notation cannot say (`__proto__` as a key, 1e400) included. */
const json = (text: string): unknown => JSON.parse(text);

const values: readonly MalformedInput[] = [
  ['null', null, 'must be a JSON object, not null'],
  ['true', true, 'must be a JSON object, not true'],
  ['false', false, 'must be a JSON object, not false'],
  ['0', 0, 'must be a JSON object, not 0'],
  ['a negative number', -1, 'must be a JSON object, not -1'],
  ['a phone number', 12065550100, 'must be a JSON object, not …0100'],
  ['an empty string', '', 'must be a JSON object, not ""'],
  ['an id alone', id, `must be a JSON object, not "${id}"`],
  ['a phone number as a string', number, 'must be a JSON object, not "…0100"'],
  ['an object as a string', JSON.stringify({ voiceConnectorId: id }), 'must be a JSON object, not "{'],
  ['a string of 200 KB', 'x'.repeat(200_000), 'must be a JSON object, not "xxx'],
  ['an empty list', [], 'must be a JSON object, not []'],
  ['a list of one request', [{ voiceConnectorId: id }], 'must be a JSON object, not [{'],
  ['a list of null', [null], 'must be a JSON object, not [null]'],
  ['a list of lists', [[[[]]]], 'must be a JSON object, not [[[[]]]]'],
  ['a list of 10,000 numbers', Array(10_000).fill(number), 'must be a JSON object, not ["…0100'],
  ['a list a thousand deep', json('['.repeat(1_000) + ']'.repeat(1_000)), 'must be a JSON object, not [[['],
];

const ids: readonly MalformedInput[] = (
  [
    ['null', null, 'must be a string, not null'],
    ['a number', 5, 'must be a string, not 5'],
    ['true', true, 'must be a string, not true'],
    ['a list', [id], `must be a string, not ["${id}"]`],
    ['an object', { id }, 'must be a string, not {"id"'],
    ['empty', '', 'must be 1 to 128 letters, digits or hyphens, not ""'],
    ['a blank', ' ', 'not " "'],
    ['one with a blank before it', ` ${id}`, `not " ${id}"`],
    ['one with a blank behind it', `${id} `, `not "${id} "`],
    ['one with a new line behind it', `${id}\n`, `not "${id}\\n"`],
    ['one with a new line in it', 'ab\r\ncd', 'not "ab\\r\\ncd"'],
    ['one with a tab in it', 'ab\tcd', 'not "ab\\tcd"'],
    ['one with a NUL in it', 'ab\u0000cd', 'not "ab\\u0000cd"'],
    ['one with a slash', 'ab/cd', 'not "ab/cd"'],
    ['one with a backslash', 'ab\\cd', 'not "ab\\\\cd"'],
    ['a dot', '.', 'not "."'],
    ['two dots', '..', 'not ".."'],
    ['a path', '../phone-numbers', 'not "../phone-numbers"'],
    ['an encoded slash', 'ab%2Fcd', 'not "ab%2Fcd"'],
    ['encoded dots', '%2e%2e', 'not "%2e%2e"'],
    ['one with a query', 'ab?operation=disassociate-phone-numbers', 'not "ab?operation='],
    ['one with a fragment', 'ab#cd', 'not "ab#cd"'],
    ['one with an underscore', 'ab_cd', 'not "ab_cd"'],
    ['__proto__', '__proto__', 'not "__proto__"'],
    ['a phone number', number, 'not "…0100"'],
    ['an encoded phone number', '%2B12065550100', 'not "…0100"'],
    ['an ARN', `arn:aws:chime:us-east-1:111122223333:vc/${id}`, 'not "arn:aws:chime:'],
    ['a host name', `${id}.voiceconnector.chime.aws`, `not "${id}.voiceconnector.chime.aws"`],
    [
      'an address',
      `https://voice-chime.us-east-1.amazonaws.com/voice-connectors/${id}`,
      'not "https://voice-chime',
    ],
    ['an asterisk', '*', 'not "*"'],
    ['a path of the state language', '$.voiceConnectorId', 'not "$.voiceConnectorId"'],
    ['a placeholder', '{{connector}}', 'not "{{connector}}"'],
    ['markup', '<script>', 'not "<script>"'],
    ['with an accent', 'connéctor', 'not "connéctor"'],
    ['in other letters', 'соnnector', 'not "соnnector"'],
    ['in other digits', '١٢٣', 'not "١٢٣"'],
    ['in full width', 'ａｂｃ', 'not "ａｂｃ"'],
    ['a smile', '🙂', 'not "🙂"'],
    ['half a smile', '\ud83d', 'not "'],
    ['written from right to left', '\u202ecba', 'not "'],
    ['with an invisible letter', 'ab\u200bcd', 'not "'],
    ['of 129 characters', 'a'.repeat(129), 'not "aaa'],
    ['of 100 KB', 'a'.repeat(100_000), 'not "aaa'],
  ] as const
).map(([what, voiceConnectorId, told]) => [`an id that is ${what}`, { voiceConnectorId }, told]);

const notOfTheirType: readonly MalformedInput[] = (
  [
    ['dryRun', ['true', 'false', 'yes', '', 0, 1, null, [], [true], {}], 'must be true or false'],
    ['requestedBy', [5, null, true, [], {}], 'must be a string'],
    ['requestedBy', ['x'.repeat(257)], 'must be at most 256 characters long'],
    ['reason', [1, null, false, ['x'], { why: 'x' }], 'must be a string'],
    ['reason', ['x'.repeat(1_025), 'x'.repeat(100_000)], 'must be at most 1024 characters long'],
  ] as const
).flatMap(wrongFields);

const keys: readonly MalformedInput[] = [
  ['no id', {}, 'voiceConnectorId is missing'],
  ['no id, but all else', { dryRun: true, reason: 'x' }, 'voiceConnectorId is missing'],
  ['an unknown key', { voiceConnectorId: id, force: true }, 'force is not a field of the request'],
  ['a key in another case', { VoiceConnectorId: id }, 'VoiceConnectorId is not a field of the request'],
  ['a key with a blank', { 'voiceConnectorId ': id }, 'voiceConnectorId is missing'],
  ['an empty key', { voiceConnectorId: id, '': 1 }, 'is not a field of the request'],
  ['a key of new lines', { voiceConnectorId: id, '\n\n': 1 }, 'is not a field of the request'],
  [
    'a key that is a phone number',
    { voiceConnectorId: id, [number]: 1 },
    '…0100 is not a field of the request',
  ],
  [
    'a key of 1,000 characters',
    { voiceConnectorId: id, ['k'.repeat(1_000)]: 1 },
    'k… is not a field of the request',
  ],
  ['length as a key', { voiceConnectorId: id, length: 0 }, 'length is not a field'],
  ['then as a key', json(`{"voiceConnectorId":"${id}","then":1}`), 'then is not a field'],
  ['toJSON as a key', { voiceConnectorId: id, toJSON: 'x' }, 'toJSON is not a field'],
  [
    '100 unknown keys',
    Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i])),
    'There are 51 faults more',
  ],
  [
    'the request in a request',
    { request: { voiceConnectorId: id } },
    'request is not a field of the request',
  ],
  ['the request as a detail', { detail: { voiceConnectorId: id } }, 'detail is not a field of the request'],
  [
    'a whole event instead of its detail',
    {
      version: '0',
      id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
      'detail-type': 'Voice Connector Teardown Requested',
      source: 'voice-connector-teardown',
      account: '111122223333',
      time: '2026-01-05T09:00:00Z',
      region: 'us-east-1',
      resources: [],
      detail: { voiceConnectorId: id },
    },
    'detail-type is not a field of the request',
  ],
  [
    'a value a thousand deep',
    { voiceConnectorId: id, deep: json(`${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`) },
    'deep is not a field',
  ],
];

/** What both workflows refuse. */
export const malformedInputs: readonly MalformedInput[] = [...values, ...ids, ...notOfTheirType, ...keys];

/** What only a teardown has fields for. */
export const malformedTeardownInputs: readonly MalformedInput[] = (
  [
    ['resume', ['true', 1, 0, null, [], {}], 'must be true or false'],
    ['detachFromGroups', ['true', 1, 0, null, [], {}], 'must be true or false'],
    [
      'expectedPhoneNumbers',
      ['3', '', '0x3', '٣', -1, 1.5, 0.1, 1e300, json('1e400'), null, true, [], [3], {}],
      'must be a whole number, 0 or more',
    ],
    ['approvedPlan', [5, null, true, [], {}], 'must be a string'],
    [
      'approvedPlan',
      [
        '',
        'sha256:',
        'latest',
        'a'.repeat(64),
        `sha256:${'a'.repeat(63)}`,
        `sha256:${'a'.repeat(65)}`,
        `sha256:${'A'.repeat(64)}`,
        `sha256:${'g'.repeat(64)}`,
        `sha256:${'a'.repeat(64)}\n`,
        ` sha256:${'a'.repeat(64)}`,
        `SHA256:${'a'.repeat(64)}`,
        'x'.repeat(100_000),
      ],
      'must be the fingerprint of a plan',
    ],
    ['overrides', ['InUse', '', 1, null, true, {}, { 0: 'InUse' }], 'must be a list of codes'],
  ] as const
)
  .flatMap(wrongFields)
  .concat(
    [
      [null],
      [5],
      [''],
      ['Protected'],
      ['inuse'],
      ['InUse '],
      [['InUse']],
      ['InUse', 'Unfinished'],
      [{}],
      ['__proto__'],
    ].map(
      (overrides): MalformedInput => [
        `overrides = ${brief(overrides)}`,
        { voiceConnectorId: id, overrides },
        'must be InUse: no other blocker can be overridden',
      ],
    ),
  );

/** Ids that an object of JavaScript has properties of: nothing but the names of connectors that are not there. */
export const idsThatAreWords = [
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'null',
  'undefined',
  'NaN',
  '0',
  '-',
];

/** A field with each of the values that are wrong for it. */
function wrongFields([field, wrong, told]: readonly [string, readonly unknown[], string]): MalformedInput[] {
  return wrong.map((value) => [
    `${field} = ${brief(value)}`,
    { voiceConnectorId: id, [field]: value },
    `${field} ${told}`,
  ]);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 30 ? `${text.slice(0, 30)}…` : text;
}
