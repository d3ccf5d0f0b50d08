/** One connector on the board. */

import type { Tally } from '../ledger/tally.ts';
import { isEnded, type Phase } from '../ledger/teardown.ts';
import { connectorIdPattern } from '../ports.ts';
import { deletionWindowMs } from '../window.ts';
import { maskNumbers } from '../words/mask.ts';
import { endedShort } from '../words/prospects.ts';
import { counted } from '../words/words.ts';
import { clip, type Html, html } from './html.ts';
import { type Entry, endOf, isEndUnknown, isOver, isRestorable, rankOf } from './rank.ts';
import type { Tone } from './style.ts';
import { spanOf, timeOf } from './times.ts';

/** Characters of what a row tells in full: a name has up to 256, a cause up to 4,000. */
const longestName = 60;
const longestCause = 320;

/** How a phase is called on the board. */
const phases: Readonly<Record<Phase, { readonly label: string; readonly tone: Tone }>> = {
  releasing: { label: 'Releasing', tone: 'busy' },
  window: { label: 'In its window', tone: 'busy' },
  deleting: { label: 'Deleting connector', tone: 'busy' },
  restoring: { label: 'Restoring', tone: 'busy' },
  failed: { label: 'Failed', tone: 'bad' },
  interrupted: { label: 'Interrupted', tone: 'bad' },
  deleted: { label: 'Deleted', tone: 'idle' },
  restored: { label: 'Restored', tone: 'good' },
};

/** A row of the table, and under it why the teardown is in trouble, where it is. */
export function rowOf(entry: Entry, now: Date, restoreFunction: string): Html {
  const { teardown } = entry;
  const { label, tone } = stateOf(entry, now);
  const why = whyOf(entry);
  return html`<tr class="row row-${tone}">
<td><div class="name">${nameOf(entry)}</div><code>${teardown.voiceConnectorId}</code></td>
<td><span class="label ${tone}">${label}</span>${sinceOf(entry, now)}</td>
<td>${numbersOf(entry)}</td>
<td>${windowOf(entry, now, tone)}</td>
<td class="acts">${isRestorable(entry) ? restoreButton(entry, restoreFunction) : undefined}</td>
</tr>${why && html`<tr class="why row-${tone}"><td colspan="5">${why}</td></tr>`}`;
}

function stateOf(entry: Entry, now: Date): { label: string; tone: Tone } {
  const rank = rankOf(entry, now);
  if (endedShort(entry.teardown)) return { label: 'Restore fell short', tone: 'bad' };
  if (rank === 'lastDay') return { label: 'Last day', tone: 'warn' };
  if (rank === 'trouble' && !isOver(entry.teardown)) return { label: 'No run at work', tone: 'bad' };
  return phases[entry.teardown.phase];
}

/** Names are somebody's free text, and may be phone numbers. */
function nameOf({ teardown }: Entry): string {
  return clip(maskNumbers(teardown.name), longestName) || 'Without a name';
}

function sinceOf({ teardown, liveness }: Entry, now: Date): Html {
  const { endedAt, startedAt, holder, execution } = teardown;
  const run = runLink(holder ?? execution);
  if ((isEnded(teardown) || isOver(teardown)) && endedAt !== undefined)
    return html`<div class="quiet">${spanOf(now.getTime() - Date.parse(endedAt))} ago${run}</div>`;
  const doubt =
    liveness === 'notKnown' && html`<div class="quiet">whether its run is alive is not known</div>`;
  return html`<div class="quiet">begun ${timeOf(Date.parse(startedAt))}${run}</div>${doubt || undefined}`;
}

/** Where the console is, by partition. */
const consoles: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** A link to an execution in the console, where its ARN is as usual. */
function runLink(arn: string): Html | undefined {
  const [, partition = '', region] =
    /^arn:([a-z-]+):states:([a-z0-9-]+):\d{12}:execution:[\w-]+:[\w-]+$/.exec(arn) ?? [];
  const host = consoles[partition];
  if (host === undefined) return undefined;
  const address = `https://${region}.${host}/states/home?region=${region}#/v2/executions/details/${arn}`;
  return html` · <a href="${address}" target="_blank" rel="noopener">run</a>`;
}

