import { describe, expect, it } from '@jest/globals';
import { forecastOf } from '../../lambda/forecast.ts';
import type { Survey } from '../../lambda/survey.ts';
import type { Batch, NumberState } from '../../lambda/teardown.ts';

const now = new Date('2026-01-10T12:00:00.000Z');
const monday = '2026-01-05T09:00:00.000Z';
const tuesday = '2026-01-06T09:00:00.000Z';

describe('The end of the window in a forecast', () => {
  it.each([
    [
      'seven days from now, where a number is to be released',
      [batch(['attached'])],
      '2026-01-17T12:00:00.000Z',
    ],
    [
      'the same, whatever is queued already',
      [batch(['unassigned']), batch(['queued'], monday)],
      '2026-01-17T12:00:00.000Z',
    ],
    [
      'seven days from when the last batch was queued',
      [batch(['queued'], monday), batch(['queued'], tuesday)],
      '2026-01-13T09:00:00.000Z',
    ],
    [
      'the same in whatever order they are',
      [batch(['queued'], tuesday), batch(['queued'], monday)],
      '2026-01-13T09:00:00.000Z',
    ],
    [
      'the same though of one batch it is not known',
      [batch(['queued'], tuesday), batch(['gone'])],
      '2026-01-13T09:00:00.000Z',
    ],
    ['now, where nothing was ever queued', [batch(['gone'])], now.toISOString()],
    ['now, where there is nothing', [], now.toISOString()],
  ])('is %s', (_what, batches, end) => {
    expect(forecastOf('abc', surveyOf(batches), { groups: 0, isThere: true, now }).windowEndsAt).toBe(end);
  });
});

describe('The calls in a forecast', () => {
  it.each([
    [[49, 1], 2, 2],
    [[50], 1, 1],
    [[51], 2, 2],
    [[500, 500], 20, 20],
  ])('are in fifties of each batch: for %j numbers', (sizes, off, queue) => {
    const batches = sizes.map((size) => batch(Array<NumberState>(size).fill('attached')));
    const { calls } = forecastOf('abc', surveyOf(batches), { groups: 2, isThere: true, now });
    expect(calls).toEqual({
      DisassociatePhoneNumbersFromVoiceConnector: off,
      BatchDeletePhoneNumber: queue,
      UpdateVoiceConnectorGroup: 2,
      DeleteVoiceConnector: 1,
    });
  });

  it('are none where none is needed', () => {
    const found = surveyOf([batch(['unassigned', 'unassigned'])]);
    expect(forecastOf('abc', found, { groups: 0, isThere: false, now }).calls).toEqual({
      BatchDeletePhoneNumber: 1,
    });
  });
});

function batch(states: readonly NumberState[], queuedAt?: string): Batch {
  const numbers = states.map((state, i) => ({ id: `+1206555${i}`, e164: `+1206555${i}`, state }));
  return { index: 0, numbers, ...(queuedAt === undefined ? {} : { queuedAt }) };
}

/** Of these batches; those with numbers to release come first. */
function surveyOf(batches: readonly Batch[]): Survey {
  const isDue = ({ numbers }: Batch) =>
    numbers.some(({ state }) => state === 'attached' || state === 'unassigned');
  return {
    ...{ phoneNumbers: 0, fingerprint: 'sha256:0', putBack: 0, warnings: [], inFlight: new Map() },
    has: () => false,
    batches,
    batchesToRelease: batches.filter(isDue).length,
  };
}
