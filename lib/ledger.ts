import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Right } from './rights.ts';
import type { StepFunction } from './step-function.ts';

/**
 * The ledger: the table that remembers every teardown. An item per connector and one per batch of numbers, under the
 * connector's id. It outlives the stack: it is all that is known of numbers that were released.
 */
export class Ledger extends Construct {
  /** The table itself: partition key `voiceConnectorId`, sort key `item`. */
  readonly table: Table;
  readonly #key: IKey | undefined;

  /** @param key encrypts the table; by default a key that DynamoDB owns does, which costs nothing. */
  constructor(scope: Construct, id: string, key?: IKey) {
    super(scope, id);
    this.#key = key;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'voiceConnectorId', type: AttributeType.STRING },
      sortKey: { name: 'item', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Seconds since 1970. Only items of teardowns that have come to their end have it.
      timeToLiveAttribute: 'expiresAt',
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(key === undefined ? {} : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key }),
    });
  }

  /** The right to the named operations on the ledger, e.g. `GetItem`. */
  allows(...operations: ('GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query' | 'Scan')[]): Right {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    return { statement: new PolicyStatement({ actions, resources: [this.table.tableArn] }) };
  }

  /**
   * Lets steps that read and write the ledger have DynamoDB use its key for them, where it has one of its own; only by way
   * of DynamoDB. The key's policy must leave such decisions to the account's IAM policies, as that of a CDK key does.
   */
  mayBeDecryptedBy(steps: Iterable<StepFunction>): void {
    if (this.#key === undefined) return;
    const { region, urlSuffix } = Stack.of(this);
    for (const { role } of steps) {
      role.addToPolicy(
        new PolicyStatement({
          actions: keyActions,
          resources: [this.#key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.${urlSuffix}` } },
        }),
      );
    }
  }
}

/** What CDK's own grants on a table give on its key, each action by its name. */
const keyActions = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
