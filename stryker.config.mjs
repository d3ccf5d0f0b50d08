/**
 * Mutation test of everything that acts: what the specifications in test/lambda do not notice. See docs/mutation.md.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: ['lambda/**/*.ts', '!lambda/chime-api/**', '!lambda/board/**'],
  testRunner: 'specs',
  plugins: ['./test/mutation/runner.ts', './test/mutation/sentences.ts'],
  // Sentences for people are left out; names of errors, states, expressions and commands are not.
  ignorers: ['sentences'],
  coverageAnalysis: 'perTest',
  // What is made when a module is loaded would need a process for each mutant.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: '.stryker/incremental.json',
  tempDirName: '.stryker/sandbox',
  cleanTempDir: 'always',
  ignorePatterns: ['cdk.out', 'docs', 'soak', '.stryker'],
  // Types are checked by themselves, and a mutant that would not compile is a mutant all the same.
  checkers: [],
  disableTypeChecks: false,
  concurrency: 1,
  timeoutMS: 60_000,
  dryRunTimeoutMinutes: 20,
  reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: false, allowColor: false },
  htmlReporter: { fileName: '.stryker/report.html' },
  jsonReporter: { fileName: '.stryker/report.json' },
};
