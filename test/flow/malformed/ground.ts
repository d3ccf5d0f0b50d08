import { expect } from '@jest/globals';
import type { Everything } from '../../../local/chime/everything.ts';
import type { RawReply } from '../../../local/chime/faults.ts';
import type { Operation } from '../../../local/chime/operations.ts';
import type { SeededConnector } from '../../../local/chime/seed.ts';
import type { ExecutionResult } from '../../../local/engine.ts';
import { openWorld, type World } from '../../../local/world.ts';

/** A world that many tests share, with a connector in it that none of them is about. */
export interface Ground {
  readonly world: World;
  readonly bystander: SeededConnector;
  /** A group of which the bystander is a member. */
  readonly groupId: string;
  readonly lines: string[];
}

/** A connector in the group, with numbers that have names; and what there was before anything was done to it. */
export interface Case extends SeededConnector {
  readonly ground: Ground;
  readonly before: Everything;
  readonly requestsBefore: number;
  readonly linesBefore: number;
}

/** More requests than any run makes of one operation. */
const always = 400;
/** In the middle of the deletion window, in ms. */
const twoDays = 2 * 86_400_000;

export async function openGround(): Promise<Ground> {
  const lines: string[] = [];
  // Names that are lost in the queue are asked for again: the restore then makes every call that it has.
  const switches = { restoredNames: 'dropped' } as const;
  const world = await openWorld({ switches, onLog: (line) => lines.push(line) });
  const { state } = world.chime;
  const bystander = world.chime.seedConnector({ numbers: 2, name: 'Bystander' });
  const items = [{ voiceConnectorId: bystander.voiceConnectorId, priority: 1 }];
  const { voiceConnectorGroupId } = state.addGroup({ name: 'Pool', items });
  const triggerValue = `${bystander.voiceConnectorId}.voiceconnector.chime.aws`;
  state.addSipRule({ name: 'Rule', triggerType: 'RequestUriHostname', triggerValue });
  return { world, bystander, groupId: voiceConnectorGroupId, lines };
}

export function newCase(ground: Ground, numbers = 2): Case {
  const { world, bystander, groupId, lines } = ground;
  const { chime } = world;
  const { state } = chime;
  chime.faults.set({});
  const seeded = chime.seedConnector({ numbers, name: 'Trunk' });
  const { voiceConnectorId, e164s } = seeded;
  state.configure(voiceConnectorId, { terminationCredentials: ['pbx'] });
  for (const e164 of e164s) state.rename(e164, { name: 'Desk', callingName: 'Acme' });
  const items = [bystander.voiceConnectorId, voiceConnectorId].map((id, i) => ({
    voiceConnectorId: id,
    priority: i + 1,
  }));
  state.groups.update(groupId, { name: 'Pool', items });
  return {
    ...seeded,
    ground,
    before: state.everything(),
    requestsBefore: chime.requests.length,
    linesBefore: lines.length,
  };
}

/** Takes the connector away, whatever has become of it: the next test has the group and the lists to itself. */
export function leave({ ground, voiceConnectorId }: Case): void {
  const { state } = ground.world.chime;
  if (state.connector(voiceConnectorId) !== undefined) state.deleteConnector(voiceConnectorId);
}

/** The next requests of an operation meet these replies, one each; a single one meets every request. */
export function spoil({ ground }: Case, operation: Operation, replies: RawReply | readonly RawReply[]): void {
  const { chime } = ground.world;
  const from = chime.calls()[operation] + 1;
  const list = 'body' in replies ? Array.from({ length: always }, () => replies) : replies;
  const script = list.map((fault, i) => ({ operation, nth: from + i, fault }));
  chime.faults.set({ script: [...(chime.faults.plan.script ?? []), ...script] });
}

/** What is meant by the names in angle brackets. */
export interface Meant {
  readonly connector: string;
  readonly number: string;
  readonly group: string;
  readonly stranger: string;
}

/** A body as JSON with what is in angle brackets filled in. */
export function filledIn(meant: Meant, body: unknown): string {
  const all: Record<string, string> = { ...meant, id: encodeURIComponent(meant.number) };
  return JSON.stringify(body).replace(/<(\w+)>/g, (found, name: string) => all[name] ?? found);
}

/** The same as a reply of status 200. */
export function replyOf(
  { ground, voiceConnectorId, e164s }: Case,
  body: unknown,
  carriedOut = false,
): RawReply {
  const [stranger = ''] = ground.bystander.e164s;
  const meant = { connector: voiceConnectorId, number: e164s[0] ?? '', group: ground.groupId, stranger };
  return { status: 200, contentType: 'application/json', body: filledIn(meant, body), carriedOut };
}

