/** Teardowns in their window, and how a run of one may end: for the specifications of "Close teardown". */
import type { Ending } from '../../lambda/journey.ts';
import { type BeginOptions, type Begun, begin, execution, openSetting } from './teardown-setting.ts';

export const inQueue = { queued: 3, unassigned: 0, attached: 0, gone: 0, reclaimed: 0 };
export const failure = { Error: 'StillAttached', Cause: '2 numbers are attached, …0100 among them.' };

/** Three numbers in two batches, all in the deletion queue. */
export async function openInWindow(options: Partial<BeginOptions> = {}) {
  const setting = await openSetting();
  const begun = await begin(setting, {
    numbers: 3,
    state: 'queued',
    phase: 'window',
    batchSize: 2,
    ...options,
  });
  return { setting, begun };
}

export function deleted({ inspected }: Begun): Ending {
  return { outcome: 'deleted', execution, state: inspected };
}

export function failed({ inspected }: Begun): Ending {
  return { outcome: 'failed', execution, state: { ...inspected, failure } };
}
