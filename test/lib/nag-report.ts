import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, jest } from '@jest/globals';
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { quickApp } from '../../local/quick-app.ts';

interface Finding {
  readonly ruleName: string;
}

/** What the checks of AWS Solutions say of an app. */
export interface Report {
  readonly pluginName: string;
  readonly conclusion: 'success' | 'failure';
  readonly violations: readonly Finding[];
  readonly suppressedViolations: readonly (Finding & { readonly reason: string })[];
}

const directories: string[] = [];

afterEach(() => {
  jest.restoreAllMocks();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** A directory for the output of an app, which is gone after the test. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'teardown-synth-'));
  directories.push(directory);
  return directory;
}

/** Has an app checked, whose stacks `compose` makes. Functions are not bundled. */
export function check(context: Record<string, unknown>, compose: (app: App) => void): Report {
  const outdir = newDirectory();
  const app = quickApp(context, outdir);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  compose(app);
  // With findings, synthesis throws them; the report says the same.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    app.synth();
  } catch (error) {
    expect(String(error)).toContain('ValidationFailed');
  }
  return reportIn(outdir);
}

/** The report that was written beside a synthesised app. */
export function reportIn(outdir: string): Report {
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: Report[];
  };
  const report = pluginReports.find(({ pluginName }) => pluginName === 'AwsSolutions');
  if (report === undefined) throw new Error('AwsSolutions has reported nothing.');
  return report;
}
