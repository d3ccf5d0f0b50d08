import type { RawReply } from '../../../local/chime/faults.ts';

const json = 'application/json';
const html = '<html><head><title>502 Bad Gateway</title></head><body>+12065550199</body></html>';

const answers: readonly (readonly [what: string, status: number, contentType: string, body: string])[] = [
  ['truncated JSON', 200, json, '{"PhoneNumbers":[{"PhoneNumberId":"%2B12065550199'],
  ['a brace', 200, json, '{'],
  ['blanks', 200, json, ' \r\n\t '],
  ['an empty body', 200, json, ''],
  ['null', 200, json, 'null'],
  ['a list', 200, json, '[]'],
  ['a list of null', 200, json, '[null]'],
  ['a string', 200, json, '"+12065550199"'],
  ['a number', 200, json, '42'],
  ['a number beyond all numbers', 200, json, '1e400'],
  ['true', 200, json, 'true'],
  ['NaN', 200, json, '{"NextToken":NaN}'],
  ['two objects', 200, json, '{}{}'],
  ['JSON in single quotes', 200, json, "{'PhoneNumbers':[]}"],
  ['a byte order mark', 200, json, '\uFEFF{}'],
  ['a NUL', 200, json, '\u0000'],
  ['HTML', 200, 'text/html', html],
  ['HTML that claims to be JSON', 200, json, html],
  ['XML', 200, 'text/xml', '<?xml version="1.0"?><PhoneNumbers/>'],
  ['a megabyte', 200, json, `"${'+12065550199 '.repeat(80_000)}`],
  ['HTML of status 302', 302, 'text/html', html],
  ['HTML of status 400', 400, 'text/html', html],
  ['HTML of status 403', 403, 'text/html', html],
  ['HTML of status 404', 404, 'text/html', html],
  ['HTML of status 409', 409, 'text/html', html],
  ['HTML of status 429', 429, 'text/html', html],
  ['nothing of status 429', 429, json, ''],
  ['nothing of status 500', 500, json, ''],
  ['a list of status 500', 500, json, '[{"Code":"ServiceFailure"}]'],
  ['HTML of status 502', 502, 'text/html', html],
  ['truncated JSON of status 503', 503, json, '{"Code":"Serv'],
  ['an error without words of status 503', 503, json, '{"Code":null,"Message":null}'],
  ['nothing of status 504', 504, 'text/html', ''],
];

/** Answers that no operation of the service has: what a proxy, a fault or a broken line makes of one. */
export const spoilt: readonly (readonly [what: string, reply: RawReply])[] = answers.map(
  ([what, status, contentType, body]) => [what, { status, contentType, body }],
);

/** Those that tell nothing of what was done, and to which no operation may give a meaning. */
export const unreadable = spoilt.filter(([what]) =>
  [
    'truncated JSON',
    'HTML',
    'XML',
    'HTML of status 403',
    'HTML of status 404',
    'HTML of status 502',
  ].includes(what),
);
