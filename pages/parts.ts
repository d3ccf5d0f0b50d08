import { readFileSync } from 'node:fs';
import { synthesise } from '../local/synthesis.ts';
import { drawingOf } from './drawing.ts';
import { fileOf } from './sources.ts';
import { errorsTable, rightsTable, settingsTable, verdictsTable } from './tables.ts';

/** A part of a page that is made from the code. */
export interface Part {
  /** The page, by its path from the root. */
  readonly page: string;
  /** What stands in the two comments around it. */
  readonly name: string;
  readonly make: () => string;
}

/** Every part of a page that `npm run pages` makes. */
export const parts: readonly Part[] = [
  { page: 'README.md', name: 'teardown', make: () => teardown(false) },
  { page: 'README.md', name: 'restore', make: () => restore(false) },
  { page: 'README.md', name: 'settings', make: settingsTable },
  { page: 'README.md', name: 'rights', make: rightsTable },
  { page: 'docs/architecture.md', name: 'teardown', make: () => teardown(true) },
  { page: 'docs/architecture.md', name: 'restore', make: () => restore(true) },
  { page: 'docs/reference.md', name: 'errors', make: errorsTable },
  { page: 'docs/reference.md', name: 'verdicts', make: verdictsTable },
];

/**
 * A page with its made parts as they are now.
 *
 * @throws Error where a part has no place on it
 */
export function pageNow(page: string): string {
  return parts
    .filter((part) => part.page === page)
    .reduce((text, part) => withPart(text, part), readFileSync(fileOf(page), 'utf8'));
}

/** Replaces what is between the two comments that have the part's name. */
function withPart(text: string, { page, name, make }: Part): string {
  const begin = `<!-- npm run pages: ${name} -->\n`;
  const end = `\n<!-- end of ${name} -->`;
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the part "${name}".`);
  return `${text.slice(0, from)}${begin}\n${make()}\n${text.slice(to)}`;
}

function teardown(complete: boolean): string {
  return mermaid(drawingOf(synthesise().definition, { complete }));
}

function restore(complete: boolean): string {
  return mermaid(drawingOf(synthesise().restore.definition, { complete }));
}

function mermaid(drawing: string): string {
  return `\`\`\`mermaid\n${drawing}\n\`\`\``;
}
