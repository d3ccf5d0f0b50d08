/** What the two operations of a release have in common: how to see that a number is off the connector, or queued. */

import { NotYetReleased } from '../errors.ts';
import type { NumberState } from '../ledger/teardown.ts';
import type { Operation } from './bulk.ts';
import { movedTo, placeOf } from './sightings.ts';

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
      const place = placeOf(view, voiceConnectorId);
      if (place.at === 'gone' || place.at === 'queued') return { ...number, state: place.at };
      if (place.at === 'elsewhere') return movedTo(number, number.state, place.holder);
      return place.at === 'free' && to === 'unassigned' ? { ...number, state: to } : undefined;
    },
    notYet: (message) => new NotYetReleased(message),
  };
}
