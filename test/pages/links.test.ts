import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fileOf } from '../../pages/sources.ts';

const root = fileOf('.');
const pages = ['.', 'docs', 'examples']
  .flatMap((folder) => readdirSync(join(root, folder)).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.md'));

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);

  test('leads to files and headings that are there', () => {
    for (const link of links) {
      const [path = '', heading] = link.split('#');
      const file = path === '' ? page : relative(root, join(root, dirname(page), path));
      expect([link, existsSync(join(root, file))]).toEqual([link, true]);
      if (heading !== undefined) expect(anchorsOf(file)).toContain(heading);
    }
  });

  test('names no file of the project that is not there', () => {
    const named = [
      ...text.matchAll(/`((?:bin|lib|lambda|local|pages|soak|test|examples|docs)\/[\w./-]+\.\w+)`/g),
    ];
    for (const [, path = ''] of named) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
