import { execFileSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { fileOf } from './sources.ts';

/** As wide as the terminal of the recording, in characters; a longer line goes on in the next. */
const columns = 100;
/** In px, of a character: those of a common monospaced font at 13 px. */
const width = 7.8;
const height = 18;
const margin = 16;

/** What `npm start` prints on this machine, where its output is no terminal. */
export function printedByNpmStart(): string {
  return execFileSync(process.execPath, ['--import', 'tsx', 'local/main.ts'], {
    cwd: fileOf('.'),
    encoding: 'utf8',
  });
}

/** What a terminal shows when `npm start` has printed this, as an image in SVG. */
export function recordingOf(printed: string): string {
  const lines = ['$ npm start', ...stripVTControlCharacters(printed).trimEnd().split('\n')].flatMap(wrapped);
  const texts = lines.map((line, i) => {
    const base = margin + height * (i + 0.75);
    return `  <text x="${margin}" y="${base}"${line.startsWith('$') ? ' fill="#7d8590"' : ''}>${shown(line)}</text>`;
  });
  const size = [columns * width + 2 * margin, lines.length * height + 2 * margin].map(Math.ceil);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(' ')}">`,
    '  <title>What npm start prints</title>',
    '  <rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
    '  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" fill="#e6edf3">',
    ...texts,
    '  </g>',
    '</svg>',
    '',
  ].join('\n');
}

/** The same without what is another each time: how long the run took here. */
export function timeless(recording: string): string {
  return recording.replace(/[\d.]+\ss\shere/, '… s here');
}

/** A line in pieces that fit, broken between words; behind the name that a row begins with, the pieces stand below one another. */
function wrapped(line: string): string[] {
  const indent = /^\w[\w ]*? {2,}/.exec(line)?.[0].length ?? 0;
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const space = rest.lastIndexOf(' ', columns);
    const at = space > indent ? space : columns;
    pieces.push(rest.slice(0, at));
    rest = ' '.repeat(indent) + rest.slice(at).trimStart();
  }
  return [...pieces, rest];
}

/** A line as it stands in the image, which would draw several spaces as one. */
function shown(line: string): string {
  const escaped = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll(' ', '\u00a0').replace(/^[✔✖]/, '<tspan fill="#3fb950">$&</tspan>');
}
