import { describe, expect, it } from '@jest/globals';
import { asStepError } from '../../lambda/aws/aws-error.ts';

describe('The status of an answer decides', () => {
  it.each([
    [200, 'MalformedReply'],
    [299, 'MalformedReply'],
    [300, 'MalformedReply'],
    [499, 'MalformedReply'],
    [500, 'ServiceFailureException'],
    [502, 'ServiceUnavailableException'],
  ])('what a body is that is no JSON: with %d it is %s', (httpStatusCode, name) => {
    const error = Object.assign(new SyntaxError('Unexpected token <'), { $metadata: { httpStatusCode } });
    expect(asStepError(error, 'doing').name).toBe(name);
  });

  it.each([
    [299, 'MalformedReply'],
    [300, 'RedirectException'],
  ])('what an error is that the SDK could read: with %d it is %s', (httpStatusCode, name) => {
    const error = Object.assign(new Error('x'), { name: 'RedirectException', $metadata: { httpStatusCode } });
    expect(asStepError(error, 'doing').name).toBe(name);
  });

  it.each([
    ['TeapotException', 'TeapotException'],
    ['Teapot', 'Teapot'],
  ])('nothing where it means nothing to us: %s with 418 stays that, and does not pass', (name, expected) => {
    const error = Object.assign(new Error('x'), { name, $metadata: { httpStatusCode: 418 } });
    expect(asStepError(error, 'doing').name).toBe(expected);
  });

  it.each(['500', null, {}])('nothing where it is no number (%j)', (httpStatusCode) => {
    const error = Object.assign(new Error('x'), { $metadata: { httpStatusCode } });
    expect(asStepError(error, 'doing').name).toBe('ServiceUnreachable');
  });
});

describe('The name of an error', () => {
  it.each([
    ['ThrottledException', 'ThrottledClientException'],
    ['ExceptionThrottled', 'BadRequestException'],
    ['ThrottledExceptionToo', 'BadRequestException'],
  ])('is known by what stands before its ending: %s is %s', (name, expected) => {
    const error = Object.assign(new Error('x'), { name, $metadata: { httpStatusCode: 400 } });
    expect(asStepError(error, 'doing').name).toBe(expected);
  });
});

describe('The trace of an error', () => {
  it('keeps the places where it was thrown, and none of its words', () => {
    const error = Object.assign(new Error('one'), { $metadata: { httpStatusCode: 409 }, name: 'Conflict' });
    error.stack =
      'Conflict: +12065550100 is held\n  as we look at +12065550100\n    at send (x.js:1:2)\n\tat b (y.js:3)';
    expect(asStepError(error, 'doing').stack).toBe(
      'ConflictException: doing: one\n    at send (x.js:1:2)\n\tat b (y.js:3)',
    );
  });

  it('is its first line alone where the error has none', () => {
    const error = Object.assign(new Error('one'), { $metadata: { httpStatusCode: 409 }, name: 'Conflict' });
    delete error.stack;
    expect(asStepError(error, 'doing').stack).toBe('ConflictException: doing: one');
  });
});
