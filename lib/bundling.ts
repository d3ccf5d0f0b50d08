import { fileURLToPath } from 'node:url';
import { OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Settings } from './settings.ts';

/** How the functions are bundled: by the local esbuild, without Docker, SDK included (the older API is not in Lambda's). */
export function bundlingFor(chimeApi: Settings['chimeApi']) {
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    externalModules: [],
    // CommonJS modules inside an ES module bundle still ask for `require`.
    banner: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
    esbuildArgs: { '--conditions': chimeApi === 'chime' ? 'chime,module' : 'module' },
  };
}

/** `DeleteVoiceConnector` is made from `lambda/delete-voice-connector.ts`. */
export function entryOf(id: string): string {
  const file = id.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
  return fileURLToPath(new URL(`../lambda/${file}.ts`, import.meta.url));
}
