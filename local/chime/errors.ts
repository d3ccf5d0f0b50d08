/** `Code` of an error body and `ErrorCode` of an entry in `PhoneNumberErrors`, with the exception it stands for. */
const exceptions = {
  BadRequest: { exception: 'BadRequestException', status: 400 },
  PreconditionFailed: { exception: 'BadRequestException', status: 400 },
  ResourceLimitExceeded: { exception: 'ResourceLimitExceededException', status: 400 },
  Validation: { exception: 'BadRequestException', status: 400 },
  Unauthorized: { exception: 'UnauthorizedClientException', status: 401 },
  AccessDenied: { exception: 'AccessDeniedException', status: 403 },
  Forbidden: { exception: 'ForbiddenException', status: 403 },
  NotFound: { exception: 'NotFoundException', status: 404 },
  Conflict: { exception: 'ConflictException', status: 409 },
  PhoneNumberAssociationsExist: { exception: 'ConflictException', status: 409 },
  VoiceConnectorGroupAssociationsExist: { exception: 'ConflictException', status: 409 },
  Gone: { exception: 'GoneException', status: 410 },
  Unprocessable: { exception: 'UnprocessableEntityException', status: 422 },
  Throttled: { exception: 'ThrottledClientException', status: 429 },
  Throttling: { exception: 'ThrottledClientException', status: 429 },
  ServiceFailure: { exception: 'ServiceFailureException', status: 500 },
  ServiceUnavailable: { exception: 'ServiceUnavailableException', status: 503 },
} as const;

/** AWS's `ErrorCode` enumeration. */
export type ErrorCode = keyof typeof exceptions;

const exceptionByStatus: Readonly<Record<number, string>> = {
  400: 'BadRequestException',
  401: 'UnauthorizedClientException',
  403: 'ForbiddenException',
  404: 'NotFoundException',
  409: 'ConflictException',
  410: 'GoneException',
  422: 'UnprocessableEntityException',
  429: 'ThrottledClientException',
  500: 'ServiceFailureException',
  503: 'ServiceUnavailableException',
};

/** A refusal of one number in a bulk call: becomes an entry of `PhoneNumberErrors`. */
export interface NumberRefusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** An answer that is an error of the whole call: status, `x-amzn-ErrorType`, and `{ Code, Message }` as body. */
export class ChimeError extends Error {
  override readonly name = 'ChimeError';
  readonly code: string;
  readonly status: number;
  readonly exception: string;

  /** @param status the code's own HTTP status if left out; another one takes that status' exception with it */
  constructor(code: string, message: string, status?: number) {
    super(message);
    const known = code in exceptions ? exceptions[code as ErrorCode] : undefined;
    this.code = code;
    this.status = status ?? known?.status ?? 400;
    this.exception =
      known?.status === this.status
        ? known.exception
        : (exceptionByStatus[this.status] ?? 'ServiceFailureException');
  }
}

export const badRequest = (message: string) => new ChimeError('BadRequest', message);
export const notFound = (message: string) => new ChimeError('NotFound', message);
