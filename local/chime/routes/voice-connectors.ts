import type { Connector } from '../connectors.ts';
import { badRequest, notFound } from '../errors.ts';
import { nextToken, readPage } from '../paging.ts';
import { blockedDelete, judgeAssociate, judgeDisassociate, memberDelete } from '../rules.ts';
import { connectorJson } from '../wire.ts';
import { forEachNumber, readNumbers } from './bulk.ts';
import type { Route, Service } from './route.ts';

const COLLECTION = '/voice-connectors';
const ONE = '/voice-connectors/:id';

export function existing({ account }: Service, id: string): Connector {
  const connector = account.connector(id);
  if (!connector) throw notFound(`Voice Connector ${id} was not found.`);
  return connector;
}

export const voiceConnectorRoutes: readonly Route[] = [
  {
    operation: 'ListVoiceConnectors',
    method: 'GET',
    path: COLLECTION,
    run({ query }, { account, pageLimit }) {
      const { after, limit } = readPage('ListVoiceConnectors', query, pageLimit);
      const page = account.connectors(after, limit);
      const token = nextToken('ListVoiceConnectors', query, page.next);
      return { status: 200, json: { VoiceConnectors: page.items.map(connectorJson), ...token } };
    },
  },
  {
    operation: 'GetVoiceConnector',
    method: 'GET',
    path: ONE,
    run({ id }, service) {
      return { status: 200, json: { VoiceConnector: connectorJson(existing(service, id)) } };
    },
  },
  {
    operation: 'DisassociatePhoneNumbersFromVoiceConnector',
    method: 'POST',
    path: ONE,
    select: 'disassociate-phone-numbers',
    run(call, service, faults) {
      const { account, switches } = service;
      const numbers = readNumbers(call, 'E164PhoneNumbers', switches);
      existing(service, call.id);
      return forEachNumber(numbers, service, faults, {
        judge: (e164) => judgeDisassociate(e164, account.number(e164), call.id, switches),
        act: (e164) => account.disassociate(e164),
      });
    },
  },
  {
    operation: 'AssociatePhoneNumbersWithVoiceConnector',
    method: 'POST',
    path: ONE,
    select: 'associate-phone-numbers',
    run(call, service, faults) {
      const { account, switches } = service;
      const numbers = readNumbers(call, 'E164PhoneNumbers', switches);
      const force = call.body.ForceAssociate ?? false;
      if (typeof force !== 'boolean') throw badRequest('ForceAssociate must be true or false.');
      existing(service, call.id);
      return forEachNumber(numbers, service, faults, {
        judge: (e164) =>
          judgeAssociate(e164, account.number(e164), { connectorId: call.id, force }, switches),
        act: (e164) => account.associate(e164, call.id),
      });
    },
  },
  {
    operation: 'DeleteVoiceConnector',
    method: 'DELETE',
    path: ONE,
    run({ id }, service) {
      const { account, switches } = service;
      existing(service, id);
      if (account.holds({ name: 'VoiceConnectorId', value: id })) throw blockedDelete(id, switches);
      const refusal = account.groups.with(id).length > 0 ? memberDelete(id, switches) : undefined;
      if (refusal) throw refusal;
      account.deleteConnector(id);
      return { status: 204 };
    },
  },
];
