import { readFileSync } from 'node:fs';
import type { CfnElement } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { defaultSettings, type Settings } from '../lib/settings.ts';
import { TeardownStack } from '../lib/teardown-stack.ts';
import {
  type CloudFormationTemplate,
  type Resource,
  referred,
  resolver,
  resourcesOf,
  type TemplatePart,
} from './cloudformation.ts';
import { deployedSteps } from './deployed-steps.ts';
import type { Definition } from './engine-definition.ts';
import { type BusRule, rulesOf } from './events.ts';
import { quickApp } from './quick-app.ts';

/** A function of the stack, as the local run needs it. */
export interface DeployedFunction {
  /** Its step, e.g. `InspectVoiceConnector`. */
  readonly step: string;
  /** The file that holds its handler. */
  readonly entry: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A state machine of the stack. */
export interface DeployedMachine {
  readonly stateMachineArn: string;
  readonly definition: Definition;
}

/** The app's stack as `cdk deploy` would create it, with the names that CloudFormation would give: the teardown, and: */
export interface Synthesis extends DeployedMachine {
  readonly template: CloudFormationTemplate;
  readonly rules: readonly BusRule[];
  /** The machine that takes a teardown back. */
  readonly restore: DeployedMachine;
  /** By ARN: of the version that the definition calls, and of the function itself, which rules call. */
  readonly functions: ReadonlyMap<string, DeployedFunction>;
  /** What DynamoDB's CreateTable takes, from the template. */
  readonly table: {
    readonly TableName: string;
    readonly KeySchema: TemplatePart;
    readonly AttributeDefinitions: TemplatePart;
  };
}

/** By settings, as JSON: a stack takes half a second, and nothing that is read from it is ever changed. */
const synthesised = new Map<string, Synthesis>();

/** The app's stack, synthesised in this process without bundling the functions: once for the same settings. */
export function synthesise(settings: Partial<Settings> = {}): Synthesis {
  const key = JSON.stringify({ ...defaultSettings, ...settings });
  const known = synthesised.get(key) ?? synthesiseAnew(settings);
  synthesised.set(key, known);
  return known;
}

function synthesiseAnew(settings: Partial<Settings>): Synthesis {
  const { stack, template } = synthesiseStack(settings);
  const resolve = resolver(template);
  const machineOf = (machine: StateMachine): DeployedMachine => {
    const id = stack.getLogicalId(machine.node.findChild('Resource') as CfnElement);
    const definition = template.Resources[id]?.Properties?.DefinitionString;
    return {
      stateMachineArn: String(resolve({ Ref: id })),
      definition: JSON.parse(String(resolve(definition))),
    };
  };
  const [tableId, table] = only(template, 'AWS::DynamoDB::Table');
  return {
    template,
    rules: rulesOf(template, resolve),
    ...machineOf(stack.teardown.stateMachine),
    restore: machineOf(stack.teardown.restoreStateMachine),
    functions: functionsOf(stack, template, resolve),
    table: {
      TableName: String(resolve({ Ref: tableId })),
      KeySchema: table.Properties?.KeySchema,
      AttributeDefinitions: table.Properties?.AttributeDefinitions,
    },
  };
}

/** The functions that have a version, by its ARN and by their own. */
function functionsOf(
  stack: TeardownStack,
  template: CloudFormationTemplate,
  resolve: ReturnType<typeof resolver>,
): Map<string, DeployedFunction> {
  const byLogicalId = new Map(
    deployedSteps(stack, template).map(({ name, entry, logicalId, properties }) => {
      const { Variables } = resolve(properties.Environment) as { Variables: Record<string, string> };
      return [
        logicalId,
        { step: name, entry, timeoutSeconds: Number(properties.Timeout), environment: Variables },
      ];
    }),
  );
  const functions = new Map<string, DeployedFunction>();
  for (const [versionId, version] of resourcesOf(template, 'AWS::Lambda::Version')) {
    const logicalId = referred(version.Properties?.FunctionName);
    const deployed = byLogicalId.get(logicalId);
    if (deployed === undefined) continue;
    functions.set(String(resolve({ Ref: versionId })), deployed);
    functions.set(String(resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] })), deployed);
  }
  return functions;
}

/** The stack and its template, with the feature flags of cdk.json, as the CDK command line would read them. */
export function synthesiseStack(settings: Partial<Settings> = {}): {
  stack: TeardownStack;
  template: CloudFormationTemplate;
} {
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const app = quickApp(context);
  const stack = new TeardownStack(app, 'VoiceConnectorTeardown', {
    settings: { ...defaultSettings, ...settings },
  });
  return { stack, template: Template.fromStack(stack).toJSON() as CloudFormationTemplate };
}

function only(template: CloudFormationTemplate, type: string): [string, Resource] {
  const [found, ...others] = resourcesOf(template, type);
  if (found === undefined || others.length > 0) throw new Error(`The stack should have one ${type}.`);
  return found;
}
