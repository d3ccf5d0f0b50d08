/**
 * What must never happen, looked at from outside: in the service's own state, its requests and what the runs say. Nothing
 * here comes from the product, so that it cannot share a mistake with it.
 */
import type { RequestRecord } from '../local/chime/request-log.ts';
import type { Refused } from './day.ts';
import type { Hand, Taken } from './hand.ts';
import type { Run } from './runs.ts';
import type { Scene } from './scene.ts';

type NumberInChime = ReturnType<Scene['world']['chime']['state']['number']>;

export class Watch {
  readonly violations: string[] = [];
  /** The numbers that somebody has agreed to: they may go, and no others. */
  readonly agreed: Set<string>;
  /** When an operator last agreed to what was there then, epoch ms. */
  agreedAt = 0;
  readonly #scene: Scene;
  readonly #hand: Hand;
  #before = new Map<string, NumberInChime>();
  #attached: readonly string[] = [];
  #seen: ReadonlySet<string> = new Set();
  readonly #eitherWay = new Set<string>();
  #hasBegun = false;

  constructor(scene: Scene, hand: Hand) {
    this.#scene = scene;
    this.#hand = hand;
    this.agreed = new Set(scene.numbers);
  }

  /**
   * A run has looked, and goes on: where it states no plan, what was on the connector when it had looked is agreed to.
   * What somebody had taken off before the first that goes on came to look is no part of it.
   */
  runGoesOn({ machine, request }: Run, state: string): void {
    if (machine !== 'teardown') return;
    if (state === 'Safe to tear down?') this.#seen = new Set(this.#held());
    if (state !== 'Release phone numbers') return;
    if (request.approvedPlan === undefined)
      for (const e164 of this.#seen) if (this.#hand.newcomers.includes(e164)) this.agreed.add(e164);
    if (!this.#hasBegun)
      for (const e164 of this.#hand.taken.keys()) {
        if (this.#seen.has(e164)) continue;
        this.agreed.delete(e164);
        // Reads may have shown it on the connector for a while: then it is part of the plan all the same.
        this.#eitherWay.add(e164);
      }
    this.#hasBegun = true;
  }

  /** Notes where the numbers are that a request is about. */
  beforeRequest({ operation, target, changing }: RequestRecord): void {
    if (!changing) return;
    const { state } = this.#scene.world.chime;
    for (const e164 of target.filter((each) => each.startsWith('+')))
      this.#before.set(e164, state.number(e164));
    if (operation === 'DeleteVoiceConnector') this.#attached = this.#held();
  }

  /** Looks at what a request has changed. */
  afterRequest({ operation, target, changing }: RequestRecord): void {
    if (!changing) return;
    const { state } = this.#scene.world.chime;
    for (const e164 of target.filter((each) => each.startsWith('+'))) {
      const was = this.#before.get(e164);
      const is = state.number(e164);
      if (isSame(was, is)) continue;
      if (!this.agreed.has(e164) && !this.#eitherWay.has(e164))
        this.found(`${operation} changed a number that was not agreed to`);
      const taken = this.#hand.taken.get(e164);
      if (taken !== undefined) this.#judgeTaken(operation, taken);
    }
    const [id] = target;
    const { voiceConnectorId } = this.#scene;
    if (operation !== 'DeleteVoiceConnector' || state.connector(voiceConnectorId) !== undefined) return;
    if (id === voiceConnectorId) this.#judgeDelete();
  }

  /** Looks at how a run has ended, in the moment in which it has. */
  async runEnded(run: Run): Promise<void> {
    const { status, output } = run.ended ?? {};
    await this.#orphans(`after ${run.machine} ${status}`);
    if (status !== 'SUCCEEDED') return;
    const { outcome } = (output ?? {}) as { outcome?: string };
    const { chime } = this.#scene.world;
    const isThere = chime.state.connector(this.#scene.voiceConnectorId) !== undefined;
    const ours = [...this.agreed].filter((e164) => !this.#hand.taken.has(e164));
    if (outcome === 'planned') {
      if (run.request.dryRun !== true) this.found('a run that was to do something ended as planned');
      return;
    }
    if (run.machine === 'teardown') {
      if (outcome !== 'deleted' && outcome !== 'alreadyDeleted')
        this.found(`a green teardown says ${outcome}`);
      if (isThere) this.found(`a teardown says ${outcome}, and the connector is there`);
      const left = ours.filter((e164) => chime.state.number(e164) !== undefined);
      if (left.length > 0) this.found(`a teardown says ${outcome}, and ${left.length} numbers are left`);
      await this.#closed('deleted');
      return;
    }
    if (outcome !== 'restored' && outcome !== 'alreadyRestored')
      this.found(`a green restore says ${outcome}`);
    if (!isThere) this.found(`a restore says ${outcome}, and the connector is gone`);
    const off = ours.filter(
      (e164) => chime.state.number(e164)?.holder?.value !== this.#scene.voiceConnectorId,
    );
    if (off.length > 0) this.found(`a restore says ${outcome}, and ${off.length} numbers are not back`);
    await this.#closed('restored');
  }

  /**
   * What can only be said of the whole day.
   *
   * @param disturbances how many things went wrong: each may be a reason to ask once more
   */
  end(runs: readonly Run[], disturbances: number, refused: readonly Refused[]): void {
    const told = [
      ...this.#scene.lines,
      ...runs.map(({ ended, request }) => JSON.stringify([ended, request])),
      ...this.#scene.world.bus.events.map((event) => JSON.stringify(event)),
    ].join('\n');
    const leak = /1?(206555|312555)\d{4}/.exec(told);
    if (leak !== null) {
      const around = told.slice(Math.max(0, leak.index - 80), leak.index + 40);
      this.found(`a number shows in what was said: ${around}`);
    }
    const { state } = this.#scene.world.chime;
    for (const [e164, number] of Object.entries(this.#scene.before.numbers)) {
      if (this.agreed.has(e164) || this.#hand.taken.has(e164)) continue;
      const now = state.number(e164);
      // Queued by somebody else, and purged in its time.
      if (number.queued && now === undefined) continue;
      const isLeft =
        now !== undefined &&
        now.status === number.status &&
        (now.holder?.value ?? null) === (number.holder?.value ?? null) &&
        (now.name ?? null) === number.name;
      if (!isLeft) this.found("a number that was nobody's business is not as it was");
    }
    for (const { operation, nth, code } of refused) {
      if (code === 'BadRequest') continue;
      const e164 = this.#scene.numbers[nth % this.#scene.numbers.length] ?? '';
      const asked = this.#scene.world.chime.requests.filter(
        (request) =>
          request.operation === operation && request.status === 200 && request.target.includes(e164),
      ).length;
      if (asked > 4 + 2 * runs.length + disturbances)
        this.found(`${operation} was refused with ${code}, and asked for ${asked} times`);
    }
    const most = 8_000 + 100 * this.#scene.numbers.length;
    const { length } = this.#scene.world.chime.requests;
    if (length > most) this.found(`${length} requests: a retry goes on without bound`);
  }

  /** Nothing of the plan is lost from sight: on the connector, queued, gone, taken by somebody, or known to the ledger. */
  async #orphans(when: string): Promise<void> {
    const { world, voiceConnectorId } = this.#scene;
    const items = await world.ledger.items();
    const teardown = items.find(({ item }) => item === 'teardown');
    const known = new Map<string, string>();
    for (const { item, numbers } of items) {
      if (!String(item).startsWith(`batch#${teardown?.generation}#`)) continue;
      for (const { e164, state } of numbers as { e164: string; state: string }[]) known.set(e164, state);
    }
    const isOver = teardown?.phase === 'deleted' || teardown?.phase === 'restored';
    const isTold = teardown?.phase === 'restored' && teardown.error !== undefined;
    const lost = [...this.agreed].filter((e164) => {
      const number = world.chime.state.number(e164);
      if (number === undefined || this.#hand.taken.has(e164)) return false;
      if (number.holder?.value === voiceConnectorId) return false;
      const isOurs = known.has(e164) && known.get(e164) !== 'reclaimed' && (!isOver || isTold);
      return !isOurs;
    });
    if (lost.length > 0)
      this.found(
        `${when}: ${lost.length} numbers are off the connector, and the ledger (${teardown?.phase ?? 'empty'}, ` +
          `${known.get(lost[0] ?? '') ?? 'unknown'}) does not know it`,
      );
  }

  async #closed(phase: 'deleted' | 'restored'): Promise<void> {
    const items = await this.#scene.world.ledger.items();
    const teardown = items.find(({ item }) => item === 'teardown');
    if (teardown?.phase !== phase) this.found(`the ledger says ${teardown?.phase}, and the run ${phase}`);
    if (teardown?.holder !== undefined) this.found('a run that is over still holds the teardown');
  }

  /** What somebody took back while the queue was waited for is theirs; before that nobody can tell. */
  #judgeTaken(operation: string, { deed, isInWindow, at }: Taken): void {
    if (!isInWindow || at < this.agreedAt) return;
    if (deed === 'park' || deed === 'portOut' || deed === 'failRelease') return;
    const isBroughtBack = deed === 'reclaim' && operation === 'AssociatePhoneNumbersWithVoiceConnector';
    const isNamed = operation === 'BatchUpdatePhoneNumber';
    if (!isBroughtBack && !isNamed)
      this.found(`${operation} changed a number after somebody did this to it: ${deed}`);
  }

  #judgeDelete(): void {
    if (this.#attached.length > 0)
      this.found(`the connector was deleted with ${this.#attached.length} numbers on it`);
    const { state } = this.#scene.world.chime;
    const left = [...this.agreed].filter((e164) => {
      const number = state.number(e164);
      const taken = this.#hand.taken.get(e164);
      return number !== undefined && (taken === undefined || taken.at > this.agreedAt);
    });
    if (left.length > 0) {
      const how = left.map((e164) => this.#hand.taken.get(e164)?.deed ?? state.number(e164)?.status);
      this.found(`the connector was deleted before ${left.length} numbers were gone (${[...new Set(how)]})`);
    }
  }

  #held(): string[] {
    const { world, voiceConnectorId } = this.#scene;
    return Object.entries(world.chime.state.everything().numbers)
      .filter(([, { holder }]) => holder?.value === voiceConnectorId)
      .map(([e164]) => e164);
  }

  /** Notes a violation, once. */
  found(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }
}

function isSame(was: NumberInChime, is: NumberInChime): boolean {
  return (
    was?.status === is?.status &&
    was?.holder?.value === is?.holder?.value &&
    was?.queuedAt === is?.queuedAt &&
    was?.name === is?.name &&
    was?.callingName === is?.callingName
  );
}
