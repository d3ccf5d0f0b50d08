/** A service of AWS that speaks JSON, on this machine: what the stand-ins for CloudWatch, EventBridge and Step Functions share. */
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { Connection } from '../lambda/edge.ts';
import { localCredentials } from './ledger.ts';

/** What a client has asked for. */
export interface JsonRequest {
  /** `ListMetrics`, say. */
  readonly operation: string;
  /** That it is signed for. */
  readonly region: string;
  /** The members of its input; a body that is no JSON is answered with a 400 before. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** A service that is running. */
export interface JsonService {
  /** What a client needs to find it. */
  readonly connection: Connection;
  close(): Promise<void>;
}

/** An error that the service answers. */
export class JsonServiceError extends Error {
  override readonly name = 'JsonServiceError';
  /** As AWS names it. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * Starts an HTTP server that answers in AWS's JSON protocol.
 *
 * @param version of the protocol
 * @param answer the reply's members; what else than a JsonServiceError it throws is a 500
 */
export async function startJsonService(
  version: '1.0' | '1.1',
  answer: (request: JsonRequest) => object,
): Promise<JsonService> {
  const app = Fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/', async ({ headers, body }, reply) => {
    void reply.type(`application/x-amz-json-${version}`);
    try {
      const operation = String(headers['x-amz-target']).split('.').at(-1) ?? '';
      return JSON.stringify(
        answer({ operation, region: regionOf(headers.authorization), input: membersIn(String(body)) }),
      );
    } catch (error) {
      if (!(error instanceof JsonServiceError)) throw error;
      void reply.code(error.status);
      return JSON.stringify({ __type: error.code, message: error.message });
    }
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    connection: { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: localCredentials },
    close: () => app.close(),
  };
}

function membersIn(body: string): JsonRequest['input'] {
  try {
    return JSON.parse(body);
  } catch {
    throw new JsonServiceError('SerializationException', 'The body is no JSON.');
  }
}

/** The Region in the credential scope of a signature (SigV4): `Credential=key/20261122/us-east-1/monitoring/…`. */
function regionOf(authorization = ''): string {
  return /Credential=[^/]*\/\d{8}\/([^/]+)\//.exec(authorization)?.[1] ?? '';
}
