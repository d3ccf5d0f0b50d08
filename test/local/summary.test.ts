import { expect, test } from '@jest/globals';
import type { Report } from '../../local/report.ts';
import { summaryOf } from '../../local/summary.ts';

const refused: Report = {
  outcome: 'refused',
  executionStatus: 'FAILED',
  error: 'CountMismatch',
  cause: 'Connector abc has 3 phone numbers, and expectedPhoneNumbers says 4.',
  voiceConnectorId: 'abc',
  apiCalls: { GetVoiceConnector: 1 },
  throttled: 0,
  transitions: 6,
  virtualSeconds: 3,
  wallSeconds: 0.2,
  chime: { connectors: 1, numbers: 3, queued: 0 },
  notices: [],
};

test('Of a run that was refused the summary says why, and nothing of a plan that there is not', () => {
  const summary = summaryOf(refused);

  expect(summary).toMatch(/Error +CountMismatch\n/);
  expect(summary).toMatch(/Cause +Connector abc has 3 phone numbers/);
  expect(summary).not.toMatch(/Phone numbers|Fingerprint/);
});

test('Of a run with a plan it says how many numbers that has, and its fingerprint', () => {
  const summary = summaryOf({ ...refused, phoneNumbers: 120, fingerprint: 'f0' });

  expect(summary).toMatch(/Phone numbers +120\n/);
  expect(summary).toMatch(/Fingerprint +f0\n/);
});
