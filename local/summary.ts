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
    ...(report.answer === undefined ? [] : planRows(report.answer)),
    ['API calls', counts(report.apiCalls)],
    ['Throttled', String(report.throttled)],
    ['Transitions', String(report.transitions)],
    ...report.notices.map(({ detailType, detail }): [string, string] => [
      'Announced',
      `${detailType}: ${(detail as { message?: string }).message ?? ''}`,
    ]),
    ['Time', `${duration(report.virtualSeconds)} in the cloud, ${report.wallSeconds.toFixed(1)} s here`],
    ['Left in Chime', `${chime.connectors} connectors, ${chime.numbers} numbers (${chime.queued} queued)`],
    ...(report.restored === undefined
      ? []
      : ([['Restored', `${report.restored.onConnector} numbers on the same connector`]] as [
          string,
          string,
        ][])),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return ['', ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)].join('\n');
}

/** What a dry run tells of the run that it stands for. */
function planRows({ plan, forecast }: NonNullable<Report['answer']>): [string, string][] {
  return [
    ...plan.warnings.map(({ code, message, wayOut }): [string, string] => [
      'Warning',
      `${code}: ${message} ${wayOut}`,
    ]),
    ['Would call', counts(forecast.calls)],
    ['Window to end', forecast.windowEndsAt],
    ['Cost a month', `$${forecast.monthlyCost.usDollars} (${forecast.monthlyCost.basis})`],
    ['To keep some', forecast.toKeepSome],
  ];
}

/** `GetPhoneNumber 3, ListPhoneNumbers 1` */
function counts(calls: Readonly<Record<string, number>>): string {
  return Object.entries(calls)
    .map(([operation, count]) => `${operation} ${count}`)
    .join(', ');
}

function duration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const rest = seconds % 86_400;
  return days === 0 ? `${rest} s` : `${days} days ${rest} s`;
}
