import { describe, expect, it } from '@jest/globals';
import { readRestoreRequest } from '../../lambda/inspection/request.ts';
import { blockersOf, faultsOf, read } from './request-faults.ts';

const voiceConnectorId = 'abcdef1ghij2klmno3pqr4';
const approvedPlan = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('A request', () => {
  it('needs the id of a connector and nothing else', () => {
    expect(read({ voiceConnectorId })).toEqual({ request: { voiceConnectorId } });
  });

  it('may say everything that there is to say', () => {
    const full = {
      voiceConnectorId,
      dryRun: true,
      resume: true,
      expectedPhoneNumbers: 0,
      approvedPlan,
      detachFromGroups: true,
      overrides: ['InUse'],
      requestedBy: 'jane@example.com',
      reason: 'CHG-1234',
    };
    expect(read(full)).toEqual({ request: full });
  });

  it('has every one of its faults named at once', () => {
    const messages = faultsOf({
      dryRun: 'yes',
      expectedPhoneNumbers: -1,
      approvedPlan: 'the last one',
      detachFromGroups: 'all',
      overrides: ['Protected', 'InGroup'],
      reason: 7,
      force: true,
      region: 'eu-west-1',
    });
    expect(messages).toEqual([
      'voiceConnectorId is missing.',
      'dryRun must be true or false, not "yes".',
      'reason must be a string, not 7.',
      'expectedPhoneNumbers must be a whole number, 0 or more, not -1.',
      'approvedPlan must be the fingerprint of a plan, not "the last one".',
      'detachFromGroups must be true or false, not "all".',
      'overrides.0 must be InUse: no other blocker can be overridden, not "Protected".',
      'overrides.1 must be InUse: no other blocker can be overridden, not "InGroup".',
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
    ['approvedPlan', 7, 'approvedPlan must be a string, not 7.'],
    ['approvedPlan', null, 'approvedPlan must be a string, not null.'],
    ['approvedPlan', '', 'approvedPlan must be the fingerprint of a plan, not "".'],
    [
      'approvedPlan',
      approvedPlan.toUpperCase(),
      `approvedPlan must be the fingerprint of a plan, not "${approvedPlan.toUpperCase()}".`,
    ],
    ['detachFromGroups', 'true', 'detachFromGroups must be true or false, not "true".'],
    ['detachFromGroups', ['group'], 'detachFromGroups must be true or false, not ["group"].'],
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
    const blockers = blockersOf(read({ dryRun: 1 }));
    expect(blockers).toHaveLength(2);
    for (const { code, wayOut } of blockers) {
      expect(code).toBe('InvalidInput');
      expect(wayOut).toBe(
        'The fields are voiceConnectorId, dryRun, requestedBy, reason, resume, expectedPhoneNumbers, approvedPlan, ' +
          'detachFromGroups, overrides; only voiceConnectorId is required.',
      );
    }
  });
});

describe('A request to restore', () => {
  it('needs the id of a connector and nothing else', () => {
    expect(readRestoreRequest({ voiceConnectorId })).toEqual({ request: { voiceConnectorId } });
  });

  it('may say everything that there is to say', () => {
    const full = { voiceConnectorId, dryRun: true, requestedBy: 'jane@example.com', reason: 'CHG-1235' };
    expect(readRestoreRequest(full)).toEqual({ request: full });
  });

  it('knows nothing of what only a teardown is asked, and has every fault named at once', () => {
    const blockers = blockersOf(
      readRestoreRequest({
        voiceConnectorId: 'a/b',
        dryRun: 1,
        ...{ resume: true, expectedPhoneNumbers: 3, approvedPlan, detachFromGroups: true, overrides: [] },
      }),
    );
    expect(blockers.map(({ message }) => message)).toEqual([
      'voiceConnectorId must be 1 to 128 letters, digits or hyphens, not "a/b".',
      'dryRun must be true or false, not 1.',
      'resume is not a field of the request.',
      'expectedPhoneNumbers is not a field of the request.',
      'approvedPlan is not a field of the request.',
      'detachFromGroups is not a field of the request.',
      'overrides is not a field of the request.',
    ]);
    const fields = 'voiceConnectorId, dryRun, requestedBy, reason';
    for (const { code, wayOut } of blockers) {
      expect(code).toBe('InvalidInput');
      expect(wayOut).toBe(`The fields are ${fields}; only voiceConnectorId is required.`);
    }
  });

  it.each([null, [], 'abc'])('is refused where it is %j instead of an object', (input) => {
    expect(blockersOf(readRestoreRequest(input))).toEqual([
      expect.objectContaining({ message: `input must be a JSON object, not ${JSON.stringify(input)}.` }),
    ]);
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
    const said = JSON.stringify(read({ ...fields, voiceConnectorId }));
    expect(said.length).toBeLessThan(256 * 1024);
    expect(said).toContain('field0 is not a field of the request');
  });

  it('holds no phone number', () => {
    const said = JSON.stringify(
      read({
        voiceConnectorId: '+12065550100',
        '+12065550101': true,
        reason: ['+12065550102', '(206) 555-0103'],
      }),
    );
    expect(said).not.toMatch(/\d{5}|\(206\)/);
    for (const shown of ['…0100', '…0101', '…0102', '…0103']) expect(said).toContain(shown);
  });
});
