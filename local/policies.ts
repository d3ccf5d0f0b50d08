/** What IAM allows and denies the roles of a template. */
import { type CloudFormationTemplate, referred, resourcesOf, type TemplatePart } from './cloudformation.ts';

/** What an IAM policy allows or denies: actions on resources, as the template has them. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: TemplatePart;
  readonly Condition?: TemplatePart;
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
