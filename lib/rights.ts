import { Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What a step may do, and where that names a wildcard, why it must. */
export interface Right {
  readonly statement: PolicyStatement;
  readonly wildcard?: Wildcard;
}

/** A wildcard in a policy: the resource as cdk-nag prints it, and the reason. */
export interface Wildcard {
  readonly resource: string;
  readonly reason: string;
}

/** Records for cdk-nag why the wildcards in the policies below `scope` are there; one entry for each resource. */
export function acceptWildcards(scope: Construct, wildcards: readonly Wildcard[]): void {
  for (const resource of new Set(wildcards.map((wildcard) => wildcard.resource))) {
    const reasons = wildcards
      .filter((wildcard) => wildcard.resource === resource)
      .map(({ reason }) => reason);
    const id = `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`;
    Validations.of(scope).acknowledge({ id, reason: reasons.join(' ') });
  }
}
