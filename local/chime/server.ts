import type { AddressInfo } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Fastify from 'fastify';
import { Account } from './account.ts';
import type { FaultPlan } from './faults.ts';
import { Faults } from './faults.ts';
import type { Operation } from './operations.ts';
import type { RequestRecord } from './request-log.ts';
import { RequestLog } from './request-log.ts';
import type { Hooks } from './responder.ts';
import { Responder } from './responder.ts';
import { configurationRoutes } from './routes/configuration.ts';
import { groupRoutes } from './routes/groups.ts';
import { phoneNumberRoutes } from './routes/phone-numbers.ts';
import { sipRuleRoutes } from './routes/sip-rules.ts';
import { voiceConnectorRoutes } from './routes/voice-connectors.ts';
import type { SeededConnector, SeedOptions } from './seed.ts';
import { Seeder } from './seed.ts';
import type { ChimeSwitches } from './switches.ts';
import { defaultSwitches } from './switches.ts';

const routes = [
  ...voiceConnectorRoutes,
  ...configurationRoutes,
  ...groupRoutes,
  ...sipRuleRoutes,
  ...phoneNumberRoutes,
];
const bodyLimit = 16 * 1024 * 1024;

export interface LocalChimeOptions extends Hooks {
  /** The current time in epoch ms; it may jump ahead, not back. */
  readonly now: () => number;
  /** Readings of what AWS does not document; the others keep their defaults. */
  readonly switches?: Partial<ChimeSwitches>;
  readonly faults?: FaultPlan;
  /** Ids and chance follow from it. Default '1'. */
  readonly seed?: string | number;
  /** The largest page: 100 (default), or 99 as the older `chime` namespace has it. */
  readonly pageLimit?: number;
}

export interface LocalChime {
  /** The endpoint for the SDK's clients, without a trailing slash. */
  readonly url: string;
  /** The account behind the service: direct reads and changes by hand, without HTTP. */
  readonly state: Account;
  readonly switches: ChimeSwitches;
  readonly faults: Faults;
  /** May be replaced while running. */
  readonly hooks: Hooks;
  /** Every request received, in order of arrival. */
  readonly requests: readonly RequestRecord[];
  /** How many requests were answered with 429. */
  readonly throttled: number;
  /** How many requests each operation received, those with a fault included. */
  calls(): Record<Operation, number>;
  /** What is left: connectors, numbers not purged (queued ones among them), numbers in the deletion queue. */
  remaining(): { connectors: number; numbers: number; queued: number };
  /** Adds a connector with numbers, without HTTP. */
  seedConnector(options: SeedOptions): SeededConnector;
  /** Breaks all connections, hanging ones too, and stops listening. */
  close(): Promise<void>;
}

/** Starts local Chime on a free port of 127.0.0.1. */
export async function startLocalChime(options: LocalChimeOptions): Promise<LocalChime> {
  const switches = { ...defaultSwitches, ...options.switches };
  const seed = String(options.seed ?? 1);
  const account = new Account({ now: options.now, seed, ...switches });
  const faults = new Faults(seed, options.faults ?? {}, options.now);
  const log = new RequestLog();
  const seeder = new Seeder(account);
  const hooks: Hooks = { beforeEffect: options.beforeEffect, afterEffect: options.afterEffect };
  const service = { account, switches, pageLimit: options.pageLimit ?? 100 };
  const responder = new Responder({ service, faults, log, hooks, seed, now: options.now });

  // A path that cannot be decoded reaches no route.
  const frameworkErrors = (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    void responder.respond(undefined, request, reply);
  };
  const app = Fastify({ forceCloseConnections: true, exposeHeadRoutes: false, bodyLimit, frameworkErrors });
  // Bodies are read as text whatever their type says: what is wrong with them is answered in AWS's shape.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  for (const group of Map.groupBy(routes, ({ method, path }) => `${method} ${path}`).values()) {
    const [first] = group;
    if (!first) continue;
    app.route({
      method: first.method,
      url: first.path,
      handler: (request, reply) => {
        const { id, operation } = selector(request);
        const route = id === '' ? undefined : group.find(({ select }) => select === operation);
        return responder.respond(route, request, reply);
      },
    });
  }
  app.setNotFoundHandler((request, reply) => responder.respond(undefined, request, reply));
  app.setErrorHandler((error, _request, reply: FastifyReply) => responder.fail(error, reply));

  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    state: account,
    switches,
    faults,
    hooks,
    requests: log.records,
    get throttled() {
      return log.throttled;
    },
    calls: () => log.calls(),
    remaining: () => account.remaining(),
    seedConnector: (seedOptions) => seeder.seedConnector(seedOptions),
    close: () => app.close(),
  };
}

function selector(request: FastifyRequest) {
  const { id } = request.params as { id?: string };
  const { operation } = request.query as { operation?: string };
  return { id, operation };
}
