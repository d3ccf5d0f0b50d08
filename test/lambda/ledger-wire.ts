import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call of DynamoDB's API, as it went over the wire. */
export interface LedgerCall {
  /** `PutItem`, `Query`… */
  readonly operation: string;
  /** The sort key that it is about; undefined for a query. */
  readonly item: string | undefined;
}

/** The wire between the functions and the ledger: it notes what passes, and may be cut. */
export interface LedgerWire {
  readonly url: string;
  readonly calls: readonly LedgerCall[];
  /** Answers 500 instead of passing on the calls that it says yes to. */
  refuse: (call: LedgerCall) => boolean;
  /** Passes on the calls that it says yes to, and answers 500 all the same: their effect is there, the answer is lost. */
  loseAnswer: (call: LedgerCall) => boolean;
  close(): Promise<void>;
}

export async function startLedgerWire(endpoint: string): Promise<LedgerWire> {
  const calls: LedgerCall[] = [];
  const server = createServer(async (request, answer) => {
    const body = await textOf(request);
    const call = callOf(String(request.headers['x-amz-target']), body);
    calls.push(call);
    const cut = (): void => {
      answer.writeHead(500, { 'content-type': 'application/x-amz-json-1.0' });
      answer.end(JSON.stringify({ __type: 'InternalServerError', message: 'The wire is cut.' }));
    };
    if (wire.refuse(call)) return cut();
    const passed = await fetch(endpoint, { method: 'POST', headers: headersOf(request), body });
    if (wire.loseAnswer(call)) return cut();
    answer.writeHead(passed.status, {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-crc32': passed.headers.get('x-amz-crc32') ?? '',
    });
    answer.end(Buffer.from(await passed.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const wire: LedgerWire = {
    url: `http://127.0.0.1:${port}`,
    calls,
    refuse: () => false,
    loseAnswer: () => false,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return wire;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function callOf(target: string, body: string): LedgerCall {
  const { Key, Item } = JSON.parse(body) as Record<'Key' | 'Item', { item?: { S: string } } | undefined>;
  return { operation: target.split('.')[1] ?? target, item: (Key ?? Item)?.item?.S };
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const passing = ['x-amz-target', 'content-type', 'authorization', 'x-amz-date', 'x-amz-content-sha256'];
  return Object.fromEntries(
    passing.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
