/** Plays one bad day to its end, and says what was found wrong. */
import type { WorldOptions } from '../local/world.ts';
import { wronglyAnnounced } from './announced.ts';
import { wrongReason } from './causes.ts';
import type { Day } from './day.ts';
import { Hand } from './hand.ts';
import { type Desk, type Outcome, recover } from './operator.ts';
import { type Run, Runs } from './runs.ts';
import { type Scene, setScene } from './scene.ts';
import { Trouble } from './trouble.ts';
import { Watch } from './watch.ts';
import { Weather } from './weather.ts';

/** How a day went. */
export interface Played {
  /** What was found that must never happen. */
  readonly violations: readonly string[];
  readonly outcome: Outcome;
  readonly wasRefused: boolean;
  /** A run ended in red, other than by refusing, and the day came out well all the same. */
  readonly failedThenRecovered: boolean;
  /** What was done to it, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Executions stopped, and functions that died, by workflow and state. */
  readonly interrupted: Readonly<Record<string, number>>;
  /** How many requests Chime received. */
  readonly requests: number;
  /** What happened, one line each, with the hour of it. */
  readonly story: readonly string[];
}

const hourMs = 3_600_000;
/** Real ms that a day may take: one that takes longer has come to a standstill. */
const patienceMs = 60_000;
/** Errors by which a run refuses before it has done anything. */
const refusals =
  /^(InvalidInput|ConnectorNotFound|AlreadyRunning|RestoreRequested|Unfinished|Protected|InUse|InGroup|PlanChanged|NoPhoneNumbers|CountMismatch|NoTeardown|NothingToRestore)/;

/**
 * Plays a day.
 *
 * @param seed the same gives the same chances
 * @param steps steps that are connected in another way than deployed: to see that it is noticed
 */
export async function play(day: Day, seed: string, steps: WorldOptions['steps'] = {}): Promise<Played> {
  const scene = await setScene(day, seed, { steps });
  const player = new Player(day, scene);
  let timer: NodeJS.Timeout | undefined;
  const standstill = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the day came to a standstill')), patienceMs);
  });
  try {
    return player.report(await Promise.race([player.play(), standstill]));
  } catch (error) {
    return player.report('nothing done', [(error as Error).message]);
  } finally {
    clearTimeout(timer);
    await scene.world.close();
  }
}

class Player {
  readonly #day: Day;
  readonly #scene: Scene;
  readonly #runs: Runs;
  readonly #hand: Hand;
  readonly #watch: Watch;
  readonly #weather: Weather;
  readonly #trouble: Trouble;

  constructor(day: Day, scene: Scene) {
    this.#day = day;
    this.#scene = scene;
    this.#runs = new Runs(scene, {
      onState: (run, state) => {
        this.#watch.runGoesOn(run, state);
        this.#trouble.entered(run, state);
      },
      onEnd: (run) => this.#judge(run),
    });
    this.#hand = new Hand(scene);
    this.#watch = new Watch(scene, this.#hand);
    this.#weather = new Weather(day, scene);
    this.#trouble = new Trouble(day, {
      ...{ scene, runs: this.#runs, hand: this.#hand },
      ...{ watch: this.#watch, weather: this.#weather },
    });
  }

  async play(): Promise<Outcome> {
    const request = await this.#firstRequest();
    const { clock } = this.#scene.world;
    const { mendedAfterHours: hours } = this.#day;
    this.#trouble.begin();
    this.#weather.spoil();
    this.#runs.start('teardown', request);
    await Promise.race([this.#trouble.over(), ...(hours === undefined ? [] : [clock.sleep(hours * hourMs)])]);
    this.#trouble.end();
    await clock.sleep(hourMs / 6);
    const outcome = this.#watch.violations.length > 0 ? 'nothing done' : await recover(this.#desk, this.#day);
    await this.#runs.over();
    // What is refused for good is no reason to ask again.
    const { permanent: _refused, ...passing } = this.#faults;
    const disturbances = Object.values(passing).reduce((sum, count) => sum + count, 0);
    this.#watch.end(this.#runs.all, disturbances, this.#day.refused);
    for (const wrong of wronglyAnnounced(this.#runs.all, this.#scene.world.bus)) this.#watch.found(wrong);
    return outcome;
  }

  report(outcome: Outcome, more: readonly string[] = []): Played {
    const red = this.#runs.all.filter(({ ended }) => ended !== undefined && ended.status !== 'SUCCEEDED');
    const isRefusal = ({ ended }: Run): boolean => refusals.test(ended?.error ?? '');
    return {
      violations: [...this.#watch.violations, ...more],
      outcome,
      wasRefused: red.some(isRefusal),
      failedThenRecovered: red.some((run) => !isRefusal(run)) && outcome !== 'nothing done',
      faults: this.#faults,
      interrupted: this.#runs.interrupted,
      requests: this.#scene.world.chime.requests.length,
      story: this.#runs.story,
    };
  }

  get #desk(): Desk {
    return {
      ...{ scene: this.#scene, hand: this.#hand, watch: this.#watch },
      go: async (machine, request) => {
        const run = this.#runs.start(machine, request);
        await run.result;
        return run;
      },
      othersEnded: () => this.#runs.over(),
    };
  }

  get #faults(): Readonly<Record<string, number>> {
    return { ...this.#trouble.made, ...this.#weather.met };
  }

  /** What the first run is asked; a plan that it states was looked at before. */
  async #firstRequest(): Promise<Record<string, unknown>> {
    const { numbers, agreement, detachFromGroups } = this.#day;
    const { voiceConnectorId, world } = this.#scene;
    const request = { voiceConnectorId, detachFromGroups, requestedBy: 'Ada', reason: 'Retired' };
    if (agreement === 'count') return { ...request, expectedPhoneNumbers: numbers };
    if (agreement === 'none') return request;
    const { output } = await world.start({ ...request, dryRun: true }).result;
    return { ...request, approvedPlan: (output as { plan: { fingerprint: string } }).plan.fingerprint };
  }

  /** Whether a run has ended as it should, and says why. */
  async #judge(run: Run): Promise<void> {
    await this.#watch.runEnded(run);
    const wrong = wrongReason(
      {
        deeds: this.#hand.done,
        faults: this.#faults,
        runs: this.#runs.all,
        hasRefusedNumbers: this.#day.refused.length > 0,
      },
      run,
    );
    if (wrong !== undefined) this.#watch.found(wrong);
  }
}
