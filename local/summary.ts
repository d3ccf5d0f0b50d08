import type { Report } from './report.ts';

/** A report in words, for a terminal. */
export function summaryOf(report: Report): string {
  const { chime } = report;
  const rows: [string, string][] = [
    ['Outcome', `${report.outcome} (execution ${report.executionStatus})`],
    ['Connector', report.voiceConnectorId],
    ['Phone numbers', String(report.phoneNumbers ?? 'not counted')],
    ['Fingerprint', report.fingerprint ?? 'none'],
    ...(report.error === undefined ? [] : ([['Error', report.error]] as [string, string][])),
    ...(report.cause === undefined ? [] : ([['Cause', report.cause]] as [string, string][])),
    ...(report.error === undefined ? (report.blockers ?? []) : []).map(
      ({ code, message, wayOut }): [string, string] => ['Blocker', `${code}: ${message} ${wayOut}`],
    ),
    [
      'API calls',
      Object.entries(report.apiCalls)
        .map(([operation, calls]) => `${operation} ${calls}`)
        .join(', '),
    ],
    ['Throttled', String(report.throttled)],
    ['Transitions', String(report.transitions)],
    ['Time', `${duration(report.virtualSeconds)} in the cloud, ${report.wallSeconds.toFixed(1)} s here`],
    ['Left in Chime', `${chime.connectors} connectors, ${chime.numbers} numbers (${chime.queued} queued)`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return ['', ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)].join('\n');
}

function duration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const rest = seconds % 86_400;
  return days === 0 ? `${rest} s` : `${days} days ${rest} s`;
}
