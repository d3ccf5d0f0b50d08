interface Entry<Item> {
  readonly at: number;
  readonly item: Item;
}

/** What falls due by the clock, looked at when somebody looks: no timers, so the clock may jump by days. */
export class Schedule<Item> {
  #entries: Entry<Item>[] = [];
  #head = 0;

  /** @param at epoch ms */
  add(at: number, item: Item): void {
    let position = this.#entries.length;
    // Delays are much alike, so this hardly ever moves: only two kinds of change at once come out of order.
    while (position > this.#head && (this.#entries[position - 1]?.at ?? at) > at) position -= 1;
    this.#entries.splice(position, 0, { at, item });
  }

  /** Takes out what is due at `now` (epoch ms), the earliest first. */
  due(now: number): Entry<Item>[] {
    const first = this.#head;
    while ((this.#entries[this.#head]?.at ?? Number.POSITIVE_INFINITY) <= now) this.#head += 1;
    const due = this.#entries.slice(first, this.#head);
    if (this.#head > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return due;
  }
}
