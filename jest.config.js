const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
};

/**
 * Everything runs once; the specifications of the Chime adapter run a second time against the older client,
 * chosen as the deployed bundle chooses it: by the import condition `chime` (see package.json, "imports").
 */
export default {
  testTimeout: 60_000,
  // Modules of a finished file stay in the worker's memory (ESM in Jest, and several times as much outside of the heap that
  // is measured here); a fresh worker is quicker than a full one.
  workerIdleMemoryLimit: '250MB',
  // Jest would leave a core free, which on a machine with two is half of them.
  maxWorkers: '100%',
  projects: [
    { ...base, displayName: 'chime-sdk-voice' },
    {
      ...base,
      displayName: 'chime',
      testMatch: ['<rootDir>/test/lambda/chime*.test.ts'],
      testEnvironmentOptions: { customExportConditions: ['chime', 'node', 'node-addons'] },
    },
  ],
};
