/** Lets the mishaps of a day happen, each at its moment. */
import type { RequestRecord } from '../local/chime/request-log.ts';
import { Agenda } from './agenda.ts';
import type { Day, Mischief, Mishap } from './day.ts';
import type { Hand } from './hand.ts';
import type { Run, Runs } from './runs.ts';
import type { Scene } from './scene.ts';
import type { Watch } from './watch.ts';
import type { Weather } from './weather.ts';

const hourMs = 3_600_000;

interface Parts {
  readonly scene: Scene;
  readonly runs: Runs;
  readonly hand: Hand;
  readonly watch: Watch;
  readonly weather: Weather;
}

export class Trouble {
  readonly #parts: Parts;
  readonly #agenda: Agenda;
  readonly #made: Record<string, number> = {};

  constructor({ mishaps }: Day, parts: Parts) {
    this.#parts = parts;
    this.#agenda = new Agenda(mishaps);
  }

  /** What was done, by kind. */
  get made(): Readonly<Record<string, number>> {
    return this.#made;
  }

  /** From here on mishaps happen at their moments. */
  begin(): void {
    const { scene, watch } = this.#parts;
    const { chime, ledger, clock } = scene.world;
    chime.hooks.beforeEffect = (record: RequestRecord) => {
      watch.beforeRequest(record);
      return record.changing ? this.#atEffect('before') : undefined;
    };
    chime.hooks.afterEffect = (record: RequestRecord) => {
      watch.afterRequest(record);
      return record.changing ? this.#atEffect('after') : undefined;
    };
    ledger.hooks.beforeEffect = () => this.#atEffect('before');
    ledger.hooks.afterEffect = () => this.#atEffect('after');
    for (const { mishap, hours } of this.#agenda.timed) {
      const happen = () => {
        if (this.#agenda.take(mishap)) void this.#happen(mishap);
      };
      clock.outside(() => clock.setTimeout(happen, hours * hourMs));
    }
  }

  /** An execution has entered a state. */
  entered(run: Run, state: string): void {
    for (const mishap of this.#agenda.atState({ machine: run.machine, state }))
      void this.#happen(mishap, run);
  }

  /** Until every run is over, and nothing more is to come at a time of its own. */
  async over(): Promise<void> {
    const { runs, scene } = this.#parts;
    const { clock } = scene.world;
    for (;;) {
      await runs.over();
      const last = Math.max(0, ...this.#agenda.timed.map(({ hours }) => hours * hourMs));
      const left = last - clock.elapsedSeconds * 1_000;
      if (left > 0) await clock.sleep(left + 1);
      else if (runs.running.length === 0) return;
    }
  }

  /** Nothing more is to come. */
  end(): void {
    this.#agenda.clear();
    this.#parts.weather.mend();
    this.#parts.runs.tell('everything works again');
  }

  #atEffect(side: 'before' | 'after'): Promise<void> | undefined {
    const holds = this.#agenda
      .atEffect(side)
      .map((mishap) => this.#happen(mishap))
      .filter((hold) => hold !== undefined);
    return holds.length === 0 ? undefined : Promise.all(holds).then(() => undefined);
  }

  /**
   * @param run the execution that it came upon, where it came upon one
   * @returns what the request that it came upon has to wait for
   */
  #happen({ what }: Mishap, run?: Run): Promise<void> | undefined {
    const { scene, runs, hand, weather } = this.#parts;
    const { world, voiceConnectorId } = scene;
    const kind = kindOf(what);
    this.#made[kind] = (this.#made[kind] ?? 0) + 1;
    const states = runs.running.map(({ state }) => state).join(' and ');
    runs.tell(`${JSON.stringify(what)}, while in ${states || 'no state'}`);
    switch (what.kind) {
      case 'die':
        runs.interrupt(runs.running);
        world.killFunctions();
        return never();
      case 'timeOut':
        runs.interrupt(runs.running);
        world.stallFunctions();
        return never();
      case 'stall':
        return this.#stall(what.minutes);
      case 'stop':
        runs.stop(run === undefined ? runs.running : [run]);
        break;
      case 'restore':
        for (let i = 0; i < what.times; i += 1)
          runs.start('restore', { voiceConnectorId, requestedBy: 'Bob' });
        break;
      case 'secondRun':
        runs.start('teardown', { voiceConnectorId, ...(what.resume ? { resume: true } : {}) });
        break;
      case 'dryRun':
        runs.start(what.machine, { voiceConnectorId, dryRun: true });
        break;
      case 'outage':
        weather.goOut(what.outage, what.minutes);
        break;
      case 'deed':
        hand.do(what.deed, what.nth, this.#isInWindow());
        break;
    }
    return undefined;
  }

  /** The process stands still for a while, and then goes on, unless it has met its time-out. */
  #stall(minutes: number): Promise<void> {
    const { world } = this.#parts.scene;
    const { promise: later, resolve: goOn } = Promise.withResolvers<void>();
    const stall = world.stallFunctions();
    let isOver = false;
    void stall.ended.then(() => {
      isOver = true;
    });
    const carryOn = () => {
      if (isOver) return;
      stall.goOn();
      goOn();
    };
    world.clock.outside(() => world.clock.setTimeout(carryOn, minutes * 60_000));
    return later;
  }

  /** Whether all numbers are released, and only the time has to pass. */
  #isInWindow(): boolean {
    const { running } = this.#parts.runs;
    return (
      running.length > 0 &&
      running.every(({ state }) =>
        /^(Wait (until|before next check)|Announce (deletion|last day)|Is the last day)/.test(state),
      )
    );
  }
}

function kindOf(what: Mischief): string {
  if (what.kind === 'deed') return `deed ${what.deed}`;
  return what.kind === 'outage' ? what.outage : what.kind;
}

/** The answer that a request waits for whose caller is dead. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
