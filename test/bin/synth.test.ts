import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { defaultSettings, type Settings } from '../../lib/settings.ts';
import { StepFunction } from '../../lib/step-function.ts';
import { TeardownStack } from '../../lib/teardown-stack.ts';
import { check, newDirectory, type Report, reportIn } from '../lib/nag-report.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const withoutBundling = { 'aws:cdk:bundling-stacks': [] };

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
      ...{ ledgerRetentionDays: '30', notifyEmail: 'team@example.com' },
    });

    expect(status).toBe(0);
    const template = readFileSync(join(outdir, 'VoiceConnectorTeardown.template.json'), 'utf8');
    for (const variable of [
      '"MAX_PHONE_NUMBERS": "77"',
      '"QUIET_DAYS": "7"',
      '"PROTECTION_TAG": "keep"',
      '"REQUIRE_APPROVED_PLAN": "true"',
      '"aws:ResourceTag/keep": "false"',
      '"LEDGER_RETENTION_DAYS": "30"',
      '"Endpoint": "team@example.com"',
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
  const everythingOn: Settings = {
    ...{ chimeApi: 'chime', maxPhoneNumbers: 0, quietDays: 1, protectionTag: 'keep' },
    ...{ requireApprovedPlan: true, batchConcurrency: 40 },
    ...{ ledgerRetentionDays: 3_650, notifyEmail: 'team@example.com' },
  };

  describe.each<[string, Partial<Settings>]>([
    ['with the defaults', {}],
    ['with all that can be switched on, and the older API', everythingOn],
    ['with all that can be switched off', { quietDays: 0, ledgerRetentionDays: 0 }],
  ])('%s', (_which, settings) => {
    let report: Report;
    beforeAll(() => {
      report = checkApp(settings);
    });

    test('find nothing', () => {
      expect(report).toMatchObject({ conclusion: 'success', violations: [] });
    });

    test('know a reason for every exception', () => {
      expect(report.suppressedViolations.length).toBeGreaterThan(0);
      for (const { ruleName, reason } of report.suppressedViolations)
        expect({ ruleName, reason }).toEqual({ ruleName, reason: expect.stringMatching(/^[A-Z].{20,}\.$/s) });
    });

    test('make an exception only of wildcards, and of a dead-letter queue that has none itself', () => {
      const rules = report.suppressedViolations.map(({ ruleName }) => ruleName.replace(/\[.*$/, ''));
      expect(new Set(rules)).toEqual(new Set(['AwsSolutions-IAM5', 'AwsSolutions-SQS3']));
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

    const { conclusion, violations } = checkApp({}, plant);

    expect(conclusion).toBe('failure');
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([`AwsSolutions-IAM5${finding}`]);
  });
});

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
function checkApp(
  settings: Partial<Settings>,
  plant: (stack: TeardownStack) => void = () => undefined,
): Report {
  return check(cdkJson().context, (app) =>
    plant(
      new TeardownStack(app, 'VoiceConnectorTeardown', { settings: { ...defaultSettings, ...settings } }),
    ),
  );
}

function roleOfOneStep(stack: TeardownStack): Role {
  const step = stack.node.findAll().find((construct) => construct instanceof StepFunction);
  if (step === undefined) throw new Error('The stack has no step.');
  return step.node.findChild('Role') as Role;
}

function cdkJson(): { context: Record<string, unknown> } {
  return JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
}
