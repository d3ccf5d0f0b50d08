import { createWriteStream, writeFileSync } from 'node:fs';
import { boardOver, untilInterrupted } from './board.ts';
import { type Execution, type ExecutionResult, InvalidExecutionInput } from './engine.ts';
import type { EngineEvent } from './engine-history.ts';
import type { StartOptions } from './options.ts';
import { Progress } from './progress.ts';
import { notStarted, type Report, reportOf, undoneReport } from './report.ts';
import { summaryOf } from './summary.ts';
import { openWorld, type World } from './world.ts';

/** Half of the deletion window, in ms: when `--undo` restores. */
const halfOfWindow = 3.5 * 24 * 60 * 60_000;

/** Plays one run as the command line asks for it, and says whether it ended as asked. */
export async function start(options: StartOptions): Promise<boolean> {
  const began = performance.now();
  const logs = options.logs === undefined ? undefined : createWriteStream(options.logs);
  const bare = await openWorld({
    seed: options.seed,
    settings: { chimeApi: options.chimeApi },
    faults: {
      throttle: options.throttle,
      serviceFailure: options.errors / 2,
      unavailable: options.errors / 2,
      numberErrors: options.errors,
    },
    onLog: (line) => logs?.write(`${line}\n`),
  });
  const { board, world } = options.board ? await boardOver(bare) : { board: undefined, world: bare };
  if (board !== undefined) console.error(`The teardown board: ${board.url} (also with ?theme=dark)`);
  try {
    const { voiceConnectorId } = world.chime.seedConnector({ numbers: options.numbers, name: 'Local trunk' });
    const request = requestOf(options, voiceConnectorId);
    const report = await play(world, request, voiceConnectorId, options, began);
    console.log(options.json ? JSON.stringify(report) : summaryOf(report));
    if (board !== undefined) await untilInterrupted(board);
    return report.outcome === outcomeAskedFor(request, options);
  } finally {
    await board?.close();
    await world.close();
    await new Promise<void>((resolve) => (logs === undefined ? resolve() : logs.end(() => resolve())));
  }
}

async function play(
  world: World,
  request: unknown,
  voiceConnectorId: string,
  options: StartOptions,
  began: number,
): Promise<Report> {
  const facts = () => ({ voiceConnectorId, wallSeconds: Math.round(performance.now() - began) / 1_000 });
  const progress = options.json ? undefined : new Progress(world, options.numbers);
  const onEvent = (event: EngineEvent) => progress?.onEvent(event);
  try {
    const { teardown, restore } = await carryOut(world, request, voiceConnectorId, options, onEvent);
    progress?.end();
    if (options.history !== undefined) {
      const history = [...teardown.history, ...(restore?.history ?? [])];
      writeFileSync(options.history, `${JSON.stringify(history, null, 2)}\n`);
    }
    return restore === undefined
      ? reportOf(world, teardown, facts())
      : undoneReport(world, teardown, restore, facts());
  } catch (error) {
    progress?.end();
    if (error instanceof InvalidExecutionInput) return notStarted(world, error.message, facts());
    throw error;
  }
}

/**
 * Tears down; with `--undo` restores half-way through the window, and with `--stop` presses Stop. A teardown that never comes
 * there is all that there is.
 */
async function carryOut(
  world: World,
  request: unknown,
  voiceConnectorId: string,
  options: StartOptions,
  onEvent: (event: EngineEvent) => void,
): Promise<{ teardown: ExecutionResult; restore: ExecutionResult | undefined }> {
  let restore: Execution | undefined;
  const halfWay = () => {
    if (options.undo)
      restore = world.restore({ voiceConnectorId, requestedBy: 'npm start', reason: '--undo' }, { onEvent });
    if (options.stop) teardown.abort();
  };
  const teardown = world.start(request, {
    onEvent: (event) => {
      onEvent(event);
      if (event.type !== 'StateEntered' || event.state?.name !== 'Wait until the last day') return;
      world.clock.outside(() => world.clock.setTimeout(halfWay, halfOfWindow));
    },
  });
  return { teardown: await teardown.result, restore: await restore?.result };
}

function requestOf({ input, numbers, dryRun }: StartOptions, voiceConnectorId: string): unknown {
  const base =
    input === undefined
      ? {
          voiceConnectorId,
          expectedPhoneNumbers: numbers,
          requestedBy: 'npm start',
          reason: 'To see how it goes',
        }
      : (JSON.parse(JSON.stringify(input).replaceAll('{{connector}}', voiceConnectorId)) as unknown);
  const isObject = typeof base === 'object' && base !== null && !Array.isArray(base);
  return dryRun && isObject ? { ...base, dryRun: true } : base;
}

function outcomeAskedFor(request: unknown, { undo, stop }: StartOptions): Report['outcome'] {
  if (undo) return 'restored';
  if (stop) return 'interrupted';
  const isDryRun =
    typeof request === 'object' && request !== null && 'dryRun' in request && request.dryRun === true;
  return isDryRun ? 'planned' : 'deleted';
}
