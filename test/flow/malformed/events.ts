/** Details of "Step Functions Execution Status Change"; `<connector>` stands for the connector that is held. */
type Detail = Readonly<Record<string, unknown>>;

/** Inputs from which no connector can be told: the event changes nothing. */
export const inputsThatTellNothing: readonly (readonly [what: string, input: unknown])[] = [
  ['missing', undefined],
  ['null', null],
  ['empty', ''],
  ['blank', ' \n'],
  ['a brace', '{'],
  ['cut off in the middle', '{"voiceConnectorId":"<connector>'],
  ['cut off by its last brace', '{"voiceConnectorId":"<connector>"'],
  ['in single quotes', "{'voiceConnectorId':'<connector>'}"],
  ['with a comma too many', '{"voiceConnectorId":"<connector>",}'],
  ['with a byte order mark', '\uFEFF{"voiceConnectorId":"<connector>"}'],
  ['twice', '{"voiceConnectorId":"<connector>"}{"voiceConnectorId":"<connector>"}'],
  ['the id alone', '<connector>'],
  ['JSON null', 'null'],
  ['a JSON number', '5'],
  ['a JSON number beyond all numbers', '1e400'],
  ['a JSON text', '"<connector>"'],
  ['JSON in a JSON text', JSON.stringify('{"voiceConnectorId":"<connector>"}')],
  ['a JSON list', '[{"voiceConnectorId":"<connector>"}]'],
  ['an empty object', '{}'],
  ['an object with the key in another case', '{"VoiceConnectorId":"<connector>"}'],
  ['an object with the id further down', '{"detail":{"voiceConnectorId":"<connector>"}}'],
  ['an object with the id in its prototype', '{"__proto__":{"voiceConnectorId":"<connector>"}}'],
  ['an id that is null', '{"voiceConnectorId":null}'],
  ['an id that is a number', '{"voiceConnectorId":5}'],
  ['an id that is a list', '{"voiceConnectorId":["<connector>"]}'],
  ['an id that is empty', '{"voiceConnectorId":""}'],
  ['an id with a slash before it', '{"voiceConnectorId":"/<connector>"}'],
  ['an id with a new line behind it', '{"voiceConnectorId":"<connector>\\n"}'],
  ['an id with an encoded slash', '{"voiceConnectorId":"%2F<connector>"}'],
  ['an id of two dots', '{"voiceConnectorId":".."}'],
  ['an id of 129 characters', `{"voiceConnectorId":"${'a'.repeat(129)}"}`],
  ['an id that is a word of JavaScript', '{"voiceConnectorId":"constructor"}'],
  ['250 KB of nothing', `{"reason":"${'x'.repeat(250_000)}"}`],
  ['a thousand lists deep', '['.repeat(1_000) + ']'.repeat(1_000)],
];

/** What else an event may say; the teardown is closed as interrupted, and the sentence has this in it. */
export const reasons: readonly (readonly [what: string, how: Detail, told: string])[] = [
  ['nothing', { status: 'ABORTED' }, 'ended as ABORTED. Numbers'],
  ['null', { status: 'ABORTED', error: null, cause: null }, 'ended as ABORTED. Numbers'],
  ['empty texts', { status: 'TIMED_OUT', error: '', cause: '' }, 'ended as TIMED_OUT. Numbers'],
  ['an unknown status', { status: 'EVAPORATED' }, 'ended as EVAPORATED. Numbers'],
  ['a cause of one brace', { status: 'FAILED', error: 'E', cause: '{' }, 'ended as FAILED: {. Numbers'],
  [
    'a cause that is JSON null',
    { status: 'FAILED', error: 'E', cause: 'null' },
    'ended as FAILED: null. Numbers',
  ],
  [
    'a cause that is a JSON list',
    { status: 'FAILED', error: 'E', cause: '["x"]' },
    'ended as FAILED: ["x"]. Numbers',
  ],
  [
    'a cause cut off in the middle',
    { status: 'FAILED', error: 'E', cause: '{"errorMessage":"x' },
    'ended as FAILED: {"errorMessage":"x. Numbers',
  ],
  [
    'a message that is a number',
    { status: 'FAILED', error: 'E', cause: '{"errorMessage":12065550100}' },
    'ended as FAILED: {"errorMessage":…0100}. Numbers',
  ],
  [
    'a message that is null',
    { status: 'FAILED', error: 'E', cause: '{"errorMessage":null}' },
    'ended as FAILED: {"errorMessage":null}. Numbers',
  ],
  [
    'a message that is empty',
    { status: 'FAILED', error: 'E', cause: '{"errorMessage":""}' },
    'ended as FAILED. Numbers',
  ],
  [
    'a cause with a number',
    { status: 'FAILED', error: 'E', cause: 'about %2B12065550100' },
    'ended as FAILED: about …0100. Numbers',
  ],
  [
    'an error with a number',
    { status: 'FAILED', error: '+12065550100', cause: 'x' },
    'ended as FAILED: x. Numbers',
  ],
  [
    'an error of 10,000 characters',
    { status: 'FAILED', error: 'E'.repeat(10_000), cause: 'x' },
    'ended as FAILED: x. Numbers',
  ],
  [
    'a cause of a megabyte',
    { status: 'FAILED', error: 'E', cause: 'x'.repeat(1_000_000) },
    'ended as FAILED: xxx',
  ],
  [
    'a message of a megabyte',
    { status: 'FAILED', error: 'E', cause: JSON.stringify({ errorMessage: '+12065550100 '.repeat(80_000) }) },
    'ended as FAILED: …0100 …0100',
  ],
  [
    'a cause that is cut in the middle of a letter',
    { status: 'FAILED', error: 'E', cause: '🙂'.repeat(3_000) },
    'ended as FAILED: 🙂',
  ],
  [
    'control characters',
    { status: 'FAILED', error: 'E\u0000', cause: '\u0000\r\n\u202e' },
    'ended as FAILED: ',
  ],
];
