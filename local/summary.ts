import type { Report } from './report.ts';

/** A report in words, for a terminal. */
export function summaryOf(report: Report): string {
  const { chime } = report;
  const rows: [string, string][] = [
    ['Outcome', `${report.outcome} (execution ${report.executionStatus})`],
    ['Connector', report.voiceConnectorId],
    // A run that was refused has no plan: its cause says what was found.
    ...(report.phoneNumbers === undefined ? [] : [row('Phone numbers', String(report.phoneNumbers))]),
    ...(report.fingerprint === undefined ? [] : [row('Fingerprint', report.fingerprint)]),
    ...(report.error === undefined ? [] : [row('Error', report.error)]),
    ...(report.cause === undefined ? [] : [row('Cause', report.cause)]),
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
      : [row('Restored', `${report.restored.onConnector} numbers on the same connector`)]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return ['', ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)].join('\n');
}

function row(name: string, value: string): [string, string] {
  return [name, value];
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
