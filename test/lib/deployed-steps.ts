import type { CfnElement, Stack } from 'aws-cdk-lib';
import { entryOf } from '../../lib/bundling.ts';
import { StepFunction } from '../../lib/step-function.ts';
import type { CloudFormationTemplate, Resource, TemplatePart } from '../../local/cloudformation.ts';

/** What an IAM policy allows or denies: actions on resources, as the template has them. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: TemplatePart;
  readonly Condition?: TemplatePart;
}

/** A step as it is in the template. */
export interface DeployedStep {
  readonly name: string;
  readonly entry: string;
  readonly logicalId: string;
  readonly properties: NonNullable<Resource['Properties']>;
}

/** The steps of a stack, in the order in which it declares them. */
export function deployedSteps(stack: Stack, template: CloudFormationTemplate): DeployedStep[] {
  return stack.node
    .findAll()
    .filter((construct): construct is StepFunction => construct instanceof StepFunction)
    .map(({ node: { id }, function: deployed }) => {
      const logicalId = stack.getLogicalId(deployed.node.findChild('Resource') as CfnElement);
      const properties = template.Resources[logicalId]?.Properties ?? {};
      return { name: id, entry: entryOf(id), logicalId, properties };
    });
}

/** Resources of one type, by logical id. */
export function resourcesOf(template: CloudFormationTemplate, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The logical id that `{ Ref }` or `{ Fn::GetAtt: [id, …] }` names. */
export function referred(part: TemplatePart): string {
  if (typeof part === 'object' && part !== null && !Array.isArray(part)) {
    const { Ref, 'Fn::GetAtt': attribute } = part as Record<string, TemplatePart>;
    if (typeof Ref === 'string') return Ref;
    if (Array.isArray(attribute)) return String(attribute[0]);
  }
  throw new Error(`Not a reference to a resource: ${JSON.stringify(part)}.`);
}

/** Every statement that holds for a role: of its own policies and of those attached to it. */
export function statementsOf(template: CloudFormationTemplate, roleId: string): Statement[] {
  const { Policies = [], ManagedPolicyArns = [] } = (template.Resources[roleId]?.Properties ?? {}) as {
    Policies?: { PolicyDocument: PolicyDocument }[];
    ManagedPolicyArns?: unknown[];
  };
  if (ManagedPolicyArns.length > 0)
    throw new Error(`Role ${roleId} has managed policies: nobody sees what they allow.`);
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => resourcesOf(template, type))
    .map(
      ([, { Properties }]) =>
        Properties as unknown as { Roles?: TemplatePart[]; PolicyDocument: PolicyDocument },
    )
    .filter(({ Roles = [] }) => Roles.some((role) => referred(role) === roleId));
  return [...Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** The statements among these that allow something. */
export function allowing(statements: readonly Statement[]): Statement[] {
  return statements.filter(({ Effect }) => Effect === 'Allow');
}

/** The actions of statements, each once, sorted. */
export function actionsOf(statements: readonly Statement[]): string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

interface PolicyDocument {
  readonly Statement: readonly Statement[];
}
