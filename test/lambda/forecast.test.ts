import { describe, expect, it } from '@jest/globals';
import { forecastOf } from '../../lambda/inspection/forecast.ts';
import type { Work } from '../../lambda/inspection/survey.ts';

const now = new Date('2026-01-10T12:00:00.000Z');
const tuesday = '2026-01-06T09:00:00.000Z';

describe('The end of the window in a forecast', () => {
  it.each([
    [
      'seven days from now, where a number is to be released',
      [off(1)],
      undefined,
      '2026-01-17T12:00:00.000Z',
    ],
    ['the same, whatever is queued already', [queueOnly(1)], tuesday, '2026-01-17T12:00:00.000Z'],
    ['seven days from when a number was last queued', [], tuesday, '2026-01-13T09:00:00.000Z'],
    ['now, where nothing was ever queued', [], undefined, now.toISOString()],
  ])('is %s', (_what, work, lastQueuedAt, end) => {
    const found = { phoneNumbers: 0, work, lastQueuedAt };
    expect(forecastOf('abc', found, { groups: 0, isThere: true, now }).windowEndsAt).toBe(end);
  });
});

describe('The calls in a forecast', () => {
  it.each([
    [[49, 1], 2, 2],
    [[50], 1, 1],
    [[51], 2, 2],
    [[500, 500], 20, 20],
  ])('are in fifties of each batch: for %j numbers', (sizes, disassociate, queue) => {
    const found = { phoneNumbers: 0, work: sizes.map(off) };
    const { calls } = forecastOf('abc', found, { groups: 2, isThere: true, now });
    expect(calls).toEqual({
      DisassociatePhoneNumbersFromVoiceConnector: disassociate,
      BatchDeletePhoneNumber: queue,
      UpdateVoiceConnectorGroup: 2,
      DeleteVoiceConnector: 1,
    });
  });

  it('are none where none is needed', () => {
    const found = { phoneNumbers: 0, work: [queueOnly(2)] };
    expect(forecastOf('abc', found, { groups: 0, isThere: false, now }).calls).toEqual({
      BatchDeletePhoneNumber: 1,
    });
  });
});

function off(numbers: number): Work {
  return { disassociate: numbers, queue: numbers };
}

function queueOnly(numbers: number): Work {
  return { disassociate: 0, queue: numbers };
}
