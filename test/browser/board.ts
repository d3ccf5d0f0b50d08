/**
 * `npm run test:browser`: opens the teardown board in a browser and looks at it. Not part of `npm test`: it needs Chromium
 * (CHROMIUM names the program; default /usr/bin/chromium). Screenshots go to test-output/board, and one to docs/images.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { closeTeardown, connectLedger, openTeardown } from '../../lambda/ledger/ledger.ts';
import { type LocalBoard, startBoard } from '../../local/board.ts';
import type { Execution } from '../../local/engine.ts';
import { startLocalLedger } from '../../local/ledger.ts';
import { loggerTo } from '../../local/logs.ts';
import { table } from '../ledger-table.ts';
import { hostile, many, now, numbersOf, realistic, type Seed } from './ledgers.ts';

const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const contrast = readFileSync(pathOf('test/browser/contrast.js'), 'utf8');
const shots = pathOf('test-output/board');

/** A page as wide as a dashboard on a laptop. */
const viewport = { width: 1_200, height: 700 };

interface Scene {
  readonly name: string;
  readonly seeds: readonly Seed[];
  /** Rows that must be there. */
  readonly rows: number;
  /** Words that must be there. */
  readonly says: readonly string[];
}

const scenes: readonly Scene[] = [
  { name: 'none', seeds: [], rows: 0, says: ['No teardown is under way'] },
  { name: 'one', seeds: hostile(), rows: 1, says: ['1 in trouble', '<script>'] },
  {
    name: 'realistic',
    seeds: realistic(),
    rows: 8,
    says: ['3 in trouble', '1 on the last day', 'No run at work', 'Restore fell short', '0 of 60 back'],
  },
  { name: 'many', seeds: many(500), rows: 100, says: ['50 in trouble', 'And 3'] },
];

mkdirSync(shots, { recursive: true });
mkdirSync(pathOf('docs/images'), { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    '--disable-sync',
    '--disable-component-update',
  ],
});
try {
  for (const scene of scenes) await play(browser, scene);
} finally {
  await browser.close();
}

async function play(browser: Browser, scene: Scene): Promise<void> {
  const ledger = await startLocalLedger(table);
  const board = await startBoard({ ledger: ledger.connection, tableName: table.TableName, now: () => now });
  try {
    await plant(scene.seeds, ledger.connection, board);
    for (const theme of ['light', 'dark']) {
      const began = performance.now();
      await lookAt(browser, `${board.url}?theme=${theme}`, scene, theme);
      console.log(`${scene.name}, ${theme}: ${Math.round(performance.now() - began)} ms`);
    }
  } finally {
    await board.close();
    await ledger.close();
  }
}

async function plant(
  seeds: readonly Seed[],
  dynamodb: Awaited<ReturnType<typeof startLocalLedger>>['connection'],
  board: LocalBoard,
): Promise<void> {
  const ledger = connectLedger({
    env: { LEDGER_TABLE: table.TableName },
    clock: { now: () => now, sleep: async () => undefined },
    random: Math.random,
    log: loggerTo(() => undefined),
    requestTimeoutMs: 10_000,
    ...{ dynamodb, chime: {}, states: {}, cloudwatch: {}, events: {} },
  });
  for (const seed of seeds) {
    const { teardown, isHeld, isAlive, queuedAt } = seed;
    const batch = { index: 0, numbers: numbersOf(seed), ...(queuedAt === undefined ? {} : { queuedAt }) };
    await openTeardown(ledger)(teardown, [batch], teardown.startedAt);
    if (!isHeld) await closeTeardown(ledger)(teardown.voiceConnectorId, teardown.holder, {});
    if (isHeld) board.add(executionOf(teardown.holder, isAlive));
  }
}

function executionOf(arn: string, isAlive: boolean): Execution {
  const ended = { status: 'ABORTED', history: [], transitions: 0 } as const;
  const result = isAlive ? new Promise<never>(() => undefined) : Promise.resolve({ ...ended, history: [] });
  return { arn, abort: () => undefined, result };
}

async function lookAt(browser: Browser, url: string, scene: Scene, theme: string): Promise<void> {
  const page = await browser.newPage({ viewport });
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('dialog', (dialog) => troubles.push(dialog.message()));
  page.on('request', (request) => {
    if (new URL(request.url()).pathname !== '/') troubles.push(`It asked for ${request.url()}.`);
  });
  const answer = await page.goto(url);
  assert.equal(answer?.status(), 200);
  await page.screenshot({ path: `${shots}/${scene.name}-${theme}.png`, fullPage: scene.seeds.length < 100 });

  const text = await page.innerText('.vct');
  assert.equal(await page.locator('tr.row').count(), scene.rows);
  for (const words of scene.says)
    assert.ok(text.includes(words), `"${words}" is not on the board: ${text.slice(0, 400)}`);
  assert.equal(await page.title(), 'Teardown board', 'A script of a hostile name has run.');
  assert.equal(await page.locator('.vct script, .vct img').count(), 0);
  assert.doesNotMatch(text, /\d{7,}/, 'There is something like a phone number.');
  const [wide, screen] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, innerWidth]',
  );
  assert.ok(wide <= screen, `The board is ${wide} px wide in ${screen} px.`);
  assert.deepEqual(await page.evaluate(contrast), [], 'These are hard to read.');
  assert.deepEqual(troubles, []);

  if (scene.name === 'realistic' && theme === 'light') {
    await page.locator('.vct').screenshot({ path: pathOf('docs/images/board.png') });
  }
  await page.close();
}
