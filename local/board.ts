/** The teardown board on this machine: the page of the dashboard's widget, without a dashboard around it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { systemClock } from '../lambda/clock.ts';
import type { Connection, Edge } from '../lambda/edge.ts';
import { connect } from '../lambda/show-board.ts';
import type { Execution } from './engine.ts';
import { loggerTo } from './logs.ts';
import { startLocalStates } from './states.ts';
import type { World } from './world.ts';

export interface LocalBoard {
  readonly url: string;
  /** Makes an execution known as running, until it has ended: of any other the board says that it is not. */
  add(execution: Execution): void;
  close(): Promise<void>;
}

interface LocalBoardOptions {
  readonly ledger: Connection;
  readonly tableName: string;
  /** What the board takes for the present. */
  readonly now: () => Date;
}

/**
 * Serves the board over HTTP, at a free port of this machine alone, as it is at each request; `?theme=dark` as in a dark
 * dashboard. A page looks again every 5 s. It is for reading: only CloudWatch gives a Restore button something to do.
 */
export async function startBoard(options: LocalBoardOptions): Promise<LocalBoard> {
  const states = await startLocalStates();
  const edge: Edge = {
    env: {
      LEDGER_TABLE: options.tableName,
      RESTORE_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:123456789012:function:RequestRestore',
    },
    // Looking takes real time, not that of the run.
    clock: { now: options.now, sleep: systemClock.sleep },
    random: Math.random,
    log: loggerTo(() => undefined),
    requestTimeoutMs: 10_000,
    dynamodb: options.ledger,
    states: states.connection,
    chime: {},
    cloudwatch: {},
    events: {},
  };
  const show = connect(edge);
  const app = Fastify({ forceCloseConnections: true });
  app.get<{ Querystring: { theme?: string } }>('/', async (request, reply) => {
    const theme = request.query.theme === 'dark' ? 'dark' : 'light';
    void reply.type('text/html; charset=utf-8');
    // The board needs its style sheet and nothing else.
    void reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    return documentOf(await show({ widgetContext: { theme } }), theme);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    add: states.add,
    close: async () => {
      await Promise.all([app.close(), states.close()]);
    },
  };
}

/** The board of a world, and that world with each execution that is started in it made known to the board. */
export async function boardOver(world: World): Promise<{ board: LocalBoard; world: World }> {
  const { ledger, synthesis, clock } = world;
  const tableName = synthesis.table.TableName;
  const board = await startBoard({ ledger: ledger.connection, tableName, now: () => clock.now() });
  const known =
    (start: World['start']): World['start'] =>
    (input, options) => {
      const execution = start(input, options);
      board.add(execution);
      return execution;
    };
  return { board, world: { ...world, start: known(world.start), restore: known(world.restore) } };
}

/** Lets the board be looked at until Ctrl-C; says so on stderr, as stdout may be somebody's JSON. */
export async function untilInterrupted({ url }: LocalBoard): Promise<void> {
  console.error(`The board stays at ${url} until Ctrl-C.`);
  await once(process, 'SIGINT');
}

/** A browser does not know CloudWatch's own element, and would show what the button sends. */
function documentOf(board: string, theme: 'light' | 'dark'): string {
  const ground = theme === 'dark' ? '#0f1b2a' : '#ffffff';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Teardown board</title>
<style>body{margin:0;background:${ground}}cwdb-action{display:none}</style></head>
<body>${board}</body></html>`;
}
