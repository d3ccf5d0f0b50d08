import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { errorsThatEndRuns } from './errors-that-end-runs.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/recovery.md', import.meta.url)), 'utf8');

test.each(errorsThatEndRuns())('The page on recovery says what to do about %s', (name) => {
  expect(page).toContain(`\`${name}\``);
});
