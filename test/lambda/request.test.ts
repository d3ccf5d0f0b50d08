import { describe, expect, it } from '@jest/globals';
import { readRequest } from '../../lambda/request.ts';

const voiceConnectorId = 'abcdef1ghij2klmno3pqr4';

describe('A request', () => {
  it('needs the id of a connector and nothing else', () => {
    expect(readRequest({ voiceConnectorId })).toEqual({ request: { voiceConnectorId } });
  });

  it('may say everything that there is to say', () => {
    const full = {
      voiceConnectorId,
      dryRun: true,
      expectedPhoneNumbers: 0,
      requestedBy: 'jane@example.com',
      reason: 'CHG-1234',
    };
    expect(readRequest(full)).toEqual({ request: full });
  });

  it('has every one of its faults named at once', () => {
    const messages = faultsOf({
      dryRun: 'yes',
      expectedPhoneNumbers: -1,
      reason: 7,
      force: true,
      region: 'eu-west-1',
    });
    expect(messages).toEqual([
      'voiceConnectorId is missing.',
      'dryRun must be true or false, not "yes".',
      'expectedPhoneNumbers must be a whole number, 0 or more, not -1.',
      'reason must be a string, not 7.',
      'force is not a field of the request.',
      'region is not a field of the request.',
    ]);
  });

  it.each([
    ['voiceConnectorId', '', 'voiceConnectorId must be 1 to 128 letters, digits or hyphens, not "".'],
    ['voiceConnectorId', 'a/b', 'voiceConnectorId must be 1 to 128 letters, digits or hyphens, not "a/b".'],
    ['voiceConnectorId', 'a\n', 'voiceConnectorId must be 1 to 128 letters, digits or hyphens, not "a\\n".'],
    ['voiceConnectorId', ' a', 'voiceConnectorId must be 1 to 128 letters, digits or hyphens, not " a".'],
    ['voiceConnectorId', 42, 'voiceConnectorId must be a string, not 42.'],
    ['voiceConnectorId', null, 'voiceConnectorId must be a string, not null.'],
    ['voiceConnectorId', ['a'], 'voiceConnectorId must be a string, not ["a"].'],
    ['dryRun', 'true', 'dryRun must be true or false, not "true".'],
    ['dryRun', 1, 'dryRun must be true or false, not 1.'],
    ['dryRun', null, 'dryRun must be true or false, not null.'],
    ['resume', 'yes', 'resume must be true or false, not "yes".'],
    ['resume', 1, 'resume must be true or false, not 1.'],
    ['expectedPhoneNumbers', '12', 'expectedPhoneNumbers must be a whole number, 0 or more, not "12".'],
    ['expectedPhoneNumbers', 1.5, 'expectedPhoneNumbers must be a whole number, 0 or more, not 1.5.'],
    [
      'expectedPhoneNumbers',
      2 ** 60,
      `expectedPhoneNumbers must be a whole number, 0 or more, not ${2 ** 60}.`,
    ],
    ['requestedBy', { name: 'Jane' }, 'requestedBy must be a string, not {"name":"Jane"}.'],
    ['DryRun', true, 'DryRun is not a field of the request.'],
  ])('is refused where %s is %p', (field, value, message) => {
    expect(faultsOf({ voiceConnectorId, [field]: value })).toEqual([message]);
  });

  it.each([
    [null, 'null'],
    ['abc', '"abc"'],
    [7, '7'],
    [true, 'true'],
    [[], '[]'],
    [[{ voiceConnectorId }], `[{"voiceConnectorId":"${voiceConnectorId}"}]`],
    [undefined, 'undefined'],
  ])('is refused where it is %p instead of an object', (input, shown) => {
    expect(faultsOf(input)).toEqual([`input must be a JSON object, not ${shown}.`]);
  });

  it.each([
    [128, []],
    [129, ['voiceConnectorId must be 1 to 128 letters, digits or hyphens']],
  ])('takes an id of up to 128 characters: %d', (length, faults) => {
    const found = faultsOf({ voiceConnectorId: 'a'.repeat(length) });
    expect(found.map((fault) => fault.split(', not')[0])).toEqual(faults);
  });

  it.each([
    ['requestedBy', 256],
    ['reason', 1024],
  ])('takes a %s of up to %d characters', (field, most) => {
    expect(faultsOf({ voiceConnectorId, [field]: 'x'.repeat(most) })).toEqual([]);
    const [fault] = faultsOf({ voiceConnectorId, [field]: 'x'.repeat(most + 1) });
    expect(fault).toContain(`${field} must be at most ${most} characters long`);
  });

  it('gets the way out with every fault', () => {
    const read = readRequest({ dryRun: 1 });
    const blockers = 'blockers' in read ? read.blockers : [];
    expect(blockers).toHaveLength(2);
    for (const { code, wayOut } of blockers) {
      expect(code).toBe('InvalidInput');
      expect(wayOut).toContain('voiceConnectorId, dryRun, resume, expectedPhoneNumbers, requestedBy, reason');
      expect(wayOut).toContain('only voiceConnectorId is required');
    }
  });
});

describe('What a refusal repeats of a request', () => {
  it.each([
    ['value', { voiceConnectorId: 'x'.repeat(200_000) }],
    ['key', { voiceConnectorId, ['x'.repeat(200_000)]: 1 }],
    ['object', { voiceConnectorId, reason: { text: 'x'.repeat(200_000) } }],
    ['input', 'x'.repeat(200_000)],
  ])('is short, however long the %s', (_where, input) => {
    const faults = faultsOf(input);
    expect(faults).toHaveLength(1);
    expect(faults.join('').length).toBeLessThan(250);
  });

  it('fits into a state of 256 KiB, however many fields it does not know', () => {
    const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`field${i}`, i]));
    const read = readRequest({ ...fields, voiceConnectorId });
    expect(JSON.stringify(read).length).toBeLessThan(256 * 1024);
    expect(JSON.stringify(read)).toContain('field0 is not a field of the request');
  });

  it('holds no phone number', () => {
    const said = JSON.stringify(
      readRequest({
        voiceConnectorId: '+12065550100',
        '+12065550101': true,
        reason: ['+12065550102', '(206) 555-0103'],
      }),
    );
    expect(said).not.toMatch(/\d{5}|\(206\)/);
    for (const shown of ['…0100', '…0101', '…0102', '…0103']) expect(said).toContain(shown);
  });
});

function faultsOf(input: unknown): string[] {
  const read = readRequest(input);
  return 'blockers' in read ? read.blockers.map(({ message }) => message) : [];
}
