import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fileOf } from '../pages/sources.ts';

const read = (path: string): string => readFileSync(fileOf(path), 'utf8');
const { scripts, dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json'));

describe('One command tells the truth', () => {
  test('on GitHub: the workflow runs .ci/run, on every push and pull request, and nothing else', () => {
    const workflow = read('.github/workflows/ci.yml');
    expect([...workflow.matchAll(/run: *(.*)$/gm)].map(([, command]) => command)).toEqual(['.ci/run']);
    expect(workflow).toMatch(/^on:\n {2}push:\n {2}pull_request:\n$/m);
    expect(workflow).toMatch(/^permissions:\n {2}contents: read\n$/m);
  });

  test('in .ci/run: what the README says', () => {
    const commands = read('.ci/run')
      .split('\n')
      .filter((line) => /^np[mx] /.test(line));
    expect(commands).toEqual(['npm ci', 'npm test']);
  });

  test('in npm test: format, types, what is unused, docstrings, tests, synthesis', () => {
    expect(scripts.test).toBe(
      'npm run format && npm run types && npm run unused && npm run docs && npm run unit && npm run synth',
    );
  });
});

describe('CONTRIBUTING.md', () => {
  test.each(Object.keys(scripts))('says what npm run %s is for', (script) => {
    const command = ['start', 'test'].includes(script) ? `npm ${script}` : `npm run ${script}`;
    expect(read('CONTRIBUTING.md')).toMatch(new RegExp(`\`${command}[ \`]`));
  });
});

describe('The specifications of what acts', () => {
  const acting = readdirSync(fileOf('lambda'));
  const steps = acting.filter(
    (name) => name.endsWith('.ts') && /^export const handler\b/m.test(read(`lambda/${name}`)),
  );
  const modules = readdirSync(fileOf('lambda'), { recursive: true, encoding: 'utf8' }).map((path) =>
    basename(path),
  );
  const specs = readdirSync(fileOf('test/lambda')).filter((name) => name.endsWith('.test.ts'));
  /** What is about no file or folder by itself, and why. */
  const across: Readonly<Record<string, string>> = {
    'restore-silence.test.ts': 'It calls the steps of a whole restore, one after the other.',
  };
  /** `pace.test.ts` and `pace-….test.ts` are about `pace.ts`. */
  const isAbout = (spec: string, name: string): boolean =>
    ['.', '-'].some((end) => spec.startsWith(`${name.replace(/\.ts$/, '')}${end}`));

  test.each(steps)('say by their name which of them are about the step %s', (step) => {
    expect(specs.filter((spec) => isAbout(spec, step))).not.toEqual([]);
  });

  test('begin with the name of a file or folder of lambda, but for those that are about several', () => {
    const others = specs.filter((spec) => !modules.some((name) => isAbout(spec, name)));
    expect(others).toEqual(Object.keys(across));
  });
});

describe('The libraries', () => {
  const used = Object.entries<string>({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const [, section = ''] = read('docs/architecture.md').split('## Libraries\n');
  const told = [...section.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );

  test('each have a reason in docs/architecture.md', () => {
    expect(told.sort()).toEqual(used.map(([name]) => name).sort());
  });

  test.each(used)('%s has one exact version: %s', (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('are locked without saying where somebody downloaded them from', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });
});
