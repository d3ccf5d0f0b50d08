import { MalformedReply, ServiceError, ServiceUnreachable, type StepError } from '../errors.ts';
import { maskNumbers } from '../words/mask.ts';

/** The names of the services' errors without their ending, and the other words in use for the same thing. */
const aliases: Readonly<Record<string, string>> = {
  BadRequest: 'BadRequestException',
  Validation: 'BadRequestException',
  Conflict: 'ConflictException',
  Forbidden: 'ForbiddenException',
  AccessDenied: 'AccessDeniedException',
  NotFound: 'NotFoundException',
  Gone: 'GoneException',
  ServiceFailure: 'ServiceFailureException',
  InternalFailure: 'ServiceFailureException',
  ServiceUnavailable: 'ServiceUnavailableException',
  ThrottledClient: 'ThrottledClientException',
  Throttled: 'ThrottledClientException',
  Throttling: 'ThrottledClientException',
  TooManyRequests: 'ThrottledClientException',
  Unauthorized: 'UnauthorizedClientException',
  UnauthorizedClient: 'UnauthorizedClientException',
  Unprocessable: 'UnprocessableEntityException',
  UnprocessableEntity: 'UnprocessableEntityException',
  ResourceLimitExceeded: 'ResourceLimitExceededException',
  RequestLimitExceeded: 'RequestLimitExceeded',
};

/** What a status means where the name says nothing: error codes and names are not promised, statuses are. */
const namesByStatus: Readonly<Record<number, string>> = {
  400: 'BadRequestException',
  401: 'UnauthorizedClientException',
  403: 'ForbiddenException',
  404: 'NotFoundException',
  409: 'ConflictException',
  410: 'GoneException',
  422: 'UnprocessableEntityException',
  429: 'ThrottledClientException',
  500: 'ServiceFailureException',
  502: 'ServiceUnavailableException',
  503: 'ServiceUnavailableException',
  504: 'ServiceUnavailableException',
};

/**
 * Any failure of an SDK call as one of our own errors: `ServiceError` under the service's name for it (with or
 * without the error header, `X` or `XException`), `MalformedReply` where an answer came that cannot be read, and
 * `ServiceUnreachable` where none came. Messages are masked, and nothing of the SDK's error object (which holds the
 * raw reply) is kept.
 */
export function asStepError(error: unknown, doing: string): StepError {
  if (!(error instanceof Error)) return new ServiceUnreachable(`${doing}: ${maskNumbers(String(error))}`);
  const status = statusOf(error);
  const message = `${doing}: ${maskNumbers(error.message || 'no message')}`;
  if (status === undefined) return keepStack(new ServiceUnreachable(`${message} (${error.name})`), error);
  // A body that is not the service's says nothing about what exists: a gateway's 404 is no NotFound.
  const isForeign = error.name === 'SyntaxError' && status < 500;
  if (status < 300 || isForeign) return keepStack(new MalformedReply(message), error);
  return keepStack(new ServiceError(nameOf(error, status), message, status), error);
}

/** Makes a call; what goes wrong comes as one of our own errors (`asStepError`). */
export async function mapped<T>(send: () => Promise<T>, doing: string): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw asStepError(error, doing);
  }
}

/** The place where the call failed is worth keeping; the first lines repeat the unmasked message and are not. */
function keepStack<E extends StepError>(to: E, from: Error): E {
  const places = (from.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  to.stack = [`${to.name}: ${to.message}`, ...places.map(maskNumbers)].join('\n');
  return to;
}

function statusOf(error: Error): number | undefined {
  // The older client leaves no metadata on an answer that it cannot read, only the answer.
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: unknown };
    $response?: { statusCode?: unknown };
  };
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** A status that says "later" outweighs any name; other names are kept, once they are known to be one. */
function nameOf(error: Error, status: number): string {
  const byStatus = namesByStatus[status] ?? (status >= 500 ? 'ServiceUnavailableException' : undefined);
  if (byStatus !== undefined && (status === 429 || status >= 500)) return byStatus;
  const known = aliases[error.name.replace(/Exception$/, '')];
  if (known !== undefined) return known;
  const isGeneric = !error.name.endsWith('Exception') || error.name.endsWith('ServiceException');
  return isGeneric ? (byStatus ?? error.name) : error.name;
}
