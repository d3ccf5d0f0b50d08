/** What the services do in the course of a day: their faults, their outages, and what requests have met of these. */
import type { Day, Outage } from './day.ts';
import type { Scene } from './scene.ts';

export class Weather {
  readonly #day: Day;
  readonly #scene: Scene;
  #isMended = false;

  constructor(day: Day, scene: Scene) {
    this.#day = day;
    this.#scene = scene;
  }

  /** From here on requests meet what the day has for them. */
  spoil(outage?: Outage): void {
    const { chime, ledger, bus } = this.#scene.world;
    const { odds, refused, rateLimit } = this.#day;
    const { numbers } = this.#scene;
    chime.faults.set({
      ...odds,
      ...(outage === 'chimeThrottles' ? { throttle: 1 } : {}),
      ...(outage === 'chimeDown' ? { unavailable: 1 } : {}),
      ...(rateLimit === undefined ? {} : { rateLimit: { perSecond: rateLimit, burst: rateLimit } }),
      permanent: refused.map(({ operation, nth, code }) => ({
        operation,
        e164: numbers[nth % numbers.length] ?? '',
        code,
        message: 'Not for you.',
      })),
    });
    ledger.faults.set({
      throttle: outage === 'ledgerThrottles' ? 1 : (odds.ledgerThrottle ?? 0),
      serviceFailure: odds.ledgerServiceFailure ?? 0,
      connectionReset: odds.ledgerConnectionReset ?? 0,
      replyLost: odds.ledgerReplyLost ?? 0,
    });
    bus.failing = outage === 'busDown' ? 1 : (odds.busFailure ?? 0);
  }

  /** A service is out for so many minutes. */
  goOut(outage: Outage, minutes: number): void {
    const { clock } = this.#scene.world;
    this.spoil(outage);
    const comeBack = () => {
      if (!this.#isMended) this.spoil();
    };
    clock.outside(() => clock.setTimeout(comeBack, minutes * 60_000));
  }

  /** From here on nothing goes wrong any more. */
  mend(): void {
    this.#isMended = true;
    this.#scene.world.chime.faults.set({});
    this.#scene.world.ledger.faults.set({});
    this.#scene.world.bus.failing = 0;
  }

  /** What requests have met by now, and what was so all day, by kind. */
  get met(): Readonly<Record<string, number>> {
    const { chime, ledger, bus } = this.#scene.world;
    const { switches, chimeAheadMinutes } = this.#day;
    const counts: Record<string, number> = {};
    for (const { fault } of chime.requests) if (fault !== undefined) counts[fault] = (counts[fault] ?? 0) + 1;
    for (const [kind, count] of Object.entries(ledger.faults.injected)) counts[`ledger ${kind}`] = count;
    if (ledger.conditionsNotMet > 0) counts['ledger conditionNotMet'] = ledger.conditionsNotMet;
    if (bus.failed > 0) counts.busFailure = bus.failed;
    if (chimeAheadMinutes !== 0) counts.clockSkew = 1;
    if (switches.convergenceSeconds > 0) counts.lateDisassociation = 1;
    if (switches.associationSeconds > 0) counts.lateAssociation = 1;
    if (switches.restoreSeconds > 0) counts.lateRestoration = 1;
    if (switches.purgeLateHours > 0) counts.latePurge = 1;
    return counts;
  }
}
