import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, type IFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundlingFor, entryOf } from './bundling.ts';
import type { Ledger } from './ledger.ts';
import { acceptWildcards, type Right, type Wildcard } from './rights.ts';
import type { Settings } from './settings.ts';

/** What is special about a step. */
export interface StepProps {
  /** How long one run may take. Shorter than the time-out of the state that calls it. */
  readonly timeout: Duration;
  readonly chimeApi: Settings['chimeApi'];
  readonly environment?: Record<string, string>;
  /** What its code calls, and nothing more. */
  readonly rights: readonly Right[];
}

/**
 * One step of a workflow: the Lambda function made from `lambda/<id in kebab-case>.ts`, with the house's defaults, its
 * own role and its own log group.
 */
export class StepFunction extends Construct implements IGrantable {
  readonly grantPrincipal: IPrincipal;
  readonly role: Role;
  readonly function: NodejsFunction;
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: StepProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(role);
    for (const { statement } of props.rights) role.addToPolicy(statement);
    acceptWildcards(this, [tracingWildcard, ...props.rights.flatMap(({ wildcard }) => wildcard ?? [])]);

    this.timeout = props.timeout;
    this.role = role;
    this.grantPrincipal = role;
    this.function = new NodejsFunction(this, 'Function', {
      entry: entryOf(id),
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
      environment: {
        POWERTOOLS_SERVICE_NAME: 'voice-connector-teardown',
        // How long a run may hold the lock.
        TIMEOUT_SECONDS: String(props.timeout.toSeconds()),
        ...props.environment,
      },
      // A teardown lives for days: the versions that it was started with must outlive any deployment in between.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      depsLockFilePath: fileURLToPath(new URL('../package-lock.json', import.meta.url)),
      bundling: bundlingFor(props.chimeApi),
    });
  }

  /** Every version of the function, as cdk-nag prints it. */
  get allVersions(): string {
    const resource = this.function.node.findChild('Resource') as CfnFunction;
    return `<${Stack.of(this).getLogicalId(resource)}.Arn>:*`;
  }

  /** The published version that a workflow calls: a deployment changes no code under a running execution. */
  get version(): IFunction {
    // A cast, since aws-cdk-lib is not written for exactOptionalPropertyTypes.
    return this.function.currentVersion as IFunction;
  }
}

/** Makes steps that know the ledger, by their id and what is special about them. */
export function stepsOf(
  scope: Construct,
  ledger: Ledger,
  { chimeApi }: Settings,
): (id: string, props: Omit<StepProps, 'chimeApi'>) => StepFunction {
  return (id, props) =>
    new StepFunction(scope, id, {
      ...props,
      chimeApi,
      environment: { LEDGER_TABLE: ledger.table.tableName, ...props.environment },
    });
}

const tracingWildcard: Wildcard = {
  resource: '*',
  reason: 'X-Ray takes no resource for PutTraceSegments and PutTelemetryRecords.',
};
