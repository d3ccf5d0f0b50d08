import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { boardOver, type LocalBoard } from '../../local/board.ts';
import { openWorld, type World } from '../../local/world.ts';

let world: World | undefined;
let board: LocalBoard | undefined;
let child: ChildProcess | undefined;
afterEach(async () => {
  child?.kill('SIGKILL');
  await board?.close();
  await world?.close();
});

describe('The board of the local run', () => {
  test('shows a teardown in its window as it goes, and as it has ended', async () => {
    const { world, board } = await open();
    const { voiceConnectorId } = world.chime.seedConnector({ numbers: 30, name: 'Trunk' });
    const { promise: inWindow, resolve } = Promise.withResolvers<string>();
    const execution = world.start(
      { voiceConnectorId },
      {
        onEvent: ({ type, state }) => {
          if (type !== 'StateEntered' || state?.name !== 'Wait until the window ends') return;
          // The clock of the run stands still for as long as somebody looks.
          world.clock.outside(() => void world.clock.busy(async () => resolve(await textAt(board.url))));
        },
      },
    );
    const during = await inWindow;
    expect(during).toContain('30 of 30 released');
    expect(during).toMatch(/In its window|Last day/);

    await execution.result;
    expect(await textAt(board.url)).toContain('30 numbers deleted');
  });

  test('says so where there was none', async () => {
    const { board } = await open();
    expect(await textAt(board.url)).toContain('No teardown is under way');
  });

  test('is light, or dark where that is asked for', async () => {
    const { board } = await open();
    expect(await textAt(board.url)).toContain('background:#ffffff');
    expect(await textAt(`${board.url}?theme=dark`)).toContain('background:#0f1b2a');
    expect(await textAt(`${board.url}?theme=pink`)).toContain('background:#ffffff');
  });

  test('lets the browser run and load nothing, and only looks', async () => {
    const { board } = await open();
    const { headers, status } = await fetch(board.url);
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'");
    expect((await fetch(board.url, { method: 'POST' })).status).toBe(404);
  });
});

describe('npm start -- --board', () => {
  test('plays its run, and serves the board until it is interrupted', async () => {
    const main = fileURLToPath(new URL('../../local/main.ts', import.meta.url));
    const options = ['--board', '--json', '--numbers', '3', '--stop'];
    const run = spawn(process.execPath, ['--import', 'tsx', main, ...options], { stdio: 'pipe' });
    child = run;
    let [out, said] = ['', ''];
    run.stdout.on('data', (text) => {
      out += String(text);
    });
    const stays = new Promise<string>((resolve, reject) => {
      run.stderr.on('data', (text) => {
        said += String(text);
        const [, url] = /stays at (\S+) until Ctrl-C/.exec(said) ?? [];
        if (url !== undefined) resolve(url);
      });
      run.once('exit', () => reject(new Error(`It has ended: ${said}`)));
    });
    const page = await textAt(await stays);
    const exited = once(run, 'exit');
    run.kill('SIGINT');
    const [status] = await exited;

    expect(page).toContain('Interrupted');
    expect(page).toContain('3 of 3 released');
    expect(JSON.parse(out)).toMatchObject({ phoneNumbers: 3 });
    // As without the board: 0 only where the run ended as it was asked for.
    expect(typeof status).toBe('number');
  });
});

async function open(): Promise<{ world: World; board: LocalBoard }> {
  const opened = await boardOver(await openWorld());
  ({ world, board } = opened);
  return opened;
}

async function textAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}
