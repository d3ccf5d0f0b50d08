import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Imports across rooms: in which file, of what. */
const forbidden: [file: string, imported: string][] = [
  ['lib/describes.ts', '@aws-sdk/client-dynamodb'],
  ['lib/describes.ts', '@smithy/types'],
  ['lib/describes.ts', '../local/world.ts'],
  ['lib/describes.ts', '../lambda/edge.ts'],
  ['lib/describes.ts', '../pages/parts.ts'],
  ['lib/describes.ts', '../soak/day.ts'],
  ['lib/describes.ts', '../bench/main.ts'],
  ['lib/describes.ts', '../test/flow/setting.ts'],
  ['lib/deeper/describes.ts', '../../lambda/chime-api/chime.ts'],
  ['bin/composes.ts', '@aws-sdk/client-dynamodb'],
  ['bin/composes.ts', '../lambda/edge.ts'],
  ['bin/composes.ts', '../local/world.ts'],
  ['lambda/acts.ts', 'aws-cdk-lib'],
  ['lambda/acts.ts', 'aws-cdk-lib/aws-iam'],
  ['lambda/acts.ts', 'constructs'],
  ['lambda/acts.ts', '../lib/settings.ts'],
  ['lambda/acts.ts', '../bin/voice-connector-teardown.ts'],
  ['lambda/acts.ts', '../local/world.ts'],
  ['lambda/acts.ts', '../pages/parts.ts'],
  ['lambda/acts.ts', '../soak/day.ts'],
  ['lambda/acts.ts', '../bench/main.ts'],
  ['lambda/acts.ts', '../test/flow/setting.ts'],
  ['lambda/deeper/acts.ts', '../../local/world.ts'],
  ['local/plays.ts', '../test/flow/setting.ts'],
  ['pages/shows.ts', '../test/flow/setting.ts'],
  ['soak/plays.ts', '../test/flow/setting.ts'],
  ['bench/measures.ts', '../test/flow/setting.ts'],
];

const allowed: [file: string, imported: string][] = [
  ['lib/describes.ts', 'aws-cdk-lib'],
  ['lib/describes.ts', '../lambda/errors.ts'],
  ['lib/describes.ts', '../lambda/notice-types.ts'],
  ['lib/describes.ts', '../lambda/metric-names.ts'],
  ['lib/deeper/describes.ts', '../../lambda/errors.ts'],
  ['bin/composes.ts', '../lib/settings.ts'],
  ['lambda/acts.ts', '@aws-sdk/client-dynamodb'],
  ['lambda/acts.ts', './ports.ts'],
  ['local/plays.ts', '../lambda/edge.ts'],
  ['local/plays.ts', '../lib/settings.ts'],
  ['pages/shows.ts', '../local/deployed-steps.ts'],
];

describe('The rooms of the house', () => {
  const house = mkdtempSync(join(tmpdir(), 'teardown-rooms-'));
  let complaints: string;

  beforeAll(() => {
    copyFileSync(join(root, 'biome.json'), join(house, 'biome.json'));
    for (const [file, imported] of [...forbidden, ...allowed]) plant(house, file, imported);
    complaints = lint(house);
  });
  afterAll(() => rmSync(house, { recursive: true }));

  test.each(forbidden)('%s may not import %s', (file, imported) => {
    expect(complaints).toContain(planted(file, imported));
  });

  test.each(allowed)('%s may import %s', (file, imported) => {
    expect(complaints).not.toContain(planted(file, imported));
  });
});

/** The file that imports this one thing: each import has its own, beside the one that is named. */
function planted(file: string, imported: string): string {
  return file.replace(/\.ts$/, `-${imported.replace(/[^a-z]+/g, '-')}.ts`);
}

function plant(house: string, file: string, imported: string): void {
  const path = join(house, planted(file, imported));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { it } from '${imported}';\n\nexport const mine = it;\n`);
}

/** What the linter says of the imports, one line a file. */
function lint(house: string): string {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout } = spawnSync(
    process.execPath,
    [
      biome,
      'lint',
      '--vcs-enabled=false',
      '--only=style/noRestrictedImports',
      '--reporter=github',
      '--max-diagnostics=none',
      '.',
    ],
    { cwd: house, encoding: 'utf8' },
  );
  return stdout;
}
