import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { CfnElement } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { defaultSettings, type Settings } from '../../lib/settings.ts';
import { StepFunction } from '../../lib/step-function.ts';
import { TeardownStack } from '../../lib/teardown-stack.ts';
import {
  type CloudFormationTemplate,
  type Resource,
  referred,
  resourcesOf,
} from '../../local/cloudformation.ts';
import { type DeployedStep, deployedSteps } from '../../local/deployed-steps.ts';
import { statementsOf } from '../../local/policies.ts';
import { quickApp } from '../../local/quick-app.ts';

/** The steps, in the order in which the stack declares them, by the machines that call them. */
const calledBy = {
  both: ['CloseTeardown'],
  restore: [
    'InspectTeardown',
    'RestorePhoneNumbers',
    'AssociatePhoneNumbers',
    'RequestNames',
    'RejoinGroups',
    'VerifyRestore',
  ],
  teardown: [
    'InspectVoiceConnector',
    'DisassociatePhoneNumbers',
    'QueuePhoneNumbers',
    'OpenDeletionWindow',
    'CheckDeletionQueue',
    'DetachFromGroups',
    'DeleteVoiceConnector',
  ],
};
const steps = [...calledBy.both, ...calledBy.restore, ...calledBy.teardown];

const first = release({ code: 'first' });

/** Later releases, and the functions that are not what they were. */
const later: [what: string, next: Release, changed: readonly string[]][] = [
  ['in which all code is new', release({ code: 'second' }), steps],
  [
    'in which the code of one step is new',
    release({ code: 'first', codeOf: { DeleteVoiceConnector: 'second' } }),
    ['DeleteVoiceConnector'],
  ],
  [
    'with another setting',
    release({ code: 'first', settings: { maxPhoneNumbers: 5 } }),
    ['InspectVoiceConnector'],
  ],
  [
    'with another way to guard connectors',
    release({ code: 'first', settings: { protectionTag: 'keep', quietDays: 7 } }),
    ['InspectVoiceConnector', 'DetachFromGroups', 'DeleteVoiceConnector'],
  ],
  [
    'in which all code calls the older API',
    release({ code: 'older', settings: { chimeApi: 'chime' } }),
    steps,
  ],
  ['in which nothing is new', release({ code: 'first' }), []],
];

describe('An execution that began before a deployment goes on with the functions that it began with', () => {
  describe.each(later)('A release %s', (_what, next, changed) => {
    test('publishes new versions of exactly the functions that changed', () => {
      const before = versions(first);
      const after = versions(next);
      expect(steps.filter((step) => after[step] !== before[step])).toEqual(changed);
      expect(Object.keys(after)).toEqual(steps);
    });

    test('leaves the versions of the one before where they are, though it does not name them', () => {
      const before = Object.values(versions(first)).map((id) => first.template.Resources[id]);
      expect(before).toHaveLength(steps.length);
      for (const version of before)
        expect(version).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    });

    test.each([
      ['teardown', next.stack.teardown.stateMachine],
      ['restore', next.stack.teardown.restoreStateMachine],
    ] as const)('lets its machine call every version of every function of it: %s', (name, { node }) => {
      const machine =
        next.template.Resources[next.stack.getLogicalId(node.findChild('Resource') as CfnElement)];
      const callable = statementsOf(next.template, referred(machine?.Properties?.RoleArn))
        .filter(({ Action }) => [Action].flat().includes('lambda:InvokeFunction'))
        .flatMap(({ Resource }) => Resource);
      const ids = functionIds(first);
      for (const logicalId of [...calledBy.both, ...calledBy[name]].map((step) => ids[step])) {
        const arn = { 'Fn::GetAtt': [logicalId, 'Arn'] };
        expect(callable).toContainEqual(arn);
        expect(callable).toContainEqual({ 'Fn::Join': ['', [arn, ':*']] });
      }
    });

    test('keeps what such an execution leans on: functions, roles, logs, ledger, machines and rule', () => {
      expect(kept(next)).toEqual(kept(first));
      expect(functionIds(next)).toEqual(functionIds(first));
    });

    test('takes no right from a function that the one before gave it', () => {
      const roles = Object.entries(roleIds(first));
      expect(roles.length).toBeGreaterThan(10);
      for (const [step, roleId] of roles) {
        const now = rightsOf(next, roleId);
        expect({ step, lost: [...rightsOf(first, roleId)].filter((right) => !now.has(right)) }).toEqual({
          step,
          lost: [],
        });
      }
    });
  });
});

interface Release {
  readonly stack: TeardownStack;
  readonly template: CloudFormationTemplate;
}

/** A release whose functions have this code, by the name of its archive: nothing is bundled. */
function release(wanted: {
  readonly code: string;
  readonly codeOf?: Readonly<Record<string, string>>;
  readonly settings?: Partial<Settings>;
}): Release {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const app = quickApp(context);
  const settings = { ...defaultSettings, ...wanted.settings };
  const stack = new TeardownStack(app, 'VoiceConnectorTeardown', { settings });
  for (const step of stack.node.findAll()) {
    if (!(step instanceof StepFunction)) continue;
    const code = wanted.codeOf?.[step.node.id] ?? wanted.code;
    (step.function.node.findChild('Resource') as CfnFunction).code = { s3Bucket: 'code', s3Key: code };
  }
  return { stack, template: Template.fromStack(stack).toJSON() as CloudFormationTemplate };
}

/** Logical id of the version that each step's tasks call. */
function versions({ stack, template }: Release): Record<string, string> {
  const definitions = JSON.stringify(
    resourcesOf(template, 'AWS::StepFunctions::StateMachine').map(
      ([, { Properties }]) => Properties?.DefinitionString ?? null,
    ),
  );
  const called = resourcesOf(template, 'AWS::Lambda::Version').filter(([id]) =>
    definitions.includes(`"${id}"`),
  );
  return Object.fromEntries(
    workflowSteps({ stack, template }).map(({ name, logicalId }) => {
      const ids = called.filter(([, { Properties }]) => referred(Properties?.FunctionName) === logicalId);
      expect(ids).toHaveLength(1);
      return [name, String(ids[0]?.[0])];
    }),
  );
}

/** Without what the dashboard calls: no execution leans on that. */
function workflowSteps({ stack, template }: Release): DeployedStep[] {
  return deployedSteps(stack, template).filter(({ name }) => steps.includes(name));
}

function functionIds({ stack, template }: Release): Record<string, string> {
  return Object.fromEntries(deployedSteps(stack, template).map(({ name, logicalId }) => [name, logicalId]));
}

function roleIds({ stack, template }: Release): Record<string, string> {
  return Object.fromEntries(
    deployedSteps(stack, template).map(({ name, properties }) => [name, referred(properties.Role)]),
  );
}

/** Every resource but the versions, by logical id, with its type: another id would be another resource. */
function kept({ template }: Release): Record<string, string> {
  const entries: [string, Resource][] = Object.entries(template.Resources);
  return Object.fromEntries(
    entries.filter(([, { Type }]) => Type !== 'AWS::Lambda::Version').map(([id, { Type }]) => [id, Type]),
  );
}

/** The actions of a role; which resource the older API is authorised against, nobody documents. */
function rightsOf({ template }: Release, roleId: string): Set<string> {
  return new Set(statementsOf(template, roleId).flatMap(({ Action }) => Action));
}
