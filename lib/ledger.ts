import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Right } from './step-function.ts';

/**
 * The ledger: the table that remembers every teardown. An item per connector and one per batch of numbers, under the
 * connector's id. It outlives the stack: it is all that is known of numbers that were released.
 */
export class Ledger extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'voiceConnectorId', type: AttributeType.STRING },
      sortKey: { name: 'item', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** The right to the named operations on the ledger, e.g. `GetItem`. */
  allows(...operations: ('GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query')[]): Right {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    return { statement: new PolicyStatement({ actions, resources: [this.table.tableArn] }) };
  }
}
