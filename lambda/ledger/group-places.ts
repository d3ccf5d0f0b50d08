/** The places that a connector has in Voice Connector groups, and those that its teardown has taken from it. */
import type { Group, GroupPlace } from '../ports.ts';
import type { Teardown } from './teardown.ts';

/** Its place in each of these groups that it is a member of. */
export function placesIn(groups: readonly Group[], voiceConnectorId: string): GroupPlace[] {
  return groups.flatMap(({ groupId, name, members }) =>
    members
      .filter((member) => member.voiceConnectorId === voiceConnectorId)
      .map(({ priority }) => ({ groupId, name, priority })),
  );
}

/** The places that it was taken out of. Earlier versions noted ids only: then the snapshot knows, if anything does. */
export function placesLeft({
  detachedFrom = [],
  snapshot,
}: Pick<Teardown, 'detachedFrom' | 'snapshot'>): readonly GroupPlace[] {
  return detachedFrom.map((place) => {
    if (typeof place !== 'string') return place;
    return snapshot?.groups.find(({ groupId }) => groupId === place) ?? { groupId: place, priority: 1 };
  });
}