export function tearDown({ ground, voiceConnectorId }: Case): Promise<ExecutionResult> {
  return ground.world.start({ voiceConnectorId, detachFromGroups: true }).result;
}

/** Tears down, and restores in the middle of the window, after `first` was done. */
export async function tearDownAndRestore(about: Case, first: () => void): Promise<ExecutionResult> {
  const { world } = about.ground;
  const { voiceConnectorId } = about;
  let restoring: Promise<ExecutionResult> | undefined;
  const restore = () => {
    first();
    restoring = world.restore({ voiceConnectorId }).result;
  };
  await world.start(
    { voiceConnectorId, detachFromGroups: true },
    {
      onEvent: ({ type, state }) => {
        if (type === 'StateEntered' && state?.name === 'Wait until the last day')
          world.clock.outside(() => world.clock.setTimeout(restore, twoDays));
      },
    },
  ).result;
  const restored = await restoring;
  if (restored === undefined) throw new Error('The teardown never came to its window.');
  return restored;
}

/**
 * The run has told no number, has asked for no change but to its own connector, numbers and group, has changed nothing
 * else, and has nothing done to a number that is not in the ledger.
 */
export async function expectNothingElse(about: Case, { history }: ExecutionResult): Promise<void> {
  const { ground, before, voiceConnectorId, e164s } = about;
  const { world, bystander, groupId, lines } = ground;
  const told = JSON.stringify(history) + lines.slice(about.linesBefore).join('\n');
  for (const e164 of [...e164s, ...bystander.e164s, '+12065550199'])
    expect(told).not.toContain(e164.slice(-7));

  const changes = world.chime.requests.slice(about.requestsBefore).filter(({ changing }) => changing);
  const ours = new Set([voiceConnectorId, groupId, ...e164s]);
  expect(changes.flatMap(({ target }) => target).filter((name) => !ours.has(name))).toEqual([]);

  const now = world.chime.state.everything();
  expect(othersIn(now, about)).toEqual(othersIn(before, about));

  const known = await numbersInLedger(about);
  const changed = e164s.filter(
    (e164) => JSON.stringify(now.numbers[e164]) !== JSON.stringify(before.numbers[e164]),
  );
  expect(changed.filter((e164) => !known.includes(e164))).toEqual([]);
}

/** The run has ended red with an error of this name, in words for an operator, and the connector is there. */
export function expectFailure(
  { ground, voiceConnectorId }: Case,
  result: ExecutionResult,
  name: unknown,
): void {
  const { status, error, cause = '' } = result;
  expect({ status, error, cause }).toEqual({ status: 'FAILED', error: name, cause: expect.any(String) });
  expect(cause).not.toMatch(/is not (a function|iterable)|undefined|properties of null|\[object/);
  expect([cause.length > 20, cause.length < 2_000]).toEqual([true, true]);
  expect(ground.world.chime.state.connector(voiceConnectorId)).toBeDefined();
}

/** The connector is gone, with exactly the numbers of its plan. */
export function expectDeleted(
  { ground, voiceConnectorId, e164s }: Case,
  { output, error, cause }: ExecutionResult,
): void {
  const { state } = ground.world.chime;
  const phoneNumbers = e164s.length;
  expect({ output, error, cause }).toMatchObject({ output: { outcome: 'deleted', phoneNumbers } });
  expect(state.connector(voiceConnectorId)).toBeUndefined();
  expect(e164s.filter((e164) => state.number(e164) !== undefined)).toEqual([]);
}

/** Every number is back on the connector. */
export function expectRestored(
  { ground, voiceConnectorId, e164s }: Case,
  { output, error, cause }: ExecutionResult,
): void {
  expect({ output, error, cause }).toMatchObject({
    output: { outcome: 'restored', restored: e164s.length },
  });
  for (const e164 of e164s)
    expect(ground.world.chime.state.number(e164)).toMatchObject({
      status: 'Assigned',
      holder: { value: voiceConnectorId },
    });
}

function othersIn({ connectors, groups, sipRules, numbers }: Everything, { ground, voiceConnectorId }: Case) {
  return {
    sipRules,
    connectors: connectors.filter((each) => each.voiceConnectorId !== voiceConnectorId),
    groups: groups.map((group) => ({
      ...group,
      items: group.items.filter((item) => item.voiceConnectorId !== voiceConnectorId),
    })),
    numbers: ground.bystander.e164s.map((e164) => numbers[e164]),
  };
}

async function numbersInLedger({ ground, voiceConnectorId }: Case): Promise<string[]> {
  const items = await ground.world.ledger.items();
  return items
    .filter((item) => item.voiceConnectorId === voiceConnectorId)
    .flatMap(({ numbers }) => ((numbers ?? []) as { e164: string }[]).map(({ e164 }) => e164));
}
