import { describe, expect, it } from '@jest/globals';
import { readRestoreRequest, readTeardownRequest } from '../../lambda/inspection/request.ts';

describe('A value that is refused', () => {
  it.each([
    ['shown whole where it is short', 'a/b', '"a/b"'],
    ['shown whole up to 80 characters', `/${'a'.repeat(77)}`, `"/${'a'.repeat(77)}"`],
    ['cut beyond that', `/${'a'.repeat(78)}`, `"/${'a'.repeat(78)}…`],
    ['cut where it is very long', '/'.repeat(100_000), `"${'/'.repeat(79)}…`],
    ['masked', '+12065550100', '"…0100"'],
    ['masked before it is cut', `/${'a'.repeat(70)}/+12065550100`, `"/${'a'.repeat(70)}/…0100"`],
  ])('is %s', (_how, voiceConnectorId, shown) => {
    const told = `voiceConnectorId must be 1 to 128 letters, digits or hyphens, not ${shown}.`;
    expect(messagesOf({ voiceConnectorId })).toEqual([told]);
  });
});

describe('The faults of a request', () => {
  it.each([1, 49, 50])('are all told where there are %d', (count) => {
    const messages = messagesOf({ voiceConnectorId: 'abc', ...unknownKeys(count) });
    expect(messages).toHaveLength(count);
    expect(messages.at(-1)).toBe(`k${count - 1} is not a field of the request.`);
  });

  it.each([51, 200])('are told to the fiftieth, and counted, where there are %d', (count) => {
    const messages = messagesOf({ voiceConnectorId: 'abc', ...unknownKeys(count) });
    expect(messages).toHaveLength(51);
    expect(messages.slice(-2)).toEqual([
      'k49 is not a field of the request.',
      `There are ${count - 50} faults more.`,
    ]);
  });
});

function unknownKeys(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
}

/** What both readers say. */
function messagesOf(input: unknown): string[] {
  const [teardown, restore] = [readTeardownRequest(input, false), readRestoreRequest(input)].map((read) =>
    'blockers' in read ? read.blockers.map(({ message }) => message) : [],
  );
  expect(teardown).toEqual(restore);
  return teardown ?? [];
}
