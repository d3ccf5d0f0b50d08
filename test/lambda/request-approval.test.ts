import { describe, expect, it } from '@jest/globals';
import { readTeardownRequest } from '../../lambda/inspection/request.ts';
import { blockerCodes } from '../../lambda/plan.ts';
import { blockersOf, faultsOf, read } from './request-faults.ts';

const voiceConnectorId = 'abcdef1ghij2klmno3pqr4';
const approvedPlan = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('The approved plan', () => {
  const [, digits = ''] = approvedPlan.split(':');

  it.each([
    ['without its kind', digits],
    ['of another kind', `md5:${digits}`],
    ['with a digit too few', approvedPlan.slice(0, -1)],
    ['with a digit too many', `${approvedPlan}0`],
    ['with a letter that is no digit', approvedPlan.replace('a', 'g')],
    ['with a space', ` ${approvedPlan}`],
    ['with the end of a line', `${approvedPlan}\n`],
  ])('is refused %s', (_how, value) => {
    expect(faultsOf({ voiceConnectorId, approvedPlan: value })).toEqual([
      expect.stringMatching(/^approvedPlan must be the fingerprint of a plan, not ".*"\.$/),
    ]);
  });
});

describe('What a request may override', () => {
  it.each([[[]], [['InUse']], [['InUse', 'InUse']]])('is %j', (overrides) => {
    expect(read({ voiceConnectorId, overrides })).toEqual({ request: { voiceConnectorId, overrides } });
  });

  const onlyInUse = 'must be InUse: no other blocker can be overridden';
  it.each([
    ['a code that there is not', ['Calls'], [`overrides.0 ${onlyInUse}, not "Calls".`]],
    ['the code in other letters', ['inuse'], [`overrides.0 ${onlyInUse}, not "inuse".`]],
    [
      'what is no code',
      [1, null],
      [`overrides.0 ${onlyInUse}, not 1.`, `overrides.1 ${onlyInUse}, not null.`],
    ],
    ['one that is right and one that is not', ['InUse', ''], [`overrides.1 ${onlyInUse}, not "".`]],
    ['a code by itself', 'InUse', ['overrides must be a list of codes, not "InUse".']],
    ['a yes', true, ['overrides must be a list of codes, not true.']],
    ['an object', { InUse: true }, ['overrides must be a list of codes, not {"InUse":true}.']],
    ['nothing', null, ['overrides must be a list of codes, not null.']],
  ])('is not %s', (_what, overrides, faults) => {
    expect(faultsOf({ voiceConnectorId, overrides })).toEqual(faults);
  });

  it.each(blockerCodes.filter((code) => code !== 'InUse'))('is not %s', (code) => {
    expect(faultsOf({ voiceConnectorId, overrides: [code] })).toEqual([
      `overrides.0 ${onlyInUse}, not "${code}".`,
    ]);
  });
});

describe('Where a deployment runs nothing without an approved plan, a request', () => {
  const missing =
    'approvedPlan is missing, and this deployment runs no teardown without it (setting requireApprovedPlan).';
  const readHere = (input: unknown) => readTeardownRequest(input, true);

  it('without one is refused, and told how to get one', () => {
    expect(readHere({ voiceConnectorId })).toEqual({
      blockers: [
        {
          code: 'InvalidInput',
          message: missing,
          wayOut: 'Look at a plan ("dryRun": true), and give its fingerprint as "approvedPlan".',
        },
      ],
    });
  });

  it.each([
    ['resumes', { resume: true }],
    ['states its count', { expectedPhoneNumbers: 3 }],
    ['says that it is no dry run', { dryRun: false }],
  ])('is refused without one also where it %s', (_what, request) => {
    expect(blockersOf(readHere({ voiceConnectorId, ...request }))).toMatchObject([{ message: missing }]);
  });

  it.each([
    ['asks only for a plan', { dryRun: true }],
    ['has one', { approvedPlan }],
    ['asks only for a plan, and has one', { dryRun: true, approvedPlan }],
  ])('goes on where it %s', (_what, request) => {
    expect(readHere({ voiceConnectorId, ...request })).toEqual({ request: { voiceConnectorId, ...request } });
  });

  it('has all of its faults named at once', () => {
    expect(blockersOf(readHere({ dryRun: 'yes', force: true })).map(({ message }) => message)).toEqual([
      'voiceConnectorId is missing.',
      'dryRun must be true or false, not "yes".',
      'force is not a field of the request.',
      missing,
    ]);
  });

  it.each([null, [], 'abc', undefined])('that is %j instead of an object has no other fault', (input) => {
    expect(blockersOf(readHere(input))).toEqual(blockersOf(read(input)));
  });

  it('with one that cannot be read has that fault alone', () => {
    const blockers = blockersOf(readHere({ voiceConnectorId, approvedPlan: null }));
    expect(blockers.map(({ message }) => message)).toEqual(['approvedPlan must be a string, not null.']);
  });
});
