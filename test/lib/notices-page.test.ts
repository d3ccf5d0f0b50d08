import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type NoticeType, noticeSource, noticeTypes } from '../../lambda/notice-types.ts';
import type { Execution } from '../../local/engine.ts';
import type { PutEvent } from '../../local/event-bus.ts';
import { deliveriesOf } from '../../local/events.ts';
import { openWorld, type World } from '../../local/world.ts';
import { refuseToQueue } from '../flow/setting.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/notices.md', import.meta.url)), 'utf8');
const fields = fieldsIn(page);

/** What was announced by runs that end in every way there is. */
let announced: PutEvent[];
beforeAll(async () => {
  const plays = [stopped, deleted, undone, failed, refused, refusedWithoutName];
  announced = (await Promise.all(plays.map((play) => inWorld(play)))).flat();
});

describe('The page shows', () => {
  test('each notice under a heading of its own', () => {
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(noticeTypes.map((type) => `\`${type}\``));
  });

  test.each([...noticeTypes])('%s as it is announced', (type) => {
    const [first] = announced.filter(({ 'detail-type': each }) => each === type);
    expect(exampleOf(type)).toEqual(withoutRunNames(first?.detail));
  });

  test('what EventBridge puts around it', () => {
    const { resources, ...event } = JSON.parse(blockAfter('## On the bus'));
    expect(event).toMatchObject({ source: noticeSource, detail: {} });
    expect(noticeTypes).toContain(event['detail-type']);
    expect(resources).toHaveLength(2);
  });
});

describe('A field', () => {
  test('that notices have is on the page, and one on the page is in a notice', () => {
    const found = new Set(announced.flatMap(({ detail }) => pathsIn(detail)));
    expect(fields.map(({ name }) => name).sort()).toEqual([...found].sort());
  });

  test.each(fields)('$name is what the page says it is, and there as often', ({ name, type, there }) => {
    const values = announced.map(({ detail }) => valueAt(detail, name));
    for (const value of values.filter((each) => each !== undefined)) expect(kindsOf(value)).toContain(type);
    const container = name.includes('.') ? name.slice(0, name.indexOf('.')) : undefined;
    const expected = announced.filter(({ detail }) => container === undefined || container in detail);
    const present = values.filter((each) => each !== undefined);
    expect(present.length === expected.length).toBe(there === 'always');
  });
});

test('The pattern on the page picks out what it says, and not the requests', () => {
  const rule = { pattern: JSON.parse(blockAfter('## Listen to them')), targets: [{ arn: 'mine' }] };
  const chosen = (detailType: string) =>
    deliveriesOf({ source: noticeSource, 'detail-type': detailType, detail: {} }, [rule]).length === 1;
  const others = ['Voice Connector Teardown Requested', 'Voice Connector Restore Requested'];
  expect([...noticeTypes, ...others].filter(chosen)).toEqual(['Teardown Failed', 'Teardown Interrupted']);
});

/** A connector with three numbers, as `npm start -- --numbers 3` has it. */
interface Played extends World {
  readonly voiceConnectorId: string;
  readonly e164s: readonly string[];
}

/** Plays in a world of its own, and answers what was announced there. */
async function inWorld(play: (world: Played) => Promise<unknown>): Promise<PutEvent[]> {
  const world = await openWorld();
  try {
    await play({ ...world, ...world.chime.seedConnector({ numbers: 3, name: 'Local trunk' }) });
    return [...world.bus.events];
  } finally {
    await world.close();
  }
}

/** `npm start -- --numbers 3 --stop` */
async function stopped(world: Played): Promise<void> {
  await startAnd(world, (teardown) => teardown.abort()).result;
}

/** `npm start -- --numbers 3` */
async function deleted(world: Played): Promise<void> {
  await startAnd(world).result;
}

/** `npm start -- --numbers 3 --undo` */
async function undone(world: Played): Promise<void> {
  const { voiceConnectorId } = world;
  let restoring: Execution | undefined;
  const teardown = startAnd(world, () => {
    restoring = world.restore({ voiceConnectorId, requestedBy: 'npm start', reason: '--undo' });
  });
  await teardown.result;
  await restoring?.result;
}

async function failed(world: Played): Promise<void> {
  refuseToQueue(world, String(world.e164s[1]));
  await startAnd(world).result;
}

async function refused(world: Played): Promise<void> {
  await world.start({ ...requestIn(world), expectedPhoneNumbers: 119 }).result;
}

async function refusedWithoutName({ start }: Played): Promise<void> {
  await start('no object').result;
}

/** Starts a teardown, and does something half-way through its window. */
function startAnd(world: Played, act: (teardown: Execution) => void = () => undefined): Execution {
  const teardown = world.start(requestIn(world), {
    onEvent: ({ type, state }) => {
      if (type !== 'StateEntered' || state?.name !== 'Wait until the last day') return;
      world.clock.outside(() => world.clock.setTimeout(() => act(teardown), 3.5 * 86_400_000));
    },
  });
  return teardown;
}

function requestIn({ voiceConnectorId }: Played): object {
  return {
    voiceConnectorId,
    expectedPhoneNumbers: 3,
    requestedBy: 'npm start',
    reason: 'To see how it goes',
  };
}

/** The rows of the table of fields: name, type, when it is there, meaning. */
function fieldsIn(text: string): { name: string; type: string; there: string }[] {
  return [...text.matchAll(/^\| `([\w.]+)` +\| (text|count|time|object) +\| (.*?) +\|/gm)].map(
    ([, name = '', type = '', there = '']) => ({ name, type, there }),
  );
}

/** What the page calls a value like this one. */
function kindsOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ['object'];
  if (Number.isSafeInteger(value)) return ['count'];
  if (typeof value !== 'string') return [];
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? ['time'] : ['text'];
}

/** The names of all fields: those within an object behind its name and a full stop. */
function pathsIn(value: object): string[] {
  return Object.entries(value).flatMap(([field, within]) => [
    field,
    ...(typeof within === 'object' ? pathsIn(within).map((path) => `${field}.${path}`) : []),
  ]);
}

function valueAt(detail: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, field) => (value as Record<string, unknown> | undefined)?.[field], detail);
}

function exampleOf(type: NoticeType): unknown {
  return JSON.parse(blockAfter(`### \`${type}\``));
}

/** The JSON that follows a heading, and comes before the next one. */
function blockAfter(heading: string): string {
  const [, section = ''] = page.split(`${heading}\n`);
  const [, block] = /```json\n([\s\S]*?)\n```/.exec(section.split(/^##/m)[0] ?? '') ?? [];
  if (block === undefined) throw new Error(`No JSON follows "${heading}".`);
  return block;
}

/** An execution has another name each time. */
function withoutRunNames(detail: unknown): unknown {
  return JSON.parse(JSON.stringify(detail).replace(/(:execution:\w+):[0-9a-f-]{36}/g, '$1:…'));
}
