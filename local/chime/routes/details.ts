import type { Call } from '../call.ts';
import { isRecord, UPDATE_ITEMS } from '../call.ts';
import { e164Of } from '../e164.ts';
import { badRequest } from '../errors.ts';
import type { Details } from '../numbers.ts';
import { productTypes } from '../numbers.ts';
import type { ChimeSwitches } from '../switches.ts';
import { readList } from './bulk.ts';

/** AWS's patterns (UpdatePhoneNumberRequestItem, API reference); an empty name takes the old one away. */
const CALLING_NAME = /^$|^[a-zA-Z0-9 ]{2,15}$/;
const NAME = /^$|^[a-zA-Z0-9,._-]+(\s+[a-zA-Z0-9,._-]+)*$/;
const NAME_LENGTH = 256;

/** Reads what is to change of a number. Throws BadRequest where nothing is, or where a value is malformed. */
export function readDetails(item: Readonly<Record<string, unknown>>): Details {
  const productType = text('ProductType', item.ProductType);
  const callingName = text('CallingName', item.CallingName);
  const name = text('Name', item.Name);
  if (productType === undefined && callingName === undefined && name === undefined) {
    throw badRequest('An update needs one of ProductType, CallingName and Name.');
  }
  if (callingName !== undefined && !CALLING_NAME.test(callingName)) {
    throw badRequest('CallingName must be 2 to 15 letters, digits and spaces, or empty.');
  }
  if (name !== undefined && !(NAME.test(name) && name.length <= NAME_LENGTH)) {
    throw badRequest(
      `Name must be words of letters, digits and ,._- with at most ${NAME_LENGTH} characters.`,
    );
  }
  return { productType: oneOf('ProductType', productType, productTypes), callingName, name };
}

/** Reads the items of a batch update by number. Throws BadRequest for the whole call where one of them is malformed. */
export function readUpdates({ body }: Call, switches: ChimeSwitches): ReadonlyMap<string, Details> {
  const updates = new Map<string, Details>();
  for (const item of readList(body, UPDATE_ITEMS, switches)) {
    if (!isRecord(item)) throw badRequest(`${UPDATE_ITEMS} has a malformed member.`);
    const e164 = e164Of(text('PhoneNumberId', item.PhoneNumberId) ?? '');
    if (e164 === undefined) throw badRequest(`${UPDATE_ITEMS} has a member without a phone number id.`);
    if (updates.has(e164)) throw badRequest(`${UPDATE_ITEMS} names ${e164} twice.`);
    updates.set(e164, readDetails(item));
  }
  return updates;
}

/** The text as one of the values; undefined stays so. Throws BadRequest for any other. */
export function oneOf<Value extends string>(
  parameter: string,
  text: string | undefined,
  values: readonly Value[],
): Value | undefined {
  if (text === undefined) return undefined;
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw badRequest(`${parameter} must be one of ${values.join(', ')}, not ${text}.`);
  return value;
}

function text(member: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw badRequest(`${member} must be a string.`);
  return value;
}
