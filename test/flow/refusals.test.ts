import { describe, expect, it } from '@jest/globals';
import { changingCalls, statesOf, tearDown, worldWith } from './setting.ts';

describe('A run is refused, red, with nothing changed and nothing in the ledger', () => {
  it.each([
    ['a number', 5],
    ['a string', 'x'],
    ['a list', []],
    ['null', null],
    ['0', 0],
    ['false', false],
    ['an empty string', ''],
    ['an empty object', {}],
    ['an empty id', { voiceConnectorId: '' }],
    ['an id with a slash', { voiceConnectorId: 'a/../b' }],
    ['an unknown key', { voiceConnectorId: 'abc', force: true }],
    ['a wrong type', { voiceConnectorId: 'abc', dryRun: 'yes' }],
    ['a count that is none', { voiceConnectorId: 'abc', expectedPhoneNumbers: -1 }],
    ['a string of 200 KB', 'x'.repeat(200_000)],
  ])('when the input is %s', async (_what, input) => {
    const world = await worldWith(3);

    const result = await world.start(input).result;

    expect(result).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
    expect(result.cause?.length).toBeLessThan(1_000);
    expect(statesOf(result).at(-1)).toBe('Teardown refused');
    expect(world.chime.requests).toEqual([]);
    expect(await world.ledger.items()).toEqual([]);
  });

  it('naming every fault of the input at once', async () => {
    const world = await worldWith(3);

    const { cause } = await world.start({
      voiceConnectorId: '',
      dryRun: 1,
      expectedPhoneNumbers: 1.5,
      a: 1,
      b: 2,
    }).result;

    for (const field of ['voiceConnectorId', 'dryRun', 'expectedPhoneNumbers', 'a is not', 'b is not']) {
      expect(cause).toContain(field);
    }
  });

  it.each([
    ['ConnectorNotFound', 3, { voiceConnectorId: 'abcdef1ghij2klmno3pqr4' }],
    ['NoPhoneNumbers', 0, {}],
    ['TooManyNumbers', 1_001, {}],
    ['CountMismatch', 3, { expectedPhoneNumbers: 4 }],
    ['CountMismatch', 3, { expectedPhoneNumbers: 0 }],
  ])('as %s', async (code, numbers, request) => {
    const world = await worldWith(numbers);

    const result = await tearDown(world, request);

    expect(result).toMatchObject({ status: 'FAILED', error: code });
    expect(result.cause).toMatch(new RegExp(`^${code}: `));
    expect(changingCalls(world)).toEqual([]);
    expect(await world.ledger.items()).toEqual([]);
  });

  it('when a number was added since the count was taken', async () => {
    const world = await worldWith(3);
    world.chime.state.addNumber({ e164: '+12065559999', connectorId: world.voiceConnectorId });

    const { error, cause } = await tearDown(world, { expectedPhoneNumbers: 3 });

    expect(error).toBe('CountMismatch');
    expect(cause).toContain('has 4 phone numbers, and expectedPhoneNumbers says 3');
  });
});

describe('The way out of a refusal works', () => {
  it('for TooManyNumbers: the exact count', async () => {
    const world = await worldWith(1_001);

    const { output } = await tearDown(world, { expectedPhoneNumbers: 1_001 });

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 1_001 });
  });

  it('for NoPhoneNumbers: a count of 0', async () => {
    const world = await worldWith(0);

    const { output } = await tearDown(world, { expectedPhoneNumbers: 0 });

    expect(output).toMatchObject({ outcome: 'deleted' });
  });
});
