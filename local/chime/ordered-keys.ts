/**
 * A set of keys that is read in ascending order from any key on, as a page cursor does: what is added or removed
 * between two pages neither shifts nor repeats the rest. Removed keys stay in the array as gaps until they outnumber
 * the others, and keys added out of order are sorted in at the next read, so that 100,000 single changes stay cheap.
 */
export class OrderedKeys {
  #keys: number[] = [];
  /** `false`: removed, but still in `#keys`. */
  readonly #present = new Map<number, boolean>();
  #size = 0;
  #sorted = true;

  get size(): number {
    return this.#size;
  }

  add(key: number): void {
    const present = this.#present.get(key);
    if (present) return;
    if (present === undefined) {
      if (key < (this.#keys.at(-1) ?? Number.NEGATIVE_INFINITY)) this.#sorted = false;
      this.#keys.push(key);
    }
    this.#present.set(key, true);
    this.#size += 1;
  }

  delete(key: number): void {
    if (!this.#present.get(key)) return;
    this.#present.set(key, false);
    this.#size -= 1;
    if (this.#keys.length > 2 * this.#size + 32) this.#compact();
  }

  /** The keys greater than `key`, ascending. Change nothing while reading. */
  *after(key: number): Generator<number> {
    if (!this.#sorted) {
      this.#keys.sort((a, b) => a - b);
      this.#sorted = true;
    }
    for (let i = this.#firstAfter(key); i < this.#keys.length; i += 1) {
      const candidate = this.#keys[i];
      if (candidate !== undefined && this.#present.get(candidate)) yield candidate;
    }
  }

  #firstAfter(key: number): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? Number.POSITIVE_INFINITY) > key) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #compact(): void {
    this.#keys = this.#keys.filter((key) => this.#present.get(key));
    this.#present.clear();
    for (const key of this.#keys) this.#present.set(key, true);
  }
}
