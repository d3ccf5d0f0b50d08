import { dayMs } from '../window.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const format = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** A time as a dashboard shows it: `Mon 12 Jan, 09:00 UTC`. */
export function timeOf(at: number): string {
  return `${format.format(at).replace(/^(\w+), /, '$1 ')} UTC`;
}

/** A span in its two largest units, rounded down: `6 d 23 h`, `4 h`, `3 min`; under a minute is `less than a minute`. */
export function spanOf(ms: number): string {
  if (ms < minuteMs) return 'less than a minute';
  const units = [
    [Math.floor(ms / dayMs), 'd'],
    [Math.floor((ms % dayMs) / hourMs), 'h'],
    [Math.floor((ms % hourMs) / minuteMs), 'min'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  const largest = units.slice(first, first + 2).filter(([count]) => count > 0);
  return largest.map(([count, unit]) => `${count} ${unit}`).join(' ');
}
