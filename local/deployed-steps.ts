import type { CfnElement, Stack } from 'aws-cdk-lib';
import { entryOf } from '../lib/bundling.ts';
import { StepFunction } from '../lib/step-function.ts';
import type { CloudFormationTemplate, Resource } from './cloudformation.ts';

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
