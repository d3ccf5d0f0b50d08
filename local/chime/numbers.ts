/** AWS's `PhoneNumberStatus` enumeration. */
export const phoneNumberStatuses = [
  'Cancelled',
  'PortinCancelRequested',
  'PortinInProgress',
  'AcquireInProgress',
  'AcquireFailed',
  'Unassigned',
  'Assigned',
  'ReleaseInProgress',
  'DeleteInProgress',
  'ReleaseFailed',
  'DeleteFailed',
] as const;
export type PhoneNumberStatus = (typeof phoneNumberStatuses)[number];

export const productTypes = ['VoiceConnector', 'SipMediaApplicationDialIn', 'BusinessCalling'] as const;
export type ProductType = (typeof productTypes)[number];

/** AWS's `PhoneNumberAssociationName` enumeration: also the values of `filter-name`. */
export const associationNames = [
  'AccountId',
  'UserId',
  'VoiceConnectorId',
  'VoiceConnectorGroupId',
  'SipRuleId',
] as const;
export type AssociationName = (typeof associationNames)[number];

/** Who has a number: at most one connector, group, SIP rule or user at a time. */
export interface Holder {
  readonly name: AssociationName;
  readonly value: string;
  /** Epoch ms. */
  readonly since: number;
}

/** One number of the account. Times are epoch ms. */
export interface PhoneNumber {
  /** Place in every listing: grows with each number added, never used twice. */
  readonly serial: number;
  readonly e164: string;
  readonly type: 'Local' | 'TollFree';
  readonly productType: ProductType;
  readonly orderId: string;
  readonly createdAt: number;
  readonly callingName: string | undefined;
  updatedAt: number;
  status: PhoneNumberStatus;
  holder: Holder | undefined;
  /** Set while the number is in the deletion queue. */
  queuedAt: number | undefined;
  /** What reads still show of a disassociated number, until the service has converged. */
  converging: { readonly until: number; readonly holder: Holder; readonly updatedAt: number } | undefined;
}

/** What reads show of the fields that a disassociation changes. */
export function shown(number: PhoneNumber): Pick<PhoneNumber, 'status' | 'holder' | 'updatedAt'> {
  return number.converging ? { status: 'Assigned', ...number.converging } : number;
}

/** Toll-free area codes of the North American numbering plan. */
export function typeOf(e164: string): PhoneNumber['type'] {
  return /^\+18(00|33|44|55|66|77|88)/.test(e164) ? 'TollFree' : 'Local';
}
