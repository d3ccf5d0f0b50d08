import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from './call.ts';
import { contentOf, readBody, targetsOf } from './call.ts';
import { uuidFrom } from './draw.ts';
import { ChimeError, notFound } from './errors.ts';
import type { Faults, RawReply, ScriptableFault } from './faults.ts';
import type { OpenRecord, RequestLog, RequestRecord } from './request-log.ts';
import type { Answer, Route, Service } from './routes/route.ts';

/** For tests that act at a precise request: make a change by hand, stop a handler. */
export interface Hooks {
  /** Runs before a request is carried out; not where a fault keeps it from that. */
  beforeEffect?: ((request: RequestRecord) => void | Promise<void>) | undefined;
  /** Runs after a request was carried out (or refused, see its status) and before it is answered. */
  afterEffect?: ((request: RequestRecord) => void | Promise<void>) | undefined;
}

interface Parts {
  readonly service: Service;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly hooks: Hooks;
  readonly seed: string;
  readonly now: () => number;
}

const transport = {
  throttle: () => new ChimeError('Throttled', 'Rate exceeded.'),
  rateLimit: () => new ChimeError('Throttled', 'Rate exceeded.'),
  serviceFailure: () => new ChimeError('ServiceFailure', 'The service encountered an unexpected error.'),
  unavailable: () => new ChimeError('ServiceUnavailable', 'The service is currently unavailable.'),
} as const;

const emptyReply: RawReply = { status: 200, contentType: 'application/json', body: '' };

/** Takes each request from the log entry through fault, hooks and effect to the answer. */
export class Responder {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Answers one request; without a route, with 404. */
  async respond(route: Route | undefined, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { faults, log, hooks, now } = this.#parts;
    const operation = route?.operation ?? 'Unknown';
    const call = callOf(request);
    const record = log.open(operation, call instanceof ChimeError ? [] : targetsOf(call), now());
    reply.header('x-amzn-RequestId', uuidFrom(this.#parts.seed, 'request', record.sequence));
    if (!route) return this.#refuse(notFound(`There is no ${request.method} ${request.url}.`), record, reply);
    if (call instanceof ChimeError) return this.#refuse(call, record, reply);

    const fault = faults.forRequest(operation, contentOf(call), log.count(operation));
    if (fault !== undefined) record.fault = nameOf(fault);
    if (fault === 'hang') return reply.hijack();
    if (fault === 'connectionReset') return breakOff(request, reply);
    if (fault === 'emptyReply') return spoil(emptyReply, record, reply);
    const error = errorFor(fault);
    if (error) return this.#refuse(error, record, reply);
    if (isRaw(fault) && !fault.carriedOut) return spoil(fault, record, reply);

    await hooks.beforeEffect?.(record);
    const answer = this.#carryOut(route, call, record);
    record.status = answer.status;
    if (answer instanceof ChimeError) record.errorCode = answer.code;
    await hooks.afterEffect?.(record);

    if (fault === 'replyLost') {
      record.status = 0;
      return breakOff(request, reply);
    }
    if (isRaw(fault)) return spoil(fault, record, reply);
    if (answer instanceof ChimeError) return this.#refuse(answer, record, reply);
    return send(reply, answer.status, answer.json);
  }

  /** What went wrong outside of the service's own rules: a hook that threw, a body that is too large. */
  fail(error: unknown, reply: FastifyReply): FastifyReply {
    const message = error instanceof Error ? error.message : String(error);
    return this.#sendError(new ChimeError('ServiceFailure', `Local Chime failed: ${message}`), reply);
  }

  #carryOut(route: Route, call: Call, record: OpenRecord): Answer | ChimeError {
    const { service, faults } = this.#parts;
    const { operation } = route;
    const noted = <Fault>(fault: Fault | undefined, name: string) => {
      if (fault !== undefined) record.fault ??= name;
      return fault;
    };
    const permanent = (e164: string) => noted(faults.permanent(operation, e164), 'permanent');
    const all = record.fault === 'numberErrors';
    try {
      return route.run(call, service, {
        alone: permanent,
        inBulk: (e164) => permanent(e164) ?? noted(faults.forNumber(operation, e164, all), 'numberErrors'),
      });
    } catch (error) {
      if (error instanceof ChimeError) return error;
      throw error;
    }
  }

  #refuse(error: ChimeError, record: OpenRecord, reply: FastifyReply): FastifyReply {
    record.status = error.status;
    record.errorCode = error.code;
    return this.#sendError(error, reply);
  }

  #sendError(error: ChimeError, reply: FastifyReply): FastifyReply {
    if (this.#parts.service.switches.errorHeader === 'present') {
      reply.header('x-amzn-ErrorType', error.exception);
    }
    return send(reply, error.status, { Code: error.code, Message: error.message });
  }
}

function callOf(request: FastifyRequest): Call | ChimeError {
  // Fastify has neither where it could not decode the path.
  const { id = '' } = (request.params ?? {}) as { id?: string };
  const query = Object.entries((request.query ?? {}) as Record<string, string | string[]>).map(
    ([name, value]) => [name, Array.isArray(value) ? (value[0] ?? '') : value],
  );
  try {
    const body = readBody(typeof request.body === 'string' ? request.body : '');
    return { id, query: Object.fromEntries(query), body };
  } catch (error) {
    if (error instanceof ChimeError) return error;
    throw error;
  }
}

type RequestFault = ScriptableFault | 'rateLimit';

function nameOf(fault: RequestFault): string {
  if (typeof fault === 'string') return fault;
  return isRaw(fault) ? 'rawReply' : fault.code;
}

function isRaw(fault: RequestFault | undefined): fault is RawReply {
  return typeof fault === 'object' && 'body' in fault;
}

function errorFor(fault: RequestFault | undefined): ChimeError | undefined {
  if (fault === undefined) return undefined;
  if (typeof fault === 'string')
    return fault in transport ? transport[fault as keyof typeof transport]() : undefined;
  if ('code' in fault) {
    return new ChimeError(fault.code, fault.message, fault.status);
  }
  return undefined;
}

function breakOff(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

function spoil({ status, contentType, body }: RawReply, record: OpenRecord, reply: FastifyReply) {
  record.status = status;
  return reply.code(status).header('content-type', contentType).send(body);
}

function send(reply: FastifyReply, status: number, json: object | undefined): FastifyReply {
  reply.code(status);
  if (json === undefined) return reply.send();
  // A buffer keeps Fastify from adding a charset, which the service does not send.
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(json)));
}
