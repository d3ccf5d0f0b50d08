import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { bundlingFor } from '../lib/bundling.ts';
import type { Settings } from '../lib/settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What esbuild made of a step's entry. */
export interface Bundle {
  /** `inspect-voice-connector.mjs`. */
  readonly file: string;
  /** The sources whose code is in it, by their path from the project's root. */
  readonly sources: readonly string[];
}

/**
 * Bundles entries as a deployment does (`bundlingFor`), through esbuild's own interface instead of its command line.
 *
 * @param outdir where to write the bundles; they are not written where it is left out
 */
export async function bundle(
  chimeApi: Settings['chimeApi'],
  entries: readonly string[],
  { outdir, plugins = [] }: { outdir?: string; plugins?: Plugin[] } = {},
): Promise<Bundle[]> {
  const { metafile } = await build({
    ...optionsOf(bundlingFor(chimeApi)),
    absWorkingDir: root,
    entryPoints: [...new Set(entries)],
    bundle: true,
    platform: 'node',
    outdir: outdir ?? join(root, 'nowhere'),
    outExtension: { '.js': '.mjs' },
    write: outdir !== undefined,
    metafile: true,
    logLevel: 'error',
    plugins,
  });
  return Object.entries(metafile.outputs).map(([path, output]) => ({
    file: basename(path),
    sources: sourcesOf(output),
  }));
}

/** The options that esbuild is given on its command line in a deployment. */
function optionsOf(bundling: ReturnType<typeof bundlingFor>): BuildOptions {
  const { format, target, mainFields, minify, externalModules, banner, esbuildArgs, ...others } = bundling;
  const { '--conditions': conditions, ...otherArgs } = esbuildArgs;
  const untranslated = [...Object.keys(others), ...Object.keys(otherArgs)];
  if (untranslated.length > 0) throw new Error(`Say what ${untranslated} means to esbuild.`);
  return {
    format,
    target,
    mainFields,
    minify,
    external: externalModules,
    banner: { js: banner },
    conditions: conditions.split(','),
  };
}

function sourcesOf({ inputs }: Metafile['outputs'][string]): string[] {
  return Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
}
