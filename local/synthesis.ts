import { readFileSync } from 'node:fs';
import type { CfnElement } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { entryOf } from '../lib/bundling.ts';
import { defaultSettings, type Settings } from '../lib/settings.ts';
import { StepFunction } from '../lib/step-function.ts';
import { TeardownStack } from '../lib/teardown-stack.ts';
import {
  type CloudFormationTemplate,
  logicalIdIn,
  type Resource,
  resolver,
  type TemplatePart,
} from './cloudformation.ts';
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
  const steps = stack.node
    .findAll()
    .filter((construct): construct is StepFunction => construct instanceof StepFunction);
  const functionsById = new Map(
    steps.map((step) => {
      const id = stack.getLogicalId(step.function.node.findChild('Resource') as CfnElement);
      const { Timeout, Environment } = template.Resources[id]?.Properties ?? {};
      const { Variables } = resolve(Environment) as { Variables: Record<string, string> };
      const { id: name } = step.node;
      return [
        id,
        { step: name, entry: entryOf(name), timeoutSeconds: Number(Timeout), environment: Variables },
      ];
    }),
  );
  const functions = new Map<string, DeployedFunction>();
  for (const [versionId, version] of ofType(template, 'AWS::Lambda::Version')) {
    const deployed = functionsById.get(logicalIdIn(version.Properties?.FunctionName));
    if (deployed === undefined) continue;
    functions.set(String(resolve({ Ref: versionId })), deployed);
    functions.set(
      String(resolve({ 'Fn::GetAtt': [logicalIdIn(version.Properties?.FunctionName), 'Arn'] })),
      deployed,
    );
  }
  return {
    template,
    rules: rulesOf(template, resolve),
    ...machineOf(stack.teardown.stateMachine),
    restore: machineOf(stack.teardown.restoreStateMachine),
    functions,
    table: {
      TableName: String(resolve({ Ref: tableId })),
      KeySchema: table.Properties?.KeySchema,
      AttributeDefinitions: table.Properties?.AttributeDefinitions,
    },
  };
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

function ofType(template: CloudFormationTemplate, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

function only(template: CloudFormationTemplate, type: string): [string, Resource] {
  const [found, ...others] = ofType(template, type);
  if (found === undefined || others.length > 0) throw new Error(`The stack should have one ${type}.`);
  return found;
}
