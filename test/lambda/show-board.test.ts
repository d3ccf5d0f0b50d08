import { describe, expect, it } from '@jest/globals';
import { isDescribe } from '../../lambda/board/widget.ts';
import type { Clock } from '../../lambda/clock.ts';
import type { Phase } from '../../lambda/ledger/teardown.ts';
import { boardOf, openBoard, plant, plantMany, rowsIn, textOf } from './board-setting.ts';
import { digitsOfANumber } from './setting.ts';

describe('The board', () => {
  it('says so in a sentence where nothing was ever torn down', async () => {
    const page = await boardOf(await openBoard());
    expect(textOf(page)).toContain('No teardown is under way, and none has ended in the last 7 days.');
    expect(page).not.toContain('<table');
  });

  it('counts what ended long ago, and shows no row of it', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'deleted', endedAgo: 7 * 24 + 1 });
    const page = await boardOf(setting);
    expect(rowsIn(page)).toEqual([]);
    expect(textOf(page)).toContain('1 connector went through one earlier.');
  });

  it('neither shows nor counts a restore that found nothing to restore', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'restored', endedAgo: 1, isOpened: false });
    const page = await boardOf(setting);
    expect(rowsIn(page)).toEqual([]);
    expect(textOf(page)).not.toMatch(/went through one|finished|earlier/);
  });

  it('tells of a connector its name, id, state, numbers and how long they can be taken back', async () => {
    const setting = await openBoard();
    const id = await plant(setting, { name: 'Leeds', numbers: { queued: 64 }, endsIn: 54.5 });
    const [row, ...others] = rowsIn(await boardOf(setting));
    expect(others).toEqual([]);
    for (const words of ['Leeds', id, 'In its window', '64 of 64 released', '2 d 6 h left', 'until '])
      expect(row).toContain(words);
  });

  it.each<[Phase, string, string]>([
    ['releasing', 'Releasing', '5 of 10 released'],
    ['window', 'In its window', '5 of 10 released'],
    ['deleting', 'Deleting connector', '5 of 10 released'],
    ['restoring', 'Restoring', '3 of 10 back'],
    ['failed', 'Failed', '5 of 10 released'],
    ['interrupted', 'Interrupted', '5 of 10 released'],
    ['deleted', 'Deleted', '10 numbers deleted'],
    ['restored', 'Restored', '10 numbers back'],
  ])('knows the phase %s', async (phase, label, numbers) => {
    const setting = await openBoard();
    const counts = { attached: 3, unassigned: 2, queued: 4, gone: 1 };
    await plant(setting, { phase, numbers: counts, endsIn: 50, endedAgo: 1 });
    const [row] = rowsIn(await boardOf(setting));
    expect(row).toContain(label);
    expect(row).toContain(numbers);
  });

  it('tells what is unassigned and billed, and what somebody has taken back', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'failed', numbers: { unassigned: 2, reclaimed: 3 }, endedAgo: 1 });
    expect(rowsIn(await boardOf(setting))[0]).toContain('2 unassigned and billed, 3 taken back');
  });

  it('tells the last error of a failed one, cut where it is long', async () => {
    const setting = await openBoard();
    const cause = `Two numbers were refused. ${'And so on. '.repeat(300)}`;
    await plant(setting, { phase: 'failed', error: 'NumbersNotReleased', cause, endedAgo: 2 });
    const [row = ''] = rowsIn(await boardOf(setting));
    expect(row).toContain('2 h ago');
    expect(row).toContain('NumbersNotReleased Two numbers were refused. And so on.');
    expect(row.length).toBeLessThan(600);
  });

  it('knows when queued numbers go, though the ledger has not said when the window ends', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'releasing', numbers: { attached: 2 } });
    const queuedAt = new Date(setting.clock.now().getTime() - 2 * 24 * 60 * 60_000).toISOString();
    await plant(setting, { phase: 'failed', numbers: { queued: 2 }, queuedAt, endedAgo: 1 });
    const rows = rowsIn(await boardOf(setting));
    expect(rows[0]).toContain('5 d left until ');
    expect(rows[1]).toContain('not open yet');
  });

  it('does not know when the numbers go that it could not count', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'releasing', numbers: { queued: 2 } });
    await plant(setting, { phase: 'failed', numbers: { queued: 2 }, endedAgo: 1 });
    setting.wire.refuse = ({ operation }) => operation === 'Query';
    const notKnown = expect.stringMatching(/ 2 numbers in the plan not known/);
    expect(rowsIn(await boardOf(setting))).toEqual([notKnown, notKnown]);
  });

  it('knows that none is in the queue, where all that were are gone or none was', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'failed', numbers: { unassigned: 2 }, endsIn: 30, endedAgo: 1 });
    expect(rowsIn(await boardOf(setting))[0]).toContain('none is in the queue');
  });

  it.each(['failed', 'interrupted', 'window'] as const)(
    'tells no time that is left where the numbers were seen to be gone: %s',
    async (phase) => {
      const setting = await openBoard();
      const goneAt = setting.clock.now().toISOString();
      await plant(setting, { phase, numbers: { queued: 4 }, goneAt, endsIn: 3, endedAgo: 1 });
      const page = await boardOf(setting);
      const [row] = rowsIn(page);
      expect(row).toContain('4 of 4 released');
      expect(row).toContain('over, none is left in the queue');
      expect(row).not.toContain('Last day');
      expect(page).not.toContain('<cwdb-action');
    },
  );

  it('leads to the execution in the console', async () => {
    const setting = await openBoard();
    await plant(setting, { endsIn: 40 });
    expect(await boardOf(setting)).toMatch(
      /href="https:\/\/us-east-1\.console\.aws\.amazon\.com\/states\/home\?region=us-east-1#\/v2\/executions\/details\/arn:aws:states:[^"]+"/,
    );
  });

  it.each([
    ['light', '#ffffff'],
    ['dark', '#0f1b2a'],
    [undefined, '#ffffff'],
    ['neon', '#ffffff'],
  ])('is made for the theme of the dashboard: %s', async (theme, ground) => {
    const page = await boardOf(await openBoard(), { widgetContext: { theme } });
    expect(page).toContain(`.vct{background:${ground}`);
  });

  it('answers its documentation where that is asked for, and touches nothing', async () => {
    const setting = await openBoard();
    expect(await boardOf(setting, { describe: true })).toMatch(/^## Teardown board\n/);
    expect(setting.wire.calls).toEqual([]);
  });

  it.each([[null], ['text'], [7], [[]], [{ widgetContext: null }], [{ widgetContext: 'dark' }]])(
    'is drawn whatever it is called with: %j',
    async (event) => {
      expect(isDescribe(event)).toBe(false);
      expect(textOf(await boardOf(await openBoard(), event))).toContain('No teardown is under way');
    },
  );
});

