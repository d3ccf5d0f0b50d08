import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import type { Connection } from '../lambda/edge.ts';
import { type LedgerFaultPlan, LedgerFaults, refuse } from './ledger-faults.ts';
import type { Synthesis } from './synthesis.ts';

/** A DynamoDB on this machine, in memory, with the ledger's table as the template describes it. */
export interface LocalLedger {
  readonly connection: Connection;
  /** May be set and replaced while running. */
  readonly hooks: LedgerHooks;
  readonly faults: LedgerFaults;
  /** How many conditional writes were not carried out, as their condition was not met. */
  readonly conditionsNotMet: number;
  /** Everything in it, for tests and reports. */
  items(): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Called around each operation that writes (`PutItem`, `UpdateItem`, …): a test may act, or let it wait for ever. */
interface LedgerHooks {
  beforeEffect?: ((operation: string) => void | Promise<void>) | undefined;
  /** Only where it was carried out, and before the caller hears of it. */
  afterEffect?: ((operation: string) => void | Promise<void>) | undefined;
}

/** Credentials that only stand-ins accept. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** @param seed the same gives the same faults */
export async function startLocalLedger(
  table: Synthesis['table'],
  { seed = '1', faults: plan = {} }: { readonly seed?: string; readonly faults?: LedgerFaultPlan } = {},
): Promise<LocalLedger> {
  const database = dynalite({ createTableMs: 0 });
  const hooks: LedgerHooks = {};
  const faults = new LedgerFaults(seed);
  let conditionsNotMet = 0;
  const onWritten = (status: number) => {
    if (status === 400) conditionsNotMet += 1;
    return status === 200;
  };
  const server = createServer((request, response) => {
    void answer({ hooks, faults, onWritten }, request, response, () =>
      database.emit('request', request, response),
    );
  });
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
  faults.set(plan);
  return {
    connection,
    hooks,
    faults,
    get conditionsNotMet() {
      return conditionsNotMet;
    },
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

/** Reading everything is for tests alone, and creating the table comes before any fault. */
const unspoilt = /^(Scan|CreateTable)$/;
const writes = /^((Put|Update|Delete|BatchWrite)Item|TransactWriteItems)$/;

async function answer(
  {
    hooks,
    faults,
    onWritten,
  }: Pick<LocalLedger, 'hooks' | 'faults'> & { onWritten(status: number): boolean },
  request: IncomingMessage,
  response: ServerResponse,
  carryOut: () => void,
): Promise<void> {
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  const length = Number(request.headers['content-length'] ?? 0);
  const fault = unspoilt.test(operation) ? undefined : faults.forRequest(operation, length);
  if (fault === 'connectionReset') return void request.socket.destroy();
  if (fault === 'throttle' || fault === 'serviceFailure') return refuse(response, fault);
  const isWrite = writes.test(operation);
  if (isWrite) await hooks.beforeEffect?.(operation);
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.end = ((...args: unknown[]) => {
    const after = isWrite && onWritten(response.statusCode) ? hooks.afterEffect?.(operation) : undefined;
    void Promise.resolve(after).then(() => (fault === 'replyLost' ? request.socket.destroy() : end(...args)));
    return response;
  }) as ServerResponse['end'];
  carryOut();
}
