/** The command behind `npm run pages`: writes what the pages show of the code, where it has changed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pageNow, parts } from './parts.ts';
import { printedByNpmStart, recordingOf, timeless } from './recording.ts';
import { fileOf } from './sources.ts';

for (const page of new Set(parts.map((part) => part.page))) write(page, pageNow(page));
write('docs/images/npm-start.svg', recordingOf(printedByNpmStart()));

function write(path: string, text: string): void {
  const file = fileOf(path);
  if (existsSync(file) && timeless(readFileSync(file, 'utf8')) === timeless(text)) return;
  writeFileSync(file, text);
  console.log(`${path} is new.`);
}