describe('Of 500 teardowns', () => {
  it('100 are shown, trouble first, and it is said what the others are', async () => {
    const setting = await openBoard();
    const bad = { phase: 'failed', endedAgo: 1, error: 'E', cause: 'x'.repeat(4_000) } as const;
    await plantMany(setting, 500, (i) => (i % 10 === 0 ? bad : { endsIn: 100 }));
    const page = await boardOf(setting);
    const rows = rowsIn(page);
    expect(rows).toHaveLength(100);
    expect(rows.slice(0, 50).every((row) => row.includes('Failed'))).toBe(true);
    expect(rows.slice(50).some((row) => row.includes('Failed'))).toBe(false);
    expect(textOf(page)).toContain('50 in trouble 450 under way');
    expect(textOf(page)).toContain('And 400 more: 400 under way.');
    expect(page.length).toBeLessThan(200_000);
  });

  it('those in trouble that do not fit are counted, in red, above all others', async () => {
    const setting = await openBoard();
    await plantMany(setting, 120, () => ({ phase: 'interrupted', endedAgo: 1 }));
    const page = await boardOf(setting);
    expect(rowsIn(page)).toHaveLength(100);
    expect(page).toMatch(/<div class="notice bad">20 more are in trouble than there is room for here/);
  });

  it('the batches of 25 are read, and of the others only the count is told', async () => {
    const setting = await openBoard();
    await plantMany(setting, 40, () => ({ phase: 'failed', endedAgo: 1, numbers: { queued: 2 } }));
    const rows = rowsIn(await boardOf(setting));
    expect(setting.wire.calls.filter(({ operation }) => operation === 'Query')).toHaveLength(25);
    expect(rows.filter((row) => row.includes('2 of 2 released'))).toHaveLength(25);
    expect(rows.filter((row) => / 2 numbers in the plan /.test(row))).toHaveLength(15);
  });
});

