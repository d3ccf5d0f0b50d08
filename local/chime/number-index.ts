import type { Holder, PhoneNumber, PhoneNumberStatus, ProductType } from './numbers.ts';
import { shown } from './numbers.ts';
import { OrderedKeys } from './ordered-keys.ts';

/** A listing's filters; all of those given must hold. */
export interface NumberQuery {
  readonly status?: PhoneNumberStatus | undefined;
  readonly productType?: ProductType | undefined;
  readonly holder?: Pick<Holder, 'name' | 'value'> | undefined;
  /** Leaves the deletion queue out. */
  readonly withoutQueued?: boolean | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The key after which the next page begins; undefined on the last page. */
  readonly next: number | undefined;
}

/** Takes at most `limit` (≥ 1) items, and knows whether there is one more. */
export function takePage<Item extends { readonly serial: number }>(
  items: Iterable<Item>,
  limit: number,
): Page<Item> {
  const taken: Item[] = [];
  for (const item of items) {
    if (taken.length === limit) return { items: taken, next: taken.at(-1)?.serial };
    taken.push(item);
  }
  return { items: taken, next: undefined };
}

const keyOf = ({ name, value }: Pick<Holder, 'name' | 'value'>) => `${name} ${value}`;

/** The account's numbers in order of their serials, and the same by holder and by status, as reads show them. */
export class NumberIndex {
  readonly #bySerial = new Map<number, PhoneNumber>();
  readonly #all = new OrderedKeys();
  readonly #lists = new Map<string, OrderedKeys>();
  readonly #places = new Map<number, readonly string[]>();

  /** Puts a new or changed number where it belongs now. */
  place(number: PhoneNumber): void {
    this.#bySerial.set(number.serial, number);
    this.#all.add(number.serial);
    const { status, holder } = shown(number);
    const places = holder ? [status, keyOf(holder)] : [status];
    for (const old of this.#places.get(number.serial) ?? []) {
      if (!places.includes(old)) this.#leave(old, number.serial);
    }
    for (const place of places) this.#list(place).add(number.serial);
    this.#places.set(number.serial, places);
  }

  remove(number: PhoneNumber): void {
    for (const place of this.#places.get(number.serial) ?? []) this.#leave(place, number.serial);
    this.#places.delete(number.serial);
    this.#all.delete(number.serial);
    this.#bySerial.delete(number.serial);
  }

  /** How many numbers reads show as belonging to the holder. */
  countHeldBy(holder: Pick<Holder, 'name' | 'value'>): number {
    return this.#lists.get(keyOf(holder))?.size ?? 0;
  }

  /** The numbers that fit, from the one after the serial `after` on. */
  *matching(query: NumberQuery, after: number): Generator<PhoneNumber> {
    const list = query.holder
      ? this.#lists.get(keyOf(query.holder))
      : query.status
        ? this.#lists.get(query.status)
        : this.#all;
    for (const serial of list?.after(after) ?? []) {
      const number = this.#bySerial.get(serial);
      if (number === undefined) continue;
      if (query.status && shown(number).status !== query.status) continue;
      if (query.productType && number.productType !== query.productType) continue;
      if (query.withoutQueued && shown(number).queuedAt !== undefined) continue;
      yield number;
    }
  }

  #list(place: string): OrderedKeys {
    const list = this.#lists.get(place) ?? new OrderedKeys();
    this.#lists.set(place, list);
    return list;
  }

  #leave(place: string, serial: number): void {
    const list = this.#lists.get(place);
    list?.delete(serial);
    if (list?.size === 0) this.#lists.delete(place);
  }
}
