import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { App, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { defaultSettings, type Settings } from '../../lib/settings.ts';
import { StepFunction } from '../../lib/step-function.ts';
import { TeardownStack } from '../../lib/teardown-stack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directories: string[] = [];
const withoutBundling = { 'aws:cdk:bundling-stacks': [] };

afterEach(() => {
  jest.restoreAllMocks();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

describe('The app, started as the CDK command line starts it', () => {
  test('synthesises one stack that the checks of AWS Solutions find nothing in', () => {
    const { status, stderr, outdir } = runApp({});

    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(readdirSync(outdir)).toContain('VoiceConnectorTeardown.template.json');
    expect(reportIn(outdir)).toMatchObject({ conclusion: 'success', violations: [] });
  });

  test('takes its settings from the context', () => {
    const { status, outdir } = runApp({
      ...{ chimeApi: 'chime', maxPhoneNumbers: '77', quietDays: '7' },
      ...{ protectionTag: 'keep', requireApprovedPlan: 'true' },
    });

    expect(status).toBe(0);
    const template = readFileSync(join(outdir, 'VoiceConnectorTeardown.template.json'), 'utf8');
    for (const variable of [
      '"MAX_PHONE_NUMBERS": "77"',
      '"QUIET_DAYS": "7"',
      '"PROTECTION_TAG": "keep"',
      '"REQUIRE_APPROVED_PLAN": "true"',
      '"aws:ResourceTag/keep": "false"',
    ])
      expect(template).toContain(variable);
    expect(template).not.toContain(':vc/*');
  });

  test('refuses settings that it cannot read, all of them at once', () => {
    const { status, stderr } = runApp({ chimeApi: 'old', maxPhoneNumbers: 'many', quietDays: '15' });

    expect(status).not.toBe(0);
    expect(stderr).toContain('chimeApi must be "chime-sdk-voice" or "chime", not "old"');
    expect(stderr).toContain('maxPhoneNumbers must be a whole number from 0 to 1000000, not "many"');
    expect(stderr).toContain('quietDays must be a whole number from 0 to 14, not "15"');
  });
});

describe('The checks of AWS Solutions', () => {
  describe.each(['chime-sdk-voice', 'chime'] as const)('with the API %s', (chimeApi) => {
    let report: Report;
    beforeAll(() => {
      report = check({ chimeApi });
    });

    test('find nothing', () => {
      expect(report).toMatchObject({ conclusion: 'success', violations: [] });
    });

    test('know a reason for every exception', () => {
      expect(report.suppressedViolations.length).toBeGreaterThan(0);
      for (const { ruleName, reason } of report.suppressedViolations)
        expect({ ruleName, reason }).toEqual({ ruleName, reason: expect.stringMatching(/^[A-Z].{20,}\.$/s) });
    });

    test('make an exception of wildcards only', () => {
      const rules = report.suppressedViolations.map(({ ruleName }) => ruleName.replace(/\[.*$/, ''));
      expect(new Set(rules)).toEqual(new Set(['AwsSolutions-IAM5']));
    });
  });

  test.each([
    [
      'an action',
      { actions: ['dynamodb:*'], resources: ['arn:aws:dynamodb:::table/x'] },
      '[Action::dynamodb:*]',
    ],
    [
      'a resource',
      { actions: ['dynamodb:Scan'], resources: ['arn:aws:dynamodb:::*'] },
      '[Resource::arn:aws:dynamodb:::*]',
    ],
  ])('find a wildcard that nobody gave a reason for: %s', (_what, statement, finding) => {
    const plant = (stack: TeardownStack) => roleOfOneStep(stack).addToPolicy(new PolicyStatement(statement));

    const { conclusion, violations } = check({}, plant);

    expect(conclusion).toBe('failure');
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([`AwsSolutions-IAM5${finding}`]);
  });
});

interface Finding {
  readonly ruleName: string;
}

interface Report {
  readonly pluginName: string;
  readonly conclusion: 'success' | 'failure';
  readonly violations: readonly Finding[];
  readonly suppressedViolations: readonly (Finding & { readonly reason: string })[];
}

/** Runs `bin` in a process of its own. */
function runApp(context: Record<string, unknown>): { status: number | null; stderr: string; outdir: string } {
  const outdir = newDirectory();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bin/voice-connector-teardown.ts'],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson().context, ...withoutBundling, ...context }),
      },
    },
  );
  return { status, stderr, outdir };
}

/** Composes the app as `bin` does, with something planted in its stack. */
function check(settings: Partial<Settings>, plant: (stack: TeardownStack) => void = () => undefined): Report {
  const outdir = newDirectory();
  const app = new App({ context: { ...cdkJson().context, ...withoutBundling }, outdir });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  plant(new TeardownStack(app, 'VoiceConnectorTeardown', { settings: { ...defaultSettings, ...settings } }));
  // With findings, synthesis throws them; the report says the same.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    app.synth();
  } catch (error) {
    expect(String(error)).toContain('ValidationFailed');
  }
  return reportIn(outdir);
}

function reportIn(outdir: string): Report {
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: Report[];
  };
  const report = pluginReports.find(({ pluginName }) => pluginName === 'AwsSolutions');
  if (report === undefined) throw new Error('AwsSolutions has reported nothing.');
  return report;
}

function roleOfOneStep(stack: TeardownStack): Role {
  const step = stack.node.findAll().find((construct) => construct instanceof StepFunction);
  if (step === undefined) throw new Error('The stack has no step.');
  return step.node.findChild('Role') as Role;
}

function cdkJson(): { context: Record<string, unknown> } {
  return JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
}

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'teardown-synth-'));
  directories.push(directory);
  return directory;
}
