/** How a day is made to lead an execution into a state: most are on the way of every run, some only of an unlucky one. */
import type { Definition } from '../local/engine-definition.ts';
import { synthesise } from '../local/synthesis.ts';
import type { Day, Deed, Mischief, Mishap, Outage, Place } from './day.ts';

const { definition, restore } = synthesise();

/** Every state of both workflows. */
export const allPlaces: readonly Place[] = [
  ...namesIn(definition).map((state): Place => ({ machine: 'teardown', state })),
  ...namesIn(restore.definition).map((state): Place => ({ machine: 'restore', state })),
];

function namesIn({ States }: Definition): string[] {
  return Object.entries(States).flatMap(([name, state]) => {
    const { ItemProcessor: inner } = state as { ItemProcessor?: { States?: object } };
    return [name, ...Object.keys(inner?.States ?? {})];
  });
}

/** What a day must be for an execution to come to a place. */
export interface Road extends Partial<Omit<Day, 'mishaps' | 'switches'>> {
  readonly mishaps: readonly Mishap[];
  readonly switches?: Partial<Day['switches']>;
}

const inWindow = { hours: 84 };
const afterTheEnd = { hours: 200 };

/** The roads to states that a run without trouble never sees, by machine and state. */
const detours: Readonly<Record<string, Road>> = {
  'teardown: Close teardown (refused)': way(deed('protect', 'teardown', 'Accept request')),
  'teardown: Announce refusal': way(deed('protect', 'teardown', 'Accept request')),
  'teardown: Teardown refused': way(deed('protect', 'teardown', 'Accept request')),
  'teardown: Stop before the delete': way(deedAt('reclaim', inWindow)),
  'teardown: Close teardown (failed)': way(deedAt('reclaim', inWindow)),
  'teardown: Announce failure': way(deedAt('reclaim', inWindow)),
  'teardown: Teardown failed': way(deedAt('reclaim', inWindow)),
  'teardown: Teardown failed, unrecorded': way(
    deedAt('reclaim', inWindow),
    outage('ledgerThrottles', 'teardown', 'Close teardown (failed)'),
  ),
  'teardown: Wait before next check': { mishaps: [], switches: { purgeLateHours: 30 } },
  'teardown: Detach from groups': { mishaps: [], detachFromGroups: true, isFurnished: true },
  'teardown: Plan ready': way({ at: { hours: 0 }, what: { kind: 'dryRun', machine: 'teardown' } }),
  'teardown: Already deleted': way({ at: afterTheEnd, what: { kind: 'secondRun', resume: false } }),
  'restore: Close teardown (refused)': way(restoreAt(afterTheEnd)),
  'restore: Announce refusal': way(restoreAt(afterTheEnd)),
  'restore: Restore refused': way(restoreAt(afterTheEnd)),
  'restore: Close teardown (failed)': way(
    restoreAt(inWindow),
    outage('chimeDown', 'restore', 'Take phone numbers out of the queue'),
  ),
  'restore: Announce failure': way(
    restoreAt(inWindow),
    outage('chimeDown', 'restore', 'Take phone numbers out of the queue'),
  ),
  'restore: Restore failed': way(
    restoreAt(inWindow),
    outage('chimeDown', 'restore', 'Take phone numbers out of the queue'),
  ),
  'restore: Restore failed, unrecorded': way(
    restoreAt(inWindow),
    outage('chimeDown', 'restore', 'Take phone numbers out of the queue'),
    outage('ledgerThrottles', 'restore', 'Close teardown (failed)'),
  ),
  'restore: Wait before next look': way(restoreAt(inWindow), deed('park', 'restore', 'Verify restore')),
  // Two minutes before the look: no read shows it where it was.
  'restore: Take what is missing': way(restoreAt(inWindow), deed('park', 'restore', 'Wait before next look')),
  'restore: Close teardown (incomplete)': way(deedAt('portOut', inWindow), restoreAt({ hours: 90 })),
  'restore: Announce shortfall': way(deedAt('portOut', inWindow), restoreAt({ hours: 90 })),
  'restore: Restore incomplete': way(deedAt('portOut', inWindow), restoreAt({ hours: 90 })),
  'restore: Names left as they are': {
    mishaps: [restoreAt(inWindow), outage('chimeDown', 'restore', 'Request names')],
    isFurnished: true,
    switches: { restoredNames: 'dropped' },
  },
  'restore: Restore planned': way({ at: inWindow, what: { kind: 'dryRun', machine: 'restore' } }),
  'restore: Already restored': way(restoreAt(inWindow), restoreAt({ hours: 160 })),
};

/** What leads there. */
export function roadTo({ machine, state }: Place): Road {
  const detour = detours[`${machine}: ${state}`];
  if (detour !== undefined) return detour;
  return way(...(machine === 'restore' ? [restoreAt(inWindow)] : []));
}

function way(...mishaps: Mishap[]): Road {
  return { mishaps };
}

function deedAt(deed: Deed, at: Mishap['at']): Mishap {
  return { at, what: { kind: 'deed', deed, nth: 0 } };
}

function deed(what: Deed, machine: Place['machine'], state: string): Mishap {
  return deedAt(what, { machine, state, nth: 1 });
}

function restoreAt(at: Mishap['at']): Mishap {
  return { at, what: { kind: 'restore', times: 1 } };
}

function outage(which: Outage, machine: Place['machine'], state: string): Mishap {
  const what: Mischief = { kind: 'outage', outage: which, minutes: 300 };
  return { at: { machine, state, nth: 1 }, what };
}
