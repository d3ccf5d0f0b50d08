import { afterEach, expect, test } from '@jest/globals';
import {
  type JsonRequest,
  type JsonService,
  JsonServiceError,
  startJsonService,
} from '../../local/json-service.ts';

let service: JsonService;
afterEach(() => service.close());

test('A request is its operation, the Region that it is signed for, and its members', async () => {
  const requests: JsonRequest[] = [];
  service = await startJsonService('1.0', (request) => {
    requests.push(request);
    return { Done: true };
  });

  const reply = await post('{"Name":"one"}');

  expect(requests).toEqual([{ operation: 'ListMetrics', region: 'eu-west-1', input: { Name: 'one' } }]);
  expect(reply).toEqual({
    status: 200,
    type: expect.stringMatching(/^application\/x-amz-json-1\.0\b/),
    body: { Done: true },
  });
});

test('An error of the service has its code, its message and its status', async () => {
  service = await startJsonService('1.1', () => {
    throw new JsonServiceError('InternalException', 'Out of order.', 500);
  });

  expect(await post('{}')).toEqual({
    status: 500,
    type: expect.stringMatching(/^application\/x-amz-json-1\.1\b/),
    body: { __type: 'InternalException', message: 'Out of order.' },
  });
});

test('A body that is no JSON is refused before the service sees it', async () => {
  service = await startJsonService('1.0', () => {
    throw new Error('The service was asked.');
  });

  const { status, body } = await post('{');

  expect(status).toBe(400);
  expect(body).toEqual({ __type: 'SerializationException', message: 'The body is no JSON.' });
});

async function post(body: string): Promise<{ status: number; type: string | null; body: unknown }> {
  const reply = await fetch(String(service.connection.endpoint), {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics',
      authorization:
        'AWS4-HMAC-SHA256 Credential=key/20261122/eu-west-1/monitoring/aws4_request, Signature=0',
    },
  });
  return { status: reply.status, type: reply.headers.get('content-type'), body: await reply.json() };
}
