/** What the operator does once everything works again: follows the ways out that the runs name, until it is done. */
import type { Day } from './day.ts';
import type { Hand } from './hand.ts';
import type { Run } from './runs.ts';
import type { Scene } from './scene.ts';
import type { Watch } from './watch.ts';

export interface Desk {
  readonly scene: Scene;
  readonly hand: Hand;
  readonly watch: Watch;
  /** Starts a run and waits for its end. */
  go(machine: Run['machine'], request: Record<string, unknown>): Promise<Run>;
  /** Waits for the end of whatever runs. */
  othersEnded(): Promise<void>;
}

/** How a day came out in the end. */
export type Outcome = 'deleted' | 'restored' | 'nothing done';

const hourMs = 3_600_000;
/** Refusals and failures after which an operator looks at the plan before agreeing to another run. */
const needsAgreement =
  /PlanChanged|CountMismatch|NoPhoneNumbers|RestoreRequested|Unfinished|StillAttached|Numbers(Reclaimed|Stuck|NotReleased)/;
/** Runs after which an operator has lost patience. */
const mostRounds = 8;

export async function recover(desk: Desk, day: Day): Promise<Outcome> {
  if (day.thereafter === 'resume') return carryOn(desk);
  const restored = await takeBack(desk);
  if (day.thereafter === 'restore' || restored !== 'restored') return restored;
  await desk.scene.world.clock.sleep(1_000);
  return carryOn(desk);
}

/** Resumes until the connector is deleted. */
async function carryOn(desk: Desk): Promise<Outcome> {
  const { scene, watch, hand } = desk;
  const { voiceConnectorId, world } = scene;
  let request: Record<string, unknown> = { resume: true };
  let last = '';
  for (let round = 0; round < mostRounds; round += 1) {
    const { ended } = await desk.go('teardown', { voiceConnectorId, ...request });
    const { status, error = '', cause = '' } = ended ?? {};
    if (status === 'SUCCEEDED') {
      expectAllGone(desk);
      return 'deleted';
    }
    last = `${error}: ${cause}`;
    const isThere = world.chime.state.connector(voiceConnectorId) !== undefined;
    for (const code of error.split(',')) {
      if (code === 'ConnectorNotFound' && !isThere) return 'nothing done';
      if (code === 'Protected') world.chime.state.untag(voiceConnectorId, 'teardown-protection');
      if (code === 'InUse') request = { ...request, overrides: ['InUse'] };
      if (code === 'InGroup' || /group/i.test(cause)) request = { ...request, detachFromGroups: true };
      if (code === 'AlreadyRunning') await desk.othersEnded();
      // Its end was not to be resumed, but to be begun again.
      if (
        code === 'Unfinished' ||
        code === 'RestoreRequested' ||
        /start|afresh|without "resume"/i.test(cause)
      )
        await world.clock.sleep(1_000);
      if (code === 'RestoreRequested' && /restored/.test(cause)) request = { ...request, resume: false };
      if (code === 'StillAttached' || code === 'PlanChanged' || code === 'NumbersReclaimed')
        takeOffWhatIsNotOurs(desk);
      if (code === 'NumbersStuck') releaseStuck(desk);
    }
    // Nobody is so quick that the service would not have caught up with what was done by hand.
    await world.clock.sleep(hourMs / 6);
    if (!needsAgreement.test(error)) continue;
    const answer = await desk.go('teardown', { voiceConnectorId, ...request, dryRun: true });
    const { phoneNumbers = 0, plan } = (answer.ended?.output ?? {}) as {
      phoneNumbers?: number;
      plan?: { fingerprint: string };
    };
    if (plan !== undefined) {
      request = { ...request, approvedPlan: plan.fingerprint, expectedPhoneNumbers: phoneNumbers };
      agree(watch, hand, scene);
    }
  }
  watch.found(`a resumed teardown does not come to its end: ${last.slice(0, 300)}`);
  return 'nothing done';
}

