import { lastFour } from '../words/mask.ts';
import type { Batch, LedgerNumber } from './teardown.ts';

/** What the ledger's numbers have come to. */
export interface Tally {
  readonly attached: number;
  readonly unassigned: number;
  readonly queued: number;
  readonly gone: number;
  /** Taken back by somebody: no longer part of the plan. */
  readonly reclaimed: number;
  /** Numbers that are neither queued nor gone: what a run still owes, or could not do. */
  readonly unreleased: readonly LedgerNumber[];
  /** When the last number was queued, ISO 8601; undefined where none was. */
  readonly lastQueuedAt: string | undefined;
}

/** Counts the numbers of all batches by how far they are. */
export async function tallyOf(batches: AsyncIterable<Batch>): Promise<Tally> {
  const counts = { attached: 0, unassigned: 0, queued: 0, gone: 0, reclaimed: 0 };
  const unreleased: LedgerNumber[] = [];
  let lastQueuedAt: string | undefined;
  for await (const { numbers, queuedAt } of batches) {
    for (const number of numbers) {
      counts[number.state] += 1;
      if (number.state === 'attached' || number.state === 'unassigned') unreleased.push(number);
    }
    if (queuedAt !== undefined && (lastQueuedAt === undefined || queuedAt > lastQueuedAt))
      lastQueuedAt = queuedAt;
  }
  return { ...counts, unreleased, lastQueuedAt };
}

/** Why numbers were not released, in one sentence: AWS's reasons, how many had each, and a few to look for. */
export function reasonsOf(numbers: readonly LedgerNumber[]): string {
  const groups = new Map<string, LedgerNumber[]>();
  for (const number of numbers) {
    const reason = number.failure
      ? `${number.failure.code} (${aboutAny(number.failure.message)})`
      : 'not tried to the end';
    groups.set(reason, [...(groups.get(reason) ?? []), number]);
  }
  return [...groups].map(([reason, group]) => `${group.length} × ${reason}: ${someOf(group)}`).join('; ');
}

/** AWS's message without the (masked) number that it is about, so that the same reason counts as one. */
function aboutAny(message: string): string {
  return message.replace(/…\d{4}/g, '…');
}

/** The last four digits of up to five numbers: enough to find them, too little to give them away. */
export function someOf(numbers: readonly { readonly e164: string }[]): string {
  const shown = numbers.slice(0, mostShown).map(({ e164 }) => lastFour(e164));
  return [...shown, ...(numbers.length > shown.length ? ['and more'] : [])].join(', ');
}

const mostShown = 5;

/** How many numbers there are of a kind, with a few to name. */
export class Kind {
  count = 0;
  readonly #few: { readonly e164: string }[] = [];

  add(number: { readonly e164: string }): void {
    this.count += 1;
    if (this.#few.length <= mostShown) this.#few.push({ e164: number.e164 });
  }

  /** As `someOf` says it. */
  get some(): string {
    return someOf(this.#few);
  }
}
