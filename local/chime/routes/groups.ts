import type { Call } from '../call.ts';
import { isRecord } from '../call.ts';
import { badRequest, notFound } from '../errors.ts';
import type { Group, GroupItem, NewGroup } from '../groups.ts';
import { callDistributionTypes } from '../groups.ts';
import { nextToken, readPage } from '../paging.ts';
import { groupJson } from '../wire.ts';
import { oneOf } from './details.ts';
import type { Route, Service } from './route.ts';

const COLLECTION = '/voice-connector-groups';
const ONE = '/voice-connector-groups/:id';

/** The most connectors in a group (Amazon Chime SDK endpoints and quotas). */
const GROUP_LIMIT = 3;

export const groupRoutes: readonly Route[] = [
  {
    operation: 'ListVoiceConnectorGroups',
    method: 'GET',
    path: COLLECTION,
    run({ query }, { account, switches, pageLimit }) {
      const { after, limit } = readPage('ListVoiceConnectorGroups', query, pageLimit);
      const page = account.groups.page(after, limit);
      const token = nextToken('ListVoiceConnectorGroups', query, page.next);
      const listed = page.items.map((group) => {
        const { VoiceConnectorItems, ...rest } = groupJson(group);
        return switches.groupItemsListed === 'present' ? { ...rest, VoiceConnectorItems } : rest;
      });
      return { status: 200, json: { VoiceConnectorGroups: listed, ...token } };
    },
  },
  {
    operation: 'GetVoiceConnectorGroup',
    method: 'GET',
    path: ONE,
    run({ id }, service) {
      return { status: 200, json: { VoiceConnectorGroup: groupJson(existingGroup(service, id)) } };
    },
  },
  {
    operation: 'UpdateVoiceConnectorGroup',
    method: 'PUT',
    path: ONE,
    run({ id, body }, service) {
      const { account, switches } = service;
      existingGroup(service, id);
      const update = readGroup(body, service);
      const numbersLeft = account.holds({ name: 'VoiceConnectorGroupId', value: id });
      if (update.items.length === 0 && numbersLeft && switches.emptyGroupWithNumbers === 'BadRequest') {
        throw badRequest(`Voice Connector group ${id} has associated phone numbers.`);
      }
      account.groups.update(id, update);
      return { status: 202, json: { VoiceConnectorGroup: groupJson(existingGroup(service, id)) } };
    },
  },
];

function existingGroup({ account }: Service, id: string): Group {
  const group = account.groups.get(id);
  if (!group) throw notFound(`Voice Connector group ${id} was not found.`);
  return group;
}

function readGroup(body: Call['body'], service: Service): NewGroup {
  const { Name: name, VoiceConnectorItems: items, CallDistributionType: distribution } = body;
  if (typeof name !== 'string' || name === '') throw badRequest('Name must not be empty.');
  if (!Array.isArray(items)) throw badRequest('VoiceConnectorItems must be a list.');
  if (items.length > GROUP_LIMIT) {
    throw badRequest(`VoiceConnectorItems must have at most ${GROUP_LIMIT} members, not ${items.length}.`);
  }
  const given = distribution === undefined ? undefined : String(distribution);
  return {
    name,
    items: items.map((item: unknown) => readItem(item, service)),
    callDistributionType: oneOf('CallDistributionType', given, callDistributionTypes),
  };
}

function readItem(item: unknown, { account }: Service): GroupItem {
  const { VoiceConnectorId: voiceConnectorId, Priority: priority } = isRecord(item) ? item : {};
  if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 1 || priority > 99) {
    throw badRequest(`Priority must be from 1 to 99, not ${JSON.stringify(priority)}.`);
  }
  if (typeof voiceConnectorId !== 'string' || !account.connector(voiceConnectorId)) {
    throw badRequest(`Voice Connector ${voiceConnectorId} was not found.`);
  }
  return { voiceConnectorId, priority };
}
