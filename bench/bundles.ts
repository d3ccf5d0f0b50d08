/** How large the functions are as they are deployed, and how long a new environment takes to load them. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { entryOf } from '../lib/bundling.ts';
import { bundle } from '../local/bundles.ts';
import { synthesise } from '../local/synthesis.ts';

export interface BundleSize {
  /** The function, or what it is compared with. */
  readonly name: string;
  readonly bytes: number;
  /** The smallest bundle that could make its calls; null for what is compared with. */
  readonly smallest: number | null;
  /** Median of the real ms that a fresh process takes to import it. */
  readonly importMs: number;
}

/** Fresh processes for each time. */
const imports = 9;
const root = fileURLToPath(new URL('..', import.meta.url));

/** What the functions are compared with, by file name, as the source of a function. */
const yardsticks = {
  'an-empty-function': 'export const handler = async () => undefined;',
  'the-whole-client-of-Chime': [
    "import * as voice from '@aws-sdk/client-chime-sdk-voice';",
    'export const handler = async ({ command, input }) =>',
    '  new voice.ChimeSDKVoiceClient({}).send(new voice[command](input));',
  ].join('\n'),
};

/**
 * Bundles every function of the stack, and the least that could make the same calls.
 *
 * @param load answers how many ms it takes to import a module
 */
export async function measureBundles(load: (path: string) => number = importMs): Promise<BundleSize[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'teardown-bundles-'));
  try {
    const steps = [...new Set([...synthesise().functions.values()].map(({ step }) => step))];
    const deployed = await bundle('chime-sdk-voice', steps.map(entryOf), { outdir });
    const sourcesOf = (step: string): readonly string[] =>
      deployed.find(({ file }) => file === fileOf(entryOf(step)))?.sources ?? [];
    const compared = {
      ...Object.fromEntries(steps.map((step) => [`least-${step}`, smallestFor(sourcesOf(step))])),
      ...yardsticks,
    };
    await bundle('chime-sdk-voice', Object.keys(compared), { outdir, plugins: [sourcesAre(compared)] });
    const bytesOf = (file: string): number => statSync(join(outdir, file)).size;
    return [
      ...steps.map((name) => ({
        name,
        bytes: bytesOf(fileOf(entryOf(name))),
        smallest: bytesOf(`least-${name}.mjs`),
        importMs: load(join(outdir, fileOf(entryOf(name)))),
      })),
      ...Object.keys(yardsticks).map((name) => ({
        ...{ name: name.replaceAll('-', ' '), bytes: bytesOf(`${name}.mjs`), smallest: null },
        importMs: load(join(outdir, `${name}.mjs`)),
      })),
    ];
  } finally {
    await rm(outdir, { recursive: true });
  }
}

function fileOf(entry: string): string {
  return basename(entry).replace(/\.ts$/, '.mjs');
}

/** A function that sends one command of each kind that a bundle has in it, through the clients that it has in it. */
function smallestFor(sources: readonly string[]): string {
  const commandsOf = (client: string): string[] =>
    sources.flatMap((source) => {
      const [, command] = new RegExp(`/${client}/dist-es/commands/(\\w+Command)\\.js$`).exec(source) ?? [];
      return command === undefined ? [] : [command];
    });
  const parts = Object.entries(clients).map(([name, { client, make }]) => ({
    ...{ name, client, make },
    commands: commandsOf(name),
  }));
  const used = parts.filter(({ commands }) => commands.length > 0);
  // The document client brings commands of the client below it along: only its own are sent.
  const sent = used.filter(
    ({ name }) => name !== 'client-dynamodb' || !used.some((other) => other.name === 'lib-dynamodb'),
  );
  const isDocument = sent.some(({ name }) => name === 'lib-dynamodb');
  return [
    ...(isDocument ? ["import { DynamoDBClient } from '@aws-sdk/client-dynamodb';"] : []),
    ...sent.map(
      ({ name, client, commands }) =>
        `import { ${[client, ...commands].join(', ')} } from '@aws-sdk/${name}';`,
    ),
    'export const handler = async (input) => {',
    ...sent.map(
      ({ make, commands }) =>
        `{ const client = ${make}; ${commands.map((command) => `await client.send(new ${command}(input));`).join(' ')} }`,
    ),
    '};',
  ].join('\n');
}

const plain = (client: string) => ({ client, make: `new ${client}({})` });

const clients: Readonly<Record<string, { client: string; make: string }>> = {
  'client-chime-sdk-voice': plain('ChimeSDKVoiceClient'),
  'client-cloudwatch': plain('CloudWatchClient'),
  'client-dynamodb': plain('DynamoDBClient'),
  'client-eventbridge': plain('EventBridgeClient'),
  'client-sfn': plain('SFNClient'),
  'lib-dynamodb': {
    client: 'DynamoDBDocumentClient',
    make: 'DynamoDBDocumentClient.from(new DynamoDBClient({}))',
  },
};

/** Lets entries be sources in the project's root, by their name. */
function sourcesAre(sources: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'sources',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^[\w-]+$/ }, ({ kind, path }) =>
        kind === 'entry-point' ? { path, namespace: 'sources' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'sources' }, ({ path }) => ({
        ...{ contents: sources[path] ?? '', resolveDir: root, loader: 'js' as const },
      }));
    },
  };
}

function importMs(path: string): number {
  const code = `const began = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(performance.now() - began);`;
  const times = Array.from({ length: imports }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8',
      // What a function's module may look for when it is loaded.
      env: { POWERTOOLS_SERVICE_NAME: 'bench', AWS_REGION: 'us-east-1' },
    });
    if (stdout === '') throw new Error(`${path} could not be imported: ${stderr}`);
    return Number(stdout);
  });
  return times.sort((a, b) => a - b)[Math.floor(imports / 2)] ?? Number.NaN;
}
