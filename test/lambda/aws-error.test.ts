import { describe, expect, it } from '@jest/globals';
import { asStepError } from '../../lambda/aws/aws-error.ts';
import { ServiceError } from '../../lambda/errors.ts';

describe("An error of the service's own", () => {
  it.each([
    ['BadRequest', 400, 'BadRequestException'],
    ['Unauthorized', 401, 'UnauthorizedClientException'],
    ['UnauthorizedClient', 401, 'UnauthorizedClientException'],
    ['AccessDenied', 403, 'AccessDeniedException'],
    ['Forbidden', 403, 'ForbiddenException'],
    ['NotFound', 404, 'NotFoundException'],
    ['Conflict', 409, 'ConflictException'],
    ['Gone', 410, 'GoneException'],
    ['UnprocessableEntity', 422, 'UnprocessableEntityException'],
    ['ThrottledClient', 429, 'ThrottledClientException'],
    ['ServiceFailure', 500, 'ServiceFailureException'],
    ['ServiceUnavailable', 503, 'ServiceUnavailableException'],
    ['ResourceLimitExceeded', 400, 'ResourceLimitExceededException'],
  ])('is known as %s and with the ending Exception (%d)', (name, status, expected) => {
    expect(asStepError(sdkError(name, status), 'doing').name).toBe(expected);
    expect(asStepError(sdkError(`${name}Exception`, status), 'doing').name).toBe(expected);
  });

  it.each([
    [400, 'BadRequestException'],
    [401, 'UnauthorizedClientException'],
    [403, 'ForbiddenException'],
    [409, 'ConflictException'],
    [410, 'GoneException'],
    [422, 'UnprocessableEntityException'],
    [429, 'ThrottledClientException'],
    [500, 'ServiceFailureException'],
    [502, 'ServiceUnavailableException'],
    [503, 'ServiceUnavailableException'],
    [504, 'ServiceUnavailableException'],
    [599, 'ServiceUnavailableException'],
  ])('that has no name worth knowing goes by its status %d', (status, expected) => {
    for (const name of [
      'ChimeSDKVoiceServiceException',
      'ChimeServiceException',
      'PhoneNumberAssociationsExist',
    ])
      expect(asStepError(sdkError(name, status), 'doing').name).toBe(expected);
  });

  it.each([
    ['BadRequestException', 429, 'ThrottledClientException'],
    ['ForbiddenException', 503, 'ServiceUnavailableException'],
    ['NotFoundException', 500, 'ServiceFailureException'],
  ])('named %s with the status %d says "later", whatever its name says', (name, status, expected) => {
    expect(asStepError(sdkError(name, status), 'doing').name).toBe(expected);
  });

  it.each([
    ['ConditionalCheckFailedException', 400, 'ConditionalCheckFailedException'],
    ['ProvisionedThroughputExceededException', 400, 'ProvisionedThroughputExceededException'],
    ['ThrottlingException', 400, 'ThrottledClientException'],
    ['ValidationException', 400, 'BadRequestException'],
    ['RequestLimitExceeded', 400, 'RequestLimitExceeded'],
    ['InternalServerError', 500, 'ServiceFailureException'],
  ])('of DynamoDB, %s (%d), becomes %s', (name, status, expected) => {
    expect(asStepError(sdkError(name, status), 'doing').name).toBe(expected);
  });

  it('keeps its status and says what was being done', () => {
    const error = asStepError(sdkError('ConflictException', 409, 'It is busy.'), 'deleting connector abc');
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ status: 409, message: 'deleting connector abc: It is busy.' });
  });

  it('without a message still has one', () => {
    expect(asStepError(sdkError('ConflictException', 409, ''), 'doing').message).toBe('doing: no message');
  });
});

describe('Where no usable answer came', () => {
  it.each(['ECONNRESET', 'TimeoutError', 'AbortError'])('%s is ServiceUnreachable', (name) => {
    const error = Object.assign(new Error('socket hang up'), { name });
    expect(asStepError(error, 'doing')).toMatchObject({
      name: 'ServiceUnreachable',
      message: `doing: socket hang up (${name})`,
    });
  });

  it('an error of the network whose metadata hold no status is ServiceUnreachable', () => {
    const error = Object.assign(new Error('read ECONNRESET'), { $metadata: { attempts: 4 } });
    expect(asStepError(error, 'doing').name).toBe('ServiceUnreachable');
  });

  it('anything that is no error is ServiceUnreachable, and masked', () => {
    expect(asStepError('+12065550100 refused', 'doing')).toMatchObject({
      name: 'ServiceUnreachable',
      message: 'doing: …0100 refused',
    });
  });

  it('the HTML page of a gateway is ServiceUnavailable by its status', () => {
    const error = parseError(502, `Unexpected token '<', "<html>..." is not valid JSON`);
    expect(asStepError(error, 'doing').name).toBe('ServiceUnavailableException');
  });

  it('JSON that breaks off in an answer with status 200 is MalformedReply', () => {
    const error = parseError(200, 'Unterminated string in JSON at position 17');
    expect(asStepError(error, 'doing').name).toBe('MalformedReply');
  });

  it("a page with status 404 that is not the service's does not say that something is gone", () => {
    const error = parseError(404, `Unexpected token '<', "<html>..." is not valid JSON`);
    expect(asStepError(error, 'doing').name).toBe('MalformedReply');
  });
});

describe('What is kept of an error', () => {
  const raw = Object.assign(sdkError('ConflictException', 409, 'Number +12065550100 is on %2B12065550101.'), {
    $response: { body: '+12065550100' },
    cause: new Error('+12065550100'),
    PhoneNumber: '+12065550100',
  });

  it('is its message, masked', () => {
    expect(asStepError(raw, 'doing').message).toBe('doing: Number …0100 is on …0101.');
  });

  it('is the place where it came up, without the lines that repeat the message', () => {
    const { stack = '' } = asStepError(raw, 'doing');
    expect(stack.split('\n')[0]).toBe('ConflictException: doing: Number …0100 is on …0101.');
    expect(stack).toContain('aws-error.test.ts');
    expect(stack).not.toContain('+1206');
  });

  it('is masked in the stack also where the message has several lines', () => {
    const error = sdkError('ConflictException', 409, 'First\n+12065550100\n    at +12065550101');
    expect(asStepError(error, 'doing').stack).not.toMatch(/1206555/);
  });

  it.each([
    ['of the service', raw],
    ['in parsing', parseError(200, 'Unexpected end')],
    ['of the network', new Error('socket hang up')],
  ])('is nothing else, with an error %s: no reply, no cause', (_which, error) => {
    const kept = Object.getOwnPropertyNames(asStepError(error, 'doing'));
    expect(kept.filter((name) => !['name', 'message', 'stack', 'status'].includes(name))).toEqual([]);
  });
});

function sdkError(name: string, status: number, message = 'Something went wrong.'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

/** As the SDK's deserializer leaves it. */
function parseError(status: number, message: string): Error {
  const error = Object.assign(new SyntaxError(message), { $metadata: { httpStatusCode: status } });
  Object.defineProperty(error, '$response', { value: { body: '+12065550100' }, enumerable: false });
  return error;
}