/** Restores until everything is as it was, or the restore says what cannot be. */
async function takeBack(desk: Desk): Promise<Outcome> {
  const { scene, watch } = desk;
  const { voiceConnectorId, world } = scene;
  let last = '';
  for (let round = 0; round < mostRounds; round += 1) {
    const { ended } = await desk.go('restore', { voiceConnectorId });
    const { status, error = '', cause = '' } = ended ?? {};
    const isThere = world.chime.state.connector(voiceConnectorId) !== undefined;
    if (status === 'SUCCEEDED') {
      expectAllBack(desk);
      return 'restored';
    }
    last = `${error}: ${cause}`;
    if (error === 'NoTeardown') {
      expectAllBack(desk);
      return 'nothing done';
    }
    if (error === 'NothingToRestore' && !isThere) return 'deleted';
    if (error === 'ConnectorGone' && !isThere) return 'nothing done';
    if (error === 'NumbersGone') {
      expectGoneTold(desk, cause);
      expectAllBack(desk);
      return 'restored';
    }
    if (error === 'AlreadyRunning') await desk.othersEnded();
    else await world.clock.sleep(hourMs);
  }
  watch.found(`a repeated restore does not come to its end: ${last.slice(0, 300)}`);
  return 'nothing done';
}

/** The operator has looked at the plan and agrees: what is on the connector, and what is on its way. */
function agree(watch: Watch, hand: Hand, { world, voiceConnectorId }: Scene): void {
  watch.agreedAt = world.clock.now().getTime();
  for (const [e164, { holder }] of Object.entries(world.chime.state.everything().numbers)) {
    // What somebody put back has to be taken off before: a teardown does not release it again.
    if (holder?.value !== voiceConnectorId || hand.taken.get(e164)?.deed === 'putBack') continue;
    watch.agreed.add(e164);
    hand.taken.delete(e164);
  }
}

/** Numbers that the teardown has nothing to do with stand in the way: a person takes them off the connector. */
function takeOffWhatIsNotOurs({ scene, hand, watch }: Desk): void {
  const { state } = scene.world.chime;
  const strange = [...hand.taken].filter(([, { deed }]) => deed === 'putBack').map(([e164]) => e164);
  for (const e164 of [...strange, ...hand.newcomers.filter((each) => !watch.agreed.has(each))]) {
    if (state.number(e164)?.holder?.value === scene.voiceConnectorId) hand.takeOff(e164);
  }
}

/** AWS Support gets numbers out that the service could not release. */
function releaseStuck({ scene }: Desk): void {
  const { state } = scene.world.chime;
  for (const [e164, { status }] of Object.entries(state.everything().numbers))
    if (status === 'ReleaseFailed' || status === 'DeleteFailed') state.removeNumber(e164);
}

function expectAllGone({ scene, hand, watch }: Desk): void {
  const { state } = scene.world.chime;
  const left = [...watch.agreed].filter((e164) => {
    const taken = hand.taken.get(e164);
    return state.number(e164) !== undefined && taken === undefined;
  });
  if (left.length > 0) watch.found(`in the end ${left.length} numbers are left`);
  if (state.connector(scene.voiceConnectorId) !== undefined) watch.found('in the end the connector is there');
}

/** Everything that nobody took away is as it was. */
function expectAllBack({ scene, hand, watch }: Desk): void {
  const { state } = scene.world.chime;
  const now = state.everything();
  for (const e164 of scene.numbers) {
    const was = scene.before.numbers[e164];
    const is = now.numbers[e164];
    if (hand.taken.has(e164) || is === undefined) continue;
    if (is.holder?.value !== scene.voiceConnectorId)
      watch.found(`after the restore a number is ${is.queued ? 'queued' : is.status}, and nobody took it`);
    else if (is.name !== was?.name || is.callingName !== was?.callingName)
      watch.found('after the restore a number has lost a name');
  }
  const configurationOf = ({ connectors }: typeof now) =>
    connectors
      .filter(({ voiceConnectorId: id }) => id === scene.voiceConnectorId)
      .map(({ configuration, name }) => ({ configuration, name }));
  if (JSON.stringify(configurationOf(now)) !== JSON.stringify(configurationOf(scene.before)))
    watch.found('after the restore the connector is configured differently');
  const groups = now.groups.filter(({ name }) => name !== 'Rome');
  if (JSON.stringify(groups) !== JSON.stringify(scene.before.groups))
    watch.found('after the restore the groups are not as they were');
}

/** A restore that could not bring everything back says how many are gone. */
function expectGoneTold({ scene, watch }: Desk, cause: string): void {
  const gone = scene.numbers.filter((e164) => scene.world.chime.state.number(e164) === undefined).length;
  if (gone === 0) watch.found(`a restore says that numbers are gone, and none is: ${cause}`);
  else if (!cause.includes(`${gone} gone for good`))
    watch.found(`a restore does not say that ${gone} numbers are gone: ${cause}`);
}
