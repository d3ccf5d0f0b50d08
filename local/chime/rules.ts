import type { NumberRefusal } from './errors.ts';
import { ChimeError } from './errors.ts';
import type { Details, PhoneNumber } from './numbers.ts';
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
  const holder = number.holder ?? shown(number).holder;
  if (holder) {
    return {
      code: switches.deleteAssigned,
      message: `Phone number ${e164} is associated with ${holder.name} ${holder.value}.`,
    };
  }
  if (number.status === 'Unassigned') return 'go';
  return { code: 'BadRequest', message: `Phone number ${e164} has the status ${number.status}.` };
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
export function judgeAssociate(
  e164: string,
  number: Known,
  { connectorId, force }: { readonly connectorId: string; readonly force: boolean },
  switches: ChimeSwitches,
): Verdict {
  if (!number) return unknownNumber(e164);
  const { holder, status } = number;
  if (holder?.name === 'VoiceConnectorId' && holder.value === connectorId) {
    if (switches.repeatedAssociation === 'silent') return 'nothing';
    return {
      code: switches.repeatedAssociation,
      message: `Phone number ${e164} is associated with Voice Connector ${connectorId} already.`,
    };
  }
  if (holder && !(force && holder.name === 'VoiceConnectorId')) {
    return {
      code: 'PhoneNumberAssociationsExist',
      message: `Phone number ${e164} is associated with ${holder.name} ${holder.value}.`,
    };
  }
  if (number.productType !== 'VoiceConnector') {
    return { code: 'BadRequest', message: `Phone number ${e164} has the type ${number.productType}.` };
  }
  if (isQueuedForReads(number)) return inQueue(e164);
  if (holder || status === 'Unassigned') return 'go';
  return { code: 'BadRequest', message: `Phone number ${e164} has the status ${status}.` };
}

/** May the number leave the deletion queue? */
export function judgeRestore(e164: string, number: Known, { restoreNotQueued }: ChimeSwitches): Verdict {
  if (!number) return unknownNumber(e164);
  if (number.queuedAt !== undefined) return 'go';
  if (restoreNotQueued === 'silent') return 'nothing';
  return { code: restoreNotQueued, message: `Phone number ${e164} is not in the deletion queue.` };
}

/** May the number's details be changed? */
export function judgeUpdate(e164: string, number: Known, details: Details, switches: ChimeSwitches): Verdict {
  if (!number) return unknownNumber(e164);
  if (isQueuedForReads(number)) return inQueue(e164);
  const changed = Object.values(details).filter((detail) => detail !== undefined);
  if (changed.length > 1 && switches.severalDetails === 'BadRequest') {
    return { code: 'BadRequest', message: `Phone number ${e164} can have one detail updated at a time.` };
  }
  const pending = number.callingNamePendingUntil !== undefined && details.callingName !== undefined;
  if (pending && switches.pendingCallingName === 'BadRequest') {
    return { code: 'BadRequest', message: `The calling name of ${e164} has an update pending.` };
  }
  if (number.holder && (details.productType ?? number.productType) !== number.productType) {
    return { code: 'BadRequest', message: `Phone number ${e164} is associated: its type is in use.` };
  }
  return 'go';
}

/** The error that stands for deleting a connector which still has numbers. */
export function blockedDelete(connectorId: string, switches: ChimeSwitches): ChimeError {
  return refused(switches.blockedDelete, `Voice Connector ${connectorId} has associated phone numbers.`);
}

/** The error that stands for deleting a connector which is a member of a group, if that is refused. */
export function memberDelete(connectorId: string, switches: ChimeSwitches): ChimeError | undefined {
  if (switches.groupMemberDelete === 'accepted') return undefined;
  return refused(switches.groupMemberDelete, `Voice Connector ${connectorId} is a member of a group.`);
}

/** @param statusAndCode as the switches have it: `409 Conflict` */
function refused(statusAndCode: string, message: string): ChimeError {
  const [status, code = ''] = statusAndCode.split(' ');
  return new ChimeError(code, message, Number(status));
}

/** Also while a restoration is under way: then the number is out of the queue, but not free yet. */
function isQueuedForReads(number: Readonly<PhoneNumber>): boolean {
  return shown(number).queuedAt !== undefined;
}

function inQueue(e164: string): NumberRefusal {
  return { code: 'BadRequest', message: `Phone number ${e164} is in the deletion queue.` };
}
