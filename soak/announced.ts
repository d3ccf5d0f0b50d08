/** Whether what was announced is what happened: to each run its end, and the last day of a window once. */
import type { LocalEventBus } from '../local/event-bus.ts';
import type { Run } from './runs.ts';

/** How the end of a run may be announced, by its status and outcome. */
const ends: Readonly<Record<string, readonly string[]>> = {
  deleted: ['Teardown Completed'],
  restored: ['Connector Restored'],
  FAILED: ['Teardown Refused', 'Teardown Failed', 'Teardown Interrupted'],
};

/** What was announced without being so, or not announced; of what the bus did not take nobody can tell. */
export function wronglyAnnounced(
  runs: readonly Run[],
  bus: Pick<LocalEventBus, 'events' | 'failed'>,
): string[] {
  const wrong: string[] = [];
  for (const { arn, machine, state, ended } of runs) {
    const told = bus.events
      .filter(({ detail }) => detail.execution === arn)
      .map(({ 'detail-type': type }) => type);
    const { outcome = '' } = (ended?.output ?? {}) as { outcome?: string };
    const allowed = ends[ended?.status === 'FAILED' ? 'FAILED' : outcome] ?? [];
    const endings = told.filter((type) => type !== 'Teardown Window Opened' && type !== 'Teardown Last Day');
    // Stopped runs have said what they came to say; a run without a closed ledger could say nothing.
    const isSilent = ended?.status === 'ABORTED' || /unrecorded$/.test(state);
    const isTold = endings.some((type) => allowed.includes(type));
    if (bus.failed === 0 && allowed.length > 0 && !isSilent && !isTold)
      wrong.push(`a ${machine} ended as ${outcome || ended?.error}, and nobody was told`);
    const others = endings.filter((type) => !allowed.includes(type));
    if (!isSilent && others.length > 0)
      wrong.push(
        `a ${machine} ended as ${outcome || ended?.error}, and was announced as ${others.join(', ')}`,
      );
    if (told.filter((type) => type === 'Teardown Last Day').length > 1)
      wrong.push(`a ${machine} announced its last day more than once`);
  }
  return wrong;
}
