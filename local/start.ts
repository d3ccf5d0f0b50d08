import { createWriteStream, writeFileSync } from 'node:fs';
import { InvalidExecutionInput } from './engine.ts';
import type { StartOptions } from './options.ts';
import { Progress } from './progress.ts';
import { notStarted, type Report, reportOf } from './report.ts';
import { summaryOf } from './summary.ts';
import { openWorld, type World } from './world.ts';

/** Plays one run as the command line asks for it, and says whether it ended as asked. */
export async function start(options: StartOptions): Promise<boolean> {
  const began = performance.now();
  const logs = options.logs === undefined ? undefined : createWriteStream(options.logs);
  const world = await openWorld({
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
  try {
    const { voiceConnectorId } = world.chime.seedConnector({ numbers: options.numbers, name: 'Local trunk' });
    const request = requestOf(options, voiceConnectorId);
    const report = await play(world, request, voiceConnectorId, options, began);
    console.log(options.json ? JSON.stringify(report) : summaryOf(report));
    return report.outcome === (isDryRun(request) ? 'planned' : 'deleted');
  } finally {
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
  try {
    const execution = world.start(request, { onEvent: (event) => progress?.onEvent(event) });
    const result = await execution.result;
    progress?.end();
    if (options.history !== undefined)
      writeFileSync(options.history, `${JSON.stringify(result.history, null, 2)}\n`);
    return reportOf(world, result, facts());
  } catch (error) {
    progress?.end();
    if (error instanceof InvalidExecutionInput) return notStarted(world, error.message, facts());
    throw error;
  }
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

function isDryRun(request: unknown): boolean {
  return typeof request === 'object' && request !== null && 'dryRun' in request && request.dryRun === true;
}
