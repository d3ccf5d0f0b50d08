import { describe, expect, it } from '@jest/globals';
import { listInventory, type Place, placeOf } from '../../lambda/batches/sightings.ts';
import { type NumberView, queueStatuses } from '../../lambda/ports.ts';

const ours = { name: 'VoiceConnectorId', value: 'ours' };
const theirs = { name: 'VoiceConnectorId', value: 'theirs' };
const group = { name: 'VoiceConnectorGroupId', value: 'group' };

/** The plain list, and one for each status of the queue; each of a single page here. */
const lists = 1 + queueStatuses.length;

const cases: [string, string | undefined, NumberView['associations'], Place][] = [
  ['is gone where the service does not know it', undefined, [], { at: 'gone' }],
  ['is in the queue while it is being released', 'ReleaseInProgress', [], { at: 'queued' }],
  ['is in the queue while it is being deleted', 'DeleteInProgress', [], { at: 'queued' }],
  ['is in the queue whatever it is said to be on', 'ReleaseInProgress', [ours], { at: 'queued' }],
  ['is stuck in there', 'ReleaseFailed', [], { at: 'stuck', status: 'ReleaseFailed' }],
  ['is stuck in there, at its end', 'DeleteFailed', [], { at: 'stuck', status: 'DeleteFailed' }],
  ['is on the connector', 'Assigned', [ours], { at: 'here' }],
  ['is on the connector among other things', 'Assigned', [group, ours], { at: 'here' }],
  ['is with another connector', 'Assigned', [theirs], { at: 'elsewhere', holder: theirs }],
  ['is with a group', 'Assigned', [group], { at: 'elsewhere', holder: group }],
  ['is free in the inventory', 'Unassigned', [], { at: 'free' }],
  ['is busy with something else', 'PortinInProgress', [], { at: 'busy', status: 'PortinInProgress' }],
];

describe('A number, seen from a connector,', () => {
  it.each(cases)('%s', (_what, status, associations, place) => {
    const e164 = '+12065550100';
    const view = status === undefined ? undefined : { id: e164, e164, key: e164, status, associations };
    expect(placeOf(view, 'ours')).toEqual(place);
  });
});

describe('The lists of the inventory', () => {
  it.each([
    [lists, true],
    [lists - 1, false],
  ])(
    'are read to their end where that is no more calls than are allowed: with %d, %p',
    async (most, isRead) => {
      const inventory = async function* (): AsyncGenerator<NumberView[]> {
        yield [];
      };
      expect(await listInventory({ inventory }, most, () => undefined)).toBe(isRead);
    },
  );
});
