/** What is between a function's clients and the stand-ins: the SDK's own transport, with what a network adds to it. */
import { Readable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ChimeClient } from '#chime-api';
import { timeOuts } from '../lambda/aws/client-settings.ts';
import type { VirtualClock } from './clock.ts';

/** The SDK's own way to send a request: what a client is given as `requestHandler`. */
export type Transport = Pick<DynamoDBClient['config']['requestHandler'], 'handle' | 'metadata'>;

type Request = Parameters<Transport['handle']>[0];
type Reply = Awaited<ReturnType<Transport['handle']>>;

/** The transport that the SDK itself would make for a Chime client. */
export function chimeTransport(requestTimeoutMs: number): Transport {
  const { requestHandler } = new ChimeClient(settings(requestTimeoutMs)).config;
  return requestHandler as Transport;
}

/** The transport that the SDK itself would make for a DynamoDB client. */
export function dynamodbTransport(requestTimeoutMs: number): Transport {
  return new DynamoDBClient(settings(requestTimeoutMs)).config.requestHandler;
}

/** Each request takes `ms` of virtual time before it arrives; time stands while it is answered. */
export function delayed(own: Transport, ms: number, clock: VirtualClock): Transport {
  return through(own, (request, options) =>
    clock.busy(async () => {
      await clock.sleep(ms);
      return own.handle(request, options);
    }),
  );
}

/** Capacity that a request to DynamoDB has used, in read or write request units. */
export interface CapacityUsed {
  readonly operation: string;
  readonly units: number;
}

/**
 * Asks DynamoDB with each request what capacity it has used. A request is changed after it was signed, which the local
 * DynamoDB does not check; one that fails says nothing.
 */
export function metered(own: Transport, onUsed: (used: CapacityUsed) => void): Transport {
  return through(own, async (request, options) => {
    const asked = JSON.parse(asText(request.body)) as object;
    const body = JSON.stringify({ ...asked, ReturnConsumedCapacity: 'TOTAL' });
    const headers = { ...request.headers, 'content-length': String(Buffer.byteLength(body)) };
    const answer = await own.handle(Object.assign(request.clone(), { body, headers }), options);
    const text = await textOf(answer.response.body);
    const { ConsumedCapacity: used } = JSON.parse(text || '{}') as {
      ConsumedCapacity?: { CapacityUnits: number };
    };
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    if (used !== undefined) onUsed({ operation, units: used.CapacityUnits });
    return { response: Object.assign(answer.response, { body: Readable.from([Buffer.from(text)]) }) };
  });
}

function settings(requestTimeoutMs: number) {
  return { region: 'us-east-1', requestHandler: timeOuts({ requestTimeoutMs }) };
}

function through(
  own: Transport,
  handle: (request: Request, options: Parameters<Transport['handle']>[1]) => Promise<Reply>,
): Transport {
  return { ...(own.metadata === undefined ? {} : { metadata: own.metadata }), handle };
}

/** The SDK's own type of a body also counts as text, and complains when it is used so. */
function asText(body: unknown): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);
}

async function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
