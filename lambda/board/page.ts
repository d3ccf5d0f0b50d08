/** The board as HTML: what a CloudWatch custom widget shows. It holds no script; CloudWatch would strip it. */
import { counted } from '../words/words.ts';
import { type Html, html } from './html.ts';
import type { Board } from './look.ts';
import { daysShown, type Rank, rankOf, shortDaysShown } from './rank.ts';
import { rowOf } from './row.ts';
import { styleOf, type Theme, type Tone } from './style.ts';
import { timeOf } from './times.ts';

/** Rows that a board has at most: some 150 KB, and more than anybody reads. */
const mostRows = 100;

interface PageOptions {
  readonly theme: Theme;
  /** ARN of the function that a Restore button calls. */
  readonly restoreFunction: string;
}

/** The board as HTML: at most 100 rows, the most urgent first, and counts of what is not shown. */
export function pageOf(board: Board, { theme, restoreFunction }: PageOptions): string {
  const { entries, now, isWhole } = board;
  const rows = entries.slice(0, mostRows).map((entry) => rowOf(entry, now, restoreFunction));
  const body =
    rows.length === 0
      ? idle(board)
      : html`${chips(board)}${hiddenTrouble(board)}<table>
<colgroup><col style="width:27%"><col style="width:21%"><col style="width:19%"><col style="width:22%"><col style="width:11%"></colgroup>
<thead><tr><th>Connector</th><th>State</th><th>Numbers</th><th>Deletion window</th><th></th></tr></thead>
<tbody>${rows}</tbody></table>${more(board)}`;
  const partial = isWhole
    ? undefined
    : notice('warn', 'The ledger is too large to be read in time: connectors may be missing here.');
  return framed(theme, html`${partial}${body}`);
}

/** A page that says one thing. */
export function sentencePage(theme: Theme, tone: Tone, sentence: string): string {
  return framed(theme, notice(tone, sentence));
}

function framed(theme: Theme, body: Html): string {
  return html`${styleOf(theme)}<div class="vct">${body}</div>`.text;
}

function notice(tone: Tone, sentence: string): Html {
  return html`<div class="notice ${tone}">${sentence}</div>`;
}

function idle({ counts, now }: Board): Html {
  const earlier =
    counts.earlier === 0 ? '' : ` ${counted(counts.earlier, 'connector')} went through one earlier.`;
  return html`<p>No teardown is under way, and none has ended in the last ${daysShown} days.${earlier}</p>${leftOvers(counts)}
<p class="quiet">Start the teardown's state machine with a connector's id, and it appears here. Looked at ${timeOf(now.getTime())}.</p>`;
}

const words: Readonly<Record<Exclude<Rank, 'leftOver' | 'earlier'>, readonly [tone: Tone, words: string]>> = {
  trouble: ['bad', 'in trouble'],
  lastDay: ['warn', 'on the last day'],
  underWay: ['busy', 'under way'],
  finished: ['good', `finished in the last ${daysShown} days`],
};
const shownRanks = Object.keys(words) as (keyof typeof words)[];

function chips({ counts, now }: Board): Html {
  const labels = shownRanks
    .filter((rank) => counts[rank] > 0)
    .map((rank) => html`<span class="label ${words[rank][0]}">${counts[rank]} ${words[rank][1]}</span>`);
  return html`<div class="chips">${labels}<span class="quiet">Looked at ${timeOf(now.getTime())}</span></div>`;
}

/** Trouble is never cut off in silence. */
function hiddenTrouble({ counts }: Board): Html | undefined {
  const hidden = counts.trouble - mostRows;
  return hidden <= 0
    ? undefined
    : notice('bad', `${hidden} more are in trouble than there is room for here: the ledger has them all.`);
}

/** What there is beyond the rows. */
function more({ entries, counts, now }: Board): Html {
  const hidden = entries.slice(mostRows).map((entry) => rankOf(entry, now));
  const parts = shownRanks
    .map((rank) => [hidden.filter((one) => one === rank).length, words[rank][1]] as const)
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`);
  const beyond = hidden.length === 0 ? '' : `And ${hidden.length} more: ${parts.join(', ')}. `;
  const earlier = counts.earlier === 0 ? '' : `${counts.earlier} ended earlier than ${daysShown} days ago.`;
  const rest =
    beyond || earlier ? html`<p class="quiet" style="margin-top:10px">${beyond}${earlier}</p>` : undefined;
  return html`${rest}${leftOvers(counts)}`;
}

/** Nor is it forgotten in silence. */
function leftOvers({ leftOver }: Board['counts']): Html | undefined {
  if (leftOver === 0) return undefined;
  const sentence = `${counted(leftOver, 'teardown')} ended with something missing more than ${shortDaysShown} days ago. The ledger has what; numbers may still be billed.`;
  return html`<p class="quiet" style="margin-top:10px">${sentence}</p>`;
}
