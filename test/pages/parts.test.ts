import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { pageNow, parts } from '../../pages/parts.ts';
import { recordingOf, timeless } from '../../pages/recording.ts';
import { fileOf } from '../../pages/sources.ts';
import { npmStart } from '../local/npm-start.ts';

describe('What the pages show of the code is as "npm run pages" makes it now', () => {
  test.each([...new Set(parts.map(({ page }) => page))])('on %s', (page) => {
    expect(readFileSync(fileOf(page), 'utf8')).toBe(pageNow(page));
  });

  test('in the recording of npm start, but for the time that the run took', async () => {
    const { stdout } = await npmStart();
    const shown = readFileSync(fileOf('docs/images/npm-start.svg'), 'utf8');
    expect(timeless(shown)).toBe(timeless(recordingOf(stdout)));
  });
});
