import Fastify from 'fastify';
import { closeTeardown, connectLedger, openTeardown } from '../../lambda/ledger/ledger.ts';
import type { Batch, NumberState, Teardown } from '../../lambda/ledger/teardown.ts';
import { connect } from '../../lambda/show-board.ts';
import { afterThisTest } from './setting.ts';
import { execution, openSetting, over, running, type Setting } from './teardown-setting.ts';

/** ARN of the function that a Restore button calls. */
export const restoreFunction = 'arn:aws:lambda:us-east-1:111122223333:function:RequestRestore:7';

const hourMs = 60 * 60_000;

/** What is there besides the ledger of a teardown setting. */
export async function openBoard(): Promise<Setting> {
  const setting = await openSetting();
  const env = { ...setting.edge.env, RESTORE_FUNCTION_ARN: restoreFunction };
  return { ...setting, edge: { ...setting.edge, env } };
}

export interface PlantOptions extends Partial<Teardown> {
  /** Default: two, still on the connector while it is releasing, else in the queue. */
  readonly numbers?: Partial<Record<NumberState, number>>;
  /** When the deletion window ends: hours from now. */
  readonly endsIn?: number;
  /** When it ended: hours ago. */
  readonly endedAgo?: number;
  /** When the last number was queued, as its batch says. */
  readonly queuedAt?: string;
  /** What Step Functions says of the holder; `unheard`: it has never heard of it; `none`: nobody holds it. Default: running. */
  readonly run?: 'running' | 'over' | 'unheard' | 'none';
  /** Whether a state machine has opened it; default true. */
  readonly isOpened?: boolean;
}

let planted = 0;

/** Puts a teardown into the ledger, and its run into Step Functions. Answers the connector's id. */
export async function plant(setting: Setting, options: PlantOptions): Promise<string> {
  planted += 1;
  const {
    numbers = options.phase === 'releasing' ? { attached: 2 } : { queued: 2 },
    endsIn,
    endedAgo,
    run = 'running',
    isOpened = true,
    queuedAt,
    ...fields
  } = options;
  const at = (hours: number) => new Date(setting.clock.now().getTime() + hours * hourMs).toISOString();
  const holder = `arn:aws:states:us-east-1:111122223333:execution:Teardown:run-${planted}`;
  const teardown: Teardown & { holder: string } = {
    ...{ voiceConnectorId: `connector-${planted}`, name: `Trunk ${planted}`, phase: 'window' },
    ...{ execution: holder, holder, holderSince: at(-3), busyUntil: at(-3), startedAt: at(-3) },
    ...{ generation: 'g', batchesToRelease: 1, warnings: [], fingerprint: 'sha256:0' },
    ...(isOpened ? { stateMachine: execution.stateMachine } : {}),
    phoneNumbers: Object.values(numbers).reduce((sum, count) => sum + count, 0),
    ...(endsIn === undefined ? {} : { windowEndsAt: at(endsIn) }),
    ...(endedAgo === undefined ? {} : { endedAt: at(-endedAgo) }),
    ...fields,
  };
  const batch: Batch = {
    index: 0,
    ...(queuedAt === undefined ? {} : { queuedAt }),
    numbers: Object.entries(numbers).flatMap(([state, count]) =>
      Array.from({ length: count }, (_, i) => {
        const e164 = `+1206555${String(100 + i).padStart(4, '0')}`;
        return { id: e164, e164, state: state as NumberState };
      }),
    ),
  };
  const ledger = connectLedger(setting.edge);
  await openTeardown(ledger)(teardown, [batch], teardown.startedAt);
  const { phase, voiceConnectorId } = teardown;
  const isClosed = run === 'none' || ['failed', 'interrupted', 'deleted', 'restored'].includes(phase);
  if (isClosed) await closeTeardown(ledger)(voiceConnectorId, holder, {});
  else if (run === 'running') running(setting, holder);
  else if (run === 'over') await over(setting, holder);
  return voiceConnectorId;
}

/** Plants so many, each as `options` says of its place. */
export async function plantMany(
  setting: Setting,
  count: number,
  options: (index: number) => PlantOptions,
): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, i) => plant(setting, options(i))));
}

/** The same surroundings, but that Step Functions answers every call like this. */
export async function withStates(
  setting: Setting,
  answer: (executionArn: string) => Promise<{ status: number; body: object }>,
): Promise<Setting> {
  const app = Fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/', async (request, reply) => {
    const { executionArn } = JSON.parse(String(request.body)) as { executionArn: string };
    const { status, body } = await answer(executionArn);
    return reply.code(status).type('application/x-amz-json-1.0').send(JSON.stringify(body));
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  afterThisTest(() => app.close());
  return { ...setting, edge: { ...setting.edge, states: { ...setting.edge.states, endpoint } } };
}

/** The board as HTML. */
export function boardOf(setting: Setting, event: unknown = {}): Promise<string> {
  return setting.clock.busy(() => connect(setting.edge)(event));
}

/** The texts of the board's rows: each connector with what stands under it. */
export function rowsIn(page: string): string[] {
  return page
    .split('<tr class="row ')
    .slice(1)
    .map((row) => textOf(row.replace(/^[^>]*>/, '').replace(/<\/tbody>.*$/s, '')));
}

/** What is to be read on a page. */
export function textOf(page: string): string {
  return page
    .replace(/<style>.*?<\/style>|<cwdb-action.*?<\/cwdb-action>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
