import type { NumberRefusal } from './errors.ts';
import { ChimeError } from './errors.ts';
import type { PhoneNumber } from './numbers.ts';
import { shown } from './numbers.ts';
import type { ChimeSwitches } from './switches.ts';

/**
 * What the service refuses, under the reading that the switches choose. A rule answers the refusal, 'nothing' where
 * the service says yes and changes nothing, or 'go'. Messages quote the whole number, as AWS's own may.
 */
export type Verdict = NumberRefusal | 'nothing' | 'go';

type Known = Readonly<PhoneNumber> | undefined;

/** The most numbers in one bulk call (Service Authorization Reference, BatchDeletePhoneNumber). */
export const BULK_LIMIT = 50;

export const unknownNumber = (e164: string): NumberRefusal => ({
  code: 'NotFound',
  message: `Phone number ${e164} was not found in this account.`,
});

/** May the number go into the deletion queue? */
export function judgeDelete(e164: string, number: Known, switches: ChimeSwitches): Verdict {
  if (!number) return unknownNumber(e164);
  if (number.queuedAt !== undefined) {
    if (switches.deleteQueued === 'silent') return 'nothing';
    return { code: switches.deleteQueued, message: `Phone number ${e164} is in the deletion queue already.` };
  }
  const { holder, status } = shown(number);
  if (holder) {
    return {
      code: switches.deleteAssigned,
      message: `Phone number ${e164} is associated with ${holder.name} ${holder.value}.`,
    };
  }
  if (status === 'Unassigned') return 'go';
  return { code: 'BadRequest', message: `Phone number ${e164} has the status ${status}.` };
}

/** May the number be taken from the connector? */
export function judgeDisassociate(
  e164: string,
  number: Known,
  connectorId: string,
  switches: ChimeSwitches,
): Verdict {
  if (!number) return unknownNumber(e164);
  if (number.holder?.name === 'VoiceConnectorId' && number.holder.value === connectorId) return 'go';
  if (switches.repeatedDisassociation === 'silent') return 'nothing';
  return {
    code: switches.repeatedDisassociation,
    message: `Phone number ${e164} is not associated with Voice Connector ${connectorId}.`,
  };
}

/** May the number be given to the connector? `force` takes it from another connector. */
export function judgeAssociate(e164: string, number: Known, connectorId: string, force: boolean): Verdict {
  if (!number) return unknownNumber(e164);
  const { holder, status } = number;
  if (holder?.name === 'VoiceConnectorId' && holder.value === connectorId) return 'nothing';
  if (holder && !(force && holder.name === 'VoiceConnectorId')) {
    return {
      code: 'PhoneNumberAssociationsExist',
      message: `Phone number ${e164} is associated with ${holder.name} ${holder.value}.`,
    };
  }
  if (number.productType !== 'VoiceConnector') {
    return { code: 'BadRequest', message: `Phone number ${e164} has the type ${number.productType}.` };
  }
  if (holder || status === 'Unassigned') return 'go';
  return { code: 'BadRequest', message: `Phone number ${e164} has the status ${status}.` };
}

/** May the number leave the deletion queue? */
export function judgeRestore(e164: string, number: Known): Verdict {
  if (!number) return unknownNumber(e164);
  if (number.queuedAt !== undefined) return 'go';
  return { code: 'BadRequest', message: `Phone number ${e164} is not in the deletion queue.` };
}

/** The error that stands for deleting a connector which still has numbers. */
export function blockedDelete(connectorId: string, switches: ChimeSwitches): ChimeError {
  const [status, code = ''] = switches.blockedDelete.split(' ');
  return new ChimeError(code, `Voice Connector ${connectorId} has associated phone numbers.`, Number(status));
}
