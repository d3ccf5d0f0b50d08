/** Where numbers are: how to find out in the fewest calls, and what the service's view of one says. */
import { numberKey } from '../chime/number-key.ts';
import type { LedgerNumber, NumberState } from '../ledger/teardown.ts';
import { type ChimePort, type NumberView, type PhoneNumber, queueStatuses } from '../ports.ts';

/** What the service shows of a number; undefined where it does not know it. */
export type ViewOf = (number: PhoneNumber) => NumberView | undefined;

type Port = Pick<ChimePort, 'inventory' | 'getNumber'>;

/**
 * What the service shows of each number: from the lists of the inventory, or read number by number where that is fewer
 * calls (a few numbers in a large account). Lists may lag, and may leave out what is queued: what follows from a list and
 * cannot be taken back must be made sure of by `readEach`.
 */
export async function viewsOf(
  chime: Port,
  numbers: readonly PhoneNumber[],
): Promise<{ viewOf: ViewOf; isRead: boolean }> {
  if (numbers.length === 0) return { viewOf: () => undefined, isRead: true };
  const listed = await listIfCheaper(chime, numbers);
  if (listed === undefined) return { viewOf: await readEach(chime, numbers), isRead: true };
  return { viewOf: ({ e164 }) => listed.get(numberKey(e164)), isRead: false };
}

/** What the service shows of each number, one read each. */
export async function readEach(chime: Port, numbers: readonly PhoneNumber[]): Promise<ViewOf> {
  const views = new Map<string, NumberView | undefined>();
  for (const number of numbers) views.set(number.e164, await chime.getNumber(number));
  return ({ e164 }) => views.get(e164);
}

/** The wanted numbers that the service lists, by key; undefined once listing has cost as many calls as there are numbers. */
async function listIfCheaper(
  chime: Port,
  numbers: readonly PhoneNumber[],
): Promise<ReadonlyMap<string, NumberView> | undefined> {
  const wanted = new Set(numbers.map(({ e164 }) => numberKey(e164)));
  const listed = new Map<string, NumberView>();
  const isWhole = await listInventory(chime, numbers.length, (page) => {
    for (const view of page) if (wanted.has(view.key)) listed.set(view.key, view);
  });
  return isWhole ? listed : undefined;
}

/**
 * Goes through the lists of the inventory page by page, as long as that takes no more than `mostCalls`: answers whether it
 * came to their end. A number may be in several of them.
 */
export async function listInventory(
  chime: Pick<ChimePort, 'inventory'>,
  mostCalls: number,
  visit: (page: readonly NumberView[]) => void,
): Promise<boolean> {
  let calls = 0;
  // The plain list may leave out what is in the queue; the lists by status do not.
  for (const status of [undefined, ...queueStatuses]) {
    for await (const page of chime.inventory(status)) {
      calls += 1;
      if (calls > mostCalls) return false;
      visit(page);
    }
  }
  return true;
}

/** Where a number is, as seen from one connector. */
export type Place =
  /** The service does not know it, or no longer. */
  | { readonly at: 'gone' }
  /** In the deletion queue, in the ordinary course of things. */
  | { readonly at: 'queued' }
  /** In there, and the service has failed to release it. */
  | { readonly at: 'stuck'; readonly status: string }
  /** On the connector. */
  | { readonly at: 'here' }
  /** With another holder: a connector, a group, a SIP rule. */
  | { readonly at: 'elsewhere'; readonly holder: NumberView['associations'][number] }
  /** In the inventory, with no holder. */
  | { readonly at: 'free' }
  /** With no holder, and the service is doing something else with it. */
  | { readonly at: 'busy'; readonly status: string };

/** The one place that says what a view means: what follows from it is each step's own. */
export function placeOf(view: NumberView | undefined, voiceConnectorId: string): Place {
  if (view === undefined) return { at: 'gone' };
  const { status, associations } = view;
  if (status === 'ReleaseInProgress' || status === 'DeleteInProgress') return { at: 'queued' };
  if (status === 'ReleaseFailed' || status === 'DeleteFailed') return { at: 'stuck', status };
  if (associations.some(({ value }) => value === voiceConnectorId)) return { at: 'here' };
  const [holder] = associations;
  if (holder !== undefined) return { at: 'elsewhere', holder };
  return status === 'Unassigned' ? { at: 'free' } : { at: 'busy', status };
}

/** Moved by somebody to another holder: it is left there. */
export function movedTo(number: LedgerNumber, state: NumberState, holder: { name: string; value: string }) {
  const message = `The number is now associated with ${holder.name} ${holder.value}; it is left there.`;
  return { ...number, state, failure: { code: 'Moved', message } };
}
