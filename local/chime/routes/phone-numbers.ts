import type { Call } from '../call.ts';
import { e164Of } from '../e164.ts';
import type { NumberRefusal } from '../errors.ts';
import { badRequest, ChimeError, notFound } from '../errors.ts';
import type { NumberQuery } from '../number-index.ts';
import { associationNames, phoneNumberStatuses, productTypes } from '../numbers.ts';
import { nextToken, readPage } from '../paging.ts';
import { judgeDelete, judgeRestore, judgeUpdate, unknownNumber } from '../rules.ts';
import { numberJson } from '../wire.ts';
import { forEachNumber, readNumbers } from './bulk.ts';
import { oneOf, readDetails, readUpdates } from './details.ts';
import type { NumberFaults, Route, Service } from './route.ts';

const COLLECTION = '/phone-numbers';
const ONE = '/phone-numbers/:id';

export const phoneNumberRoutes: readonly Route[] = [
  {
    operation: 'ListPhoneNumbers',
    method: 'GET',
    path: COLLECTION,
    run(call, { account, switches, pageLimit }) {
      const { after, limit } = readPage('ListPhoneNumbers', call.query, pageLimit);
      const filters = readFilters(call);
      const withoutQueued = switches.queuedListed === 'byStatus' && filters.status === undefined;
      const page = account.numbers({ ...filters, withoutQueued }, after, limit);
      const token = nextToken('ListPhoneNumbers', call.query, page.next);
      return {
        status: 200,
        json: { PhoneNumbers: page.items.map((number) => numberJson(number, switches)), ...token },
      };
    },
  },
  {
    operation: 'BatchDeletePhoneNumber',
    method: 'POST',
    path: COLLECTION,
    select: 'batch-delete',
    run(call, service, faults) {
      const { account, switches } = service;
      return forEachNumber(readNumbers(call, 'PhoneNumberIds', switches), service, faults, {
        judge: (e164) => judgeDelete(e164, account.number(e164), switches),
        act: (e164) => account.queue(e164),
      });
    },
  },
  {
    operation: 'BatchUpdatePhoneNumber',
    method: 'POST',
    path: COLLECTION,
    select: 'batch-update',
    run(call, service, faults) {
      const { account, switches } = service;
      const updates = readUpdates(call, switches);
      const detailsOf = (e164: string) => updates.get(e164) ?? {};
      return forEachNumber([...updates.keys()], service, faults, {
        judge: (e164) => judgeUpdate(e164, account.number(e164), detailsOf(e164), switches),
        act: (e164) => account.update(e164, detailsOf(e164)),
      });
    },
  },
  {
    operation: 'GetPhoneNumber',
    method: 'GET',
    path: ONE,
    run(call, service, faults) {
      return describe(readNumber(call, faults), service);
    },
  },
  {
    operation: 'DeletePhoneNumber',
    method: 'DELETE',
    path: ONE,
    run(call, { account, switches }, faults) {
      const e164 = readNumber(call, faults);
      const verdict = judgeDelete(e164, account.number(e164), switches);
      if (verdict === 'go') account.queue(e164);
      else if (verdict !== 'nothing') throw asDeclared(verdict);
      return { status: 204 };
    },
  },
  {
    operation: 'RestorePhoneNumber',
    method: 'POST',
    path: ONE,
    select: 'restore',
    run(call, service, faults) {
      const e164 = readNumber(call, faults);
      const verdict = judgeRestore(e164, service.account.number(e164), service.switches);
      if (verdict === 'go') service.account.restore(e164);
      else if (verdict !== 'nothing') throw asDeclared(verdict);
      return describe(e164, service);
    },
  },
  {
    operation: 'UpdatePhoneNumber',
    method: 'POST',
    path: ONE,
    run(call, service, faults) {
      const e164 = readNumber(call, faults);
      const details = readDetails(call.body);
      const verdict = judgeUpdate(e164, service.account.number(e164), details, service.switches);
      if (verdict === 'go') service.account.update(e164, details);
      else if (verdict !== 'nothing') throw asDeclared(verdict);
      return describe(e164, service);
    },
  },
];

/** Calls about one number declare no Gone, and no Conflict that fits: short of NotFound, a refusal is a BadRequestException. */
function asDeclared({ code, message }: NumberRefusal): ChimeError {
  return code === 'NotFound' ? notFound(message) : new ChimeError(code, message, 400);
}

function readNumber({ id }: Call, faults: NumberFaults): string {
  const e164 = e164Of(id);
  if (e164 === undefined) throw badRequest(`${id} is not a phone number id.`);
  const fault = faults.alone(e164);
  if (fault) throw new ChimeError(fault.code, fault.message);
  return e164;
}

function describe(e164: string, { account, switches }: Service) {
  const number = account.number(e164);
  if (!number) throw notFound(unknownNumber(e164).message);
  return { status: 200, json: { PhoneNumber: numberJson(number, switches) } } as const;
}

function readFilters({ query }: Call): NumberQuery {
  const name = oneOf('filter-name', query['filter-name'], associationNames);
  const value = query['filter-value'];
  if ((name === undefined) !== (value === undefined)) {
    throw badRequest('filter-name and filter-value go together.');
  }
  return {
    status: oneOf('status', query.status, phoneNumberStatuses),
    productType: oneOf('product-type', query['product-type'], productTypes),
    holder: name !== undefined && value !== undefined ? { name, value } : undefined,
  };
}
