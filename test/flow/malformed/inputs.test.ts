import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InvalidExecutionInput, MAX_PAYLOAD_BYTES } from '../../../local/engine.ts';
import { openWorld, type World } from '../../../local/world.ts';
import { withoutIds } from '../../lambda/refusals.ts';
import { digitsOfANumber } from '../../lambda/setting.ts';
import { idsThatAreWords, malformedInputs, malformedTeardownInputs } from './inputs.ts';

const lines: string[] = [];
let world: World;
beforeAll(async () => {
  world = await openWorld({ onLog: (line) => lines.push(line) });
  world.chime.seedConnector({ numbers: 3 });
});
afterAll(() => world.close());

describe('A teardown is refused before anything is called, with the field, its value and the way out, where the input is', () => {
  it.each([...malformedInputs, ...malformedTeardownInputs])('%s', async (_what, input, told) => {
    await expectRefusal('start', input, told);
  });
});

describe('A restore is refused in the same way where the input is', () => {
  it.each(malformedInputs)('%s', async (_what, input, told) => {
    await expectRefusal('restore', input, told);
  });

  it.each(['resume', 'expectedPhoneNumbers', 'approvedPlan', 'detachFromGroups', 'overrides'])(
    'that of a teardown, with %s',
    async (field) => {
      const input = { voiceConnectorId: 'abc', [field]: true };
      await expectRefusal('restore', input, `${field} is not a field of the request`);
    },
  );
});

describe('An id that is a word of JavaScript', () => {
  it.each(idsThatAreWords)('is one of no connector: %s', async (voiceConnectorId) => {
    expect(await world.start({ voiceConnectorId }).result).toMatchObject({ error: 'ConnectorNotFound' });
    expect(await world.restore({ voiceConnectorId }).result).toMatchObject({ error: 'NoTeardown' });
    expect(await world.ledger.items()).toEqual([]);
  });
});

describe('An input that Step Functions does not take', () => {
  it.each(['start', 'restore'] as const)('starts nothing (%s)', (start) => {
    const round: Record<string, unknown> = {};
    round.self = round;
    for (const input of [
      'x'.repeat(MAX_PAYLOAD_BYTES),
      { reason: 'ä'.repeat(MAX_PAYLOAD_BYTES / 2) },
      round,
      1n,
    ])
      expect(() => world[start](input)).toThrow(InvalidExecutionInput);
  });

  it.each(['start', 'restore'] as const)(
    'with room for nothing beside it ends the run before its first step (%s)',
    async (start) => {
      const before = world.chime.requests.length;
      const result = await world[start]('x'.repeat(MAX_PAYLOAD_BYTES - 2)).result;
      expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
      expect(world.chime.requests).toHaveLength(before);
      expect(await world.ledger.items()).toEqual([]);
    },
  );
});

async function expectRefusal(start: 'start' | 'restore', input: unknown, told: string): Promise<void> {
  const [requests, logged] = [world.chime.requests.length, lines.length];
  const { status, error, cause = '' } = await world[start](input).result;
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'InvalidInput' });
  expect(cause).toContain(told);
  expect(cause).toContain('The fields are voiceConnectorId, ');
  expect(cause.length).toBeLessThan(4_001);
  expect(withoutIds([cause, ...lines.slice(logged)].join('\n'))).not.toMatch(digitsOfANumber);
  expect(world.chime.requests).toHaveLength(requests);
  expect(await world.ledger.items()).toEqual([]);
}
