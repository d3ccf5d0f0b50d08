/** The command behind `npm start`: one run, start to end, on this machine. */
import { spawnSync } from 'node:child_process';
import { readOptions } from './options.ts';

/** How the older API's client is chosen, here as in the deployed bundle: by an import condition (package.json, "imports"). */
const olderApi = '--conditions=chime';

const options = readOptions(process.argv);
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 22) {
  console.error(
    `The local run needs Node.js 22 or newer, and this is ${process.version}. On Linux, macOS (and Windows on x64) ` +
      '"npm ci" brings one with it; elsewhere, or after "npm ci --omit=optional", install it yourself.',
  );
  process.exitCode = 1;
} else if (options.chimeApi === 'chime' && !process.execArgv.includes(olderApi)) {
  const [, script = '', ...rest] = process.argv;
  const child = spawnSync(process.execPath, [...process.execArgv, olderApi, script, ...rest], {
    stdio: 'inherit',
  });
  process.exitCode = child.status ?? 1;
} else {
  const { start } = await import('./start.ts');
  process.exitCode = (await start(options)) ? 0 : 1;
}
