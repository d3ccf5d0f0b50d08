import { describe, expect, it } from '@jest/globals';
import { connectExecutions, statusOf } from '../../lambda/aws/executions.ts';
import { errorOf, openChime, serve } from './setting.ts';
import { execution, openSetting, over, running } from './teardown-setting.ts';

describe('The status of an execution', () => {
  it('is running from when Step Functions knows it, and over from when it has ended', async () => {
    const setting = await openSetting();
    const ask = () => statusOf(connectExecutions(setting.edge))(execution.id);
    expect(await ask()).toBe('unknown');
    const end = running(setting, execution.id);
    expect(await ask()).toBe('running');
    await end();
    expect(await ask()).toBe('over');
  });

  it('is that of the execution that was asked for', async () => {
    const setting = await openSetting();
    await over(setting, `${execution.id}-2`);
    running(setting, execution.id);
    const ask = statusOf(connectExecutions(setting.edge));
    expect([await ask(execution.id), await ask(`${execution.id}-2`)]).toEqual(['running', 'over']);
  });

  it.each([
    ['RUNNING', 'running'],
    ['PENDING_REDRIVE', 'running'],
    ['SUCCEEDED', 'over'],
    ['FAILED', 'over'],
    ['TIMED_OUT', 'over'],
    ['ABORTED', 'over'],
  ])('%s counts as %s', async (status, expected) => {
    const { ask } = await answering(200, { executionArn: execution.id, status, startDate: 0 });
    expect(await ask()).toBe(expected);
  });
});

describe('A status that cannot be read', () => {
  it.each([
    [400, 'AccessDeniedException', 'AccessDeniedException', 1],
    [400, 'InvalidArn', 'BadRequestException', 1],
    [400, 'ThrottlingException', 'ThrottledClientException', 4],
    [500, 'InternalServerError', 'ServiceFailureException', 4],
    [503, 'ServiceUnavailable', 'ServiceUnavailableException', 4],
  ])('(%d %s) is an error, and neither "over" nor "unknown"', async (status, __type, name, attempts) => {
    const { ask, calls } = await answering(status, { __type, message: 'Not for +12065550100.' });
    const error = await errorOf(ask());
    expect(error.name).toBe(name);
    expect(error.message).toContain(`asking for execution ${execution.id}`);
    expect(error.message).toContain('…0100');
    expect(error.message).not.toContain('1206');
    expect(calls()).toBe(attempts);
  });
});

/** Step Functions, when all that it says is this: the statuses and errors that our stand-in does not come to. */
async function answering(status: number, body: object) {
  let calls = 0;
  const endpoint = await serve((_request, answer) => {
    calls += 1;
    answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    answer.end(JSON.stringify(body));
  });
  const { clock, edge } = await openChime();
  const states = { ...edge.chime, endpoint };
  const ask = statusOf(connectExecutions({ ...edge, states }));
  return { ask: () => clock.busy(() => ask(execution.id)), calls: () => calls };
}
