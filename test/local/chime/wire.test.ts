import { request as httpRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import type { LocalChime } from '../../../local/chime/server.ts';
import { START, start } from './setting.ts';

describe('on the wire', () => {
  test('a reply is JSON with a request id, and timestamps are ISO 8601 with milliseconds', async () => {
    const { chime } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const reply = await send(chime, 'GET', `/voice-connectors/${voiceConnectorId}`);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(reply.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(reply.headers.date).toBeDefined();
    const { VoiceConnector } = JSON.parse(reply.body);
    expect(VoiceConnector.CreatedTimestamp).toBe(new Date(START).toISOString());
    expect(VoiceConnector.CreatedTimestamp).toMatch(/\.\d{3}Z$/);
  });

  test('an error has its name in a header and Code and Message in the body', async () => {
    const { chime } = await start();
    const reply = await send(chime, 'GET', '/phone-numbers/%2B12065550100');
    expect(reply.status).toBe(404);
    expect(reply.headers['x-amzn-errortype']).toBe('NotFoundException');
    expect(reply.headers['content-type']).toBe('application/json');
    expect(JSON.parse(reply.body)).toEqual({
      Code: 'NotFound',
      Message: 'Phone number +12065550100 was not found in this account.',
    });
  });

  test('deleting answers 204 without a body', async () => {
    const { chime } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    const reply = await send(chime, 'DELETE', `/voice-connectors/${voiceConnectorId}`);
    expect(reply).toMatchObject({ status: 204, body: '' });
    expect(reply.headers['content-type']).toBeUndefined();
  });

  test.each([['%2B12065550100'], ['%252B12065550100'], ['+12065550100']])(
    'a number is restored by the path %s, without body and content type',
    async (id) => {
      const { chime } = await start();
      chime.seedConnector({ numbers: 1 });
      chime.state.queue('+12065550100');
      const reply = await send(chime, 'POST', `/phone-numbers/${id}?operation=restore`, {
        'content-length': '0',
      });
      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.body).PhoneNumber.Status).toBe('Unassigned');
      expect(chime.requests[0]?.target).toEqual(['+12065550100']);
    },
  );

  test.each([
    ['GET', '/voice-connectors/'],
    ['DELETE', '/voice-connectors/'],
    ['POST', '/voice-connectors/?operation=disassociate-phone-numbers'],
    ['GET', '/voice-connectors//termination'],
    ['GET', '/voice-connectors//termination/credentials'],
    ['GET', '/voice-connector-groups/'],
    ['PUT', '/voice-connector-groups/'],
    ['GET', '/phone-numbers/'],
    ['POST', '/phone-numbers/'],
    ['DELETE', '/phone-numbers/'],
    ['POST', '/phone-numbers/?operation=restore'],
    ['GET', '/phone-numbers/%zz'],
    ['GET', '/nothing-of-the-kind'],
    ['PUT', '/phone-numbers/%2B12065550100'],
    ['POST', '/phone-numbers?operation=burn'],
    ['POST', '/phone-numbers/%2B12065550100?operation=burn'],
    ['POST', '/phone-numbers'],
  ])('%s %s is 404 and neither lists nor changes anything', async (method, path) => {
    const { chime } = await start();
    chime.seedConnector({ numbers: 1 });
    const reply = await send(chime, method, path);
    expect(reply.status).toBe(404);
    expect(reply.headers['x-amzn-errortype']).toBe('NotFoundException');
    expect(JSON.parse(reply.body)).toHaveProperty('Code', 'NotFound');
    expect(chime.calls().Unknown).toBe(1);
    expect(chime.remaining()).toEqual({ connectors: 1, numbers: 1, queued: 0 });
  });

  test.each([
    ['truncated JSON', '{"PhoneNumberIds":['],
    ['a list', '[]'],
    ['no body', ''],
    ['a wrong member', '{"PhoneNumberIds":"+12065550100"}'],
    ['a wrong type in the list', '{"PhoneNumberIds":[12065550100]}'],
  ])('a body with %s is a 400', async (_case, body) => {
    const { chime } = await start();
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
    const reply = await send(chime, 'POST', '/phone-numbers?operation=batch-delete', headers, body);
    expect(reply.status).toBe(400);
    expect(reply.headers['x-amzn-errortype']).toBe('BadRequestException');
    expect(chime.requests).toMatchObject([
      { operation: 'BatchDeletePhoneNumber', status: 400, errorCode: 'BadRequest' },
    ]);
  });
});

/** A request as it is, without an SDK or `fetch` tidying the path. */
function send(
  chime: LocalChime,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
) {
  type Reply = { status: number | undefined; headers: Record<string, unknown>; body: string };
  return new Promise<Reply>((resolve, reject) => {
    const request = httpRequest(`${chime.url}${path}`, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: text }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
