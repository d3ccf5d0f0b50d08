/** What the two operations of a release have in common: how to see that a number is off the connector, or queued. */
import { movedTo, type Operation } from './bulk.ts';
import { NotYetReleased } from './errors.ts';
import { isQueued } from './sightings.ts';
import type { NumberState } from './teardown.ts';

/**
 * A bulk operation that takes numbers of a connector one state further.
 *
 * @param from where the numbers are that it is for
 * @param to where they are then
 */
export function releaseOperation(
  voiceConnectorId: string,
  from: NumberState,
  to: NumberState,
  operation: Pick<Operation, 'verb' | 'call'>,
): Operation {
  return {
    ...operation,
    done: (number) => ({ ...number, state: to }),
    isDue: ({ state }) => state === from,
    settledAs: (number, view) => {
      if (view === undefined) return { ...number, state: 'gone' };
      if (isQueued(view)) return { ...number, state: 'queued' };
      const elsewhere = view.associations.find(({ value }) => value !== voiceConnectorId);
      if (elsewhere !== undefined) return movedTo(number, number.state, elsewhere);
      const isUnassigned = view.associations.length === 0 && view.status === 'Unassigned';
      return isUnassigned && to === 'unassigned' ? { ...number, state: 'unassigned' } : undefined;
    },
    notYet: (message) => new NotYetReleased(message),
  };
}