describe('What stands on the board', () => {
  const hostile = [
    `<script>alert(1)</script>`,
    `"><img src=x onerror='alert(1)'>`,
    `</td></table><style>*{display:none}</style>`,
    `' onclick='alert(1)`,
    `&lt;b&gt; {"voiceConnectorId":"other"}</cwdb-action>`,
  ];

  it.each(hostile)('is text, whatever somebody has called a connector: %s', async (name) => {
    const setting = await openBoard();
    await plant(setting, { name, phase: 'failed', endedAgo: 1, error: name, cause: name, endsIn: 30 });
    const page = await boardOf(setting);
    const elements = [...page.matchAll(/<\/?([a-z-]+)/gi)].map(([, element]) => element?.toLowerCase());
    const known = [
      'style',
      'div',
      'span',
      'table',
      'colgroup',
      'col',
      'thead',
      'tbody',
      'tr',
      'th',
      'td',
      'code',
    ];
    const allowed = new Set([...known, 'i', 'a', 'b', 'p', 'cwdb-action']);
    expect(elements.filter((element) => !allowed.has(element ?? ''))).toEqual([]);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page.match(/<cwdb-action/g)).toHaveLength(1);
    // No attribute but ours: what is quoted has no quote in it.
    expect(page.replace(/="[^"]*"/g, '')).not.toMatch(/<[^>]*\son\w+/);
  });

  it('is whole characters, where a name is cut', async () => {
    const setting = await openBoard();
    await plant(setting, { name: '🚫'.repeat(128), endsIn: 40 });
    expect(rowsIn(await boardOf(setting))[0]).toContain(`${'🚫'.repeat(59)}…`);
  });

  it('holds no phone number, not even of a name or an error', async () => {
    const setting = await openBoard();
    const e164 = '+12065550100';
    await plant(setting, {
      name: `Fax ${e164}`,
      phase: 'failed',
      error: e164,
      cause: `No ${e164}.`,
      endedAgo: 1,
    });
    await plant(setting, { phase: 'restoring', numbers: { queued: 5 }, endsIn: 9 });
    const page = await boardOf(setting);
    expect(page.replaceAll(/arn:aws:[\w:/-]+/g, '')).not.toMatch(digitsOfANumber);
    expect(textOf(page)).toContain('Fax …0100');
  });
});

describe('Where the ledger cannot be read', () => {
  it('that is a sentence, without a trace of what went wrong inside', async () => {
    const setting = await openBoard();
    setting.wire.refuse = ({ operation }) => operation === 'Scan';
    const page = await boardOf(setting);
    expect(textOf(page)).toMatch(
      /^The teardowns cannot be shown now \(ServiceFailureException\)\. They go on all the same/,
    );
    expect(page).not.toContain(' at ');
    expect(page).toContain('class="notice bad"');
  });

  it('in part, the board does without the progress', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'failed', endedAgo: 1, numbers: { queued: 3 } });
    setting.wire.refuse = ({ operation }) => operation === 'Query';
    expect(rowsIn(await boardOf(setting))[0]).toMatch(/Failed .* 3 numbers in the plan /);
  });

  it('in time, the board says that connectors may be missing', async () => {
    const setting = await openBoard();
    await plant(setting, { endsIn: 40 });
    const page = await boardOf({ ...setting, edge: { ...setting.edge, clock: rushing(7_000) } });
    expect(textOf(page)).toContain('connectors may be missing here');
  });
});

/** A clock that is further on, by so many ms, each time that somebody looks at it. */
function rushing(ms: number): Clock {
  let looks = 0;
  const now = () => {
    looks += 1;
    return new Date(looks * ms);
  };
  return { now, sleep: async () => undefined };
}
