import type { Page } from './number-index.ts';
import { takePage } from './number-index.ts';

/** The few things of one kind that an account has (connectors, groups, SIP rules), in the order of their creation. */
export class Listing<Item extends { readonly serial: number }> {
  readonly #byId = new Map<string, Item>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Item | undefined {
    return this.#byId.get(id);
  }

  /** Adds the item, or puts it in the place of the one that has this id. */
  set(id: string, item: Item): void {
    this.#byId.set(id, item);
  }

  delete(id: string): void {
    this.#byId.delete(id);
  }

  /** All of them, the oldest first. */
  items(): Item[] {
    return [...this.#byId.values()];
  }

  /** One page of those that fit, after the serial `after` (0: from the start); what is added or removed meanwhile does not shift it. */
  page(after: number, limit: number, fits: (item: Item) => boolean = () => true): Page<Item> {
    const rest = this.items().filter((item) => item.serial > after && fits(item));
    return takePage(rest, limit);
  }
}