function numbersOf({ teardown, tally }: Entry): Html {
  const { phase, phoneNumbers } = teardown;
  const isShort = endedShort(teardown);
  if (phase === 'deleted' && !isShort) return html`${counted(phoneNumbers, 'number')} deleted`;
  if (phase === 'restored' && !isShort) return html`${counted(phoneNumbers, 'number')} back`;
  if (tally === undefined) return html`${counted(phoneNumbers, 'number')} in the plan`;
  const { attached, unassigned, queued, gone } = tally;
  const total = attached + unassigned + queued + gone;
  const isWayBack = phase === 'restoring' || isShort;
  const [done, word] = isWayBack ? [attached, 'back'] : [queued + gone, 'released'];
  const rest = restOf(tally, phase, isWayBack);
  return html`${done} of ${total} ${word}${bar(total === 0 ? 1 : done / total, isShort ? 'bad' : 'busy')}${rest && html`<div class="quiet">${rest}</div>`}`;
}

/** What is neither as it was nor released, in words; on the way back, also what cannot come back. */
function restOf({ unassigned, reclaimed, queued, gone }: Tally, phase: Phase, isWayBack: boolean): string {
  const parts = [
    unassigned > 0 && phase !== 'restoring' ? `${unassigned} unassigned and billed` : '',
    unassigned > 0 && phase === 'restoring' ? `${unassigned} on the way` : '',
    queued > 0 && isWayBack ? `${queued} in the queue` : '',
    gone > 0 && isWayBack ? `${gone} gone for good` : '',
    reclaimed > 0 ? `${reclaimed} taken back` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

function windowOf(entry: Entry, now: Date, tone: Tone): Html | undefined {
  const { teardown } = entry;
  if (isEnded(teardown)) return undefined;
  const end = endOf(entry);
  if (end === undefined) return html`<span class="quiet">${noWindowOf(entry)}</span>`;
  const left = end - now.getTime();
  const said = left > 0 ? `${spanOf(left)} left` : 'over';
  const until = html`<div class="quiet">${left > 0 ? 'until' : 'since'} ${timeOf(end)}</div>`;
  return html`${said}${bar(Math.min(1, Math.max(0, left / deletionWindowMs)), tone)}${until}`;
}

function noWindowOf(entry: Entry): string {
  const { teardown, tally } = entry;
  if (isEndUnknown(entry)) return 'not known';
  if (teardown.goneAt !== undefined || (tally !== undefined && tally.gone > 0))
    return 'over, none is left in the queue';
  return teardown.phase === 'releasing' ? 'not open yet' : 'none is in the queue';
}

/** @param part 0 to 1 */
function bar(part: number, tone: Tone): Html {
  return html`<div class="bar"><i class="fill-${tone}" style="width:${Math.round(part * 1_000) / 10}%"></i></div>`;
}

function whyOf(entry: Entry): Html | undefined {
  const { teardown, liveness } = entry;
  const { error, cause, phase } = teardown;
  if (isOver(teardown) || endedShort(teardown)) {
    if (error === undefined) return undefined;
    return html`<b>${clip(maskNumbers(error), longestName)}</b> ${clip(maskNumbers(cause ?? ''), longestCause)}`;
  }
  if (isEnded(teardown) || liveness !== 'dead') return undefined;
  const fate =
    endOf(entry) === undefined && !isEndUnknown(entry)
      ? ''
      : ' Numbers in the deletion queue go all the same when the window is over.';
  return html`No run is working on it any more, and it was left ${whileIn(phase)}.${fate} ${wayOut(entry)}`;
}

function whileIn(phase: Phase): string {
  return phase === 'window' ? 'in its window' : phase;
}

function wayOut(entry: Entry): string {
  if (entry.teardown.phase === 'restoring') return 'Restore it again.';
  return isRestorable(entry) ? 'Resume it, or restore it.' : 'Resume it.';
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_interactivity.html */
function restoreButton(entry: Entry, restoreFunction: string): Html | undefined {
  const { voiceConnectorId } = entry.teardown;
  if (!connectorIdPattern.test(voiceConnectorId)) return undefined;
  const question = `Restore ${nameOf(entry)} (${voiceConnectorId})? Its numbers are taken out of the deletion queue and put back on the connector, and the teardown ends.`;
  return html`<a class="btn">Restore</a><cwdb-action action="call" endpoint="${restoreFunction}" display="widget" confirmation="${question}">${JSON.stringify({ voiceConnectorId })}</cwdb-action>`;
}
