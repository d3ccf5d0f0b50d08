import { readdirSync, readFileSync } from 'node:fs';
import type { KnipConfig } from 'knip';

/** The steps: Lambda calls their `handler`, and so nobody here imports it (`entryOf` in lib/bundling.ts names the files). */
const steps = readdirSync('lambda')
  .map((file) => `lambda/${file}`)
  .filter((file) => file.endsWith('.ts') && /^export const handler\b/m.test(readFileSync(file, 'utf8')));

/** What `npm run unused` looks at: files, exports and dependencies that nobody needs. */
const config: KnipConfig = {
  entry: [...steps, 'bin/*.ts', 'soak/worker.ts', 'bench/worker.ts', 'test/browser/contrast.js'],
  project: ['{bin,lib,lambda,local,pages,soak,bench,test}/**/*.{ts,js}'],
  // A type that an exported declaration of the same file is made of is there for whoever reads that: TypeDoc shows both.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // The name of our own test runner of mutants (test/mutation/runner.ts), which Stryker finds by `plugins`.
  ignoreDependencies: ['@stryker-mutator/specs-runner'],
};

export default config;
