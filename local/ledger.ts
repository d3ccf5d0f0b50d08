import type { AddressInfo } from 'node:net';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import type { Connection } from '../lambda/edge.ts';
import type { Synthesis } from './synthesis.ts';

/** A DynamoDB on this machine, in memory, with the ledger's table as the template describes it. */
export interface LocalLedger {
  readonly connection: Connection;
  /** Everything in it, for tests and reports. */
  items(): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Credentials that only stand-ins accept. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export async function startLocalLedger(table: Synthesis['table']): Promise<LocalLedger> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: localCredentials,
  };
  const client = new DynamoDBClient(connection);
  const input = { ...table, BillingMode: 'PAY_PER_REQUEST' } as CreateTableCommandInput;
  await client.send(new CreateTableCommand(input));
  const documents = DynamoDBDocumentClient.from(client);
  return {
    connection,
    items: async () => {
      const found: Record<string, unknown>[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const command = new ScanCommand({
          TableName: table.TableName,
          ConsistentRead: true,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        });
        const page = await documents.send(command);
        found.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return found;
    },
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
