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
type AssociationName = (typeof associationNames)[number];

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
  readonly orderId: string;
  readonly createdAt: number;
  productType: ProductType;
  name: string | undefined;
  callingName: string | undefined;
  /** Set while an update of the calling name is on its way. */
  callingNamePendingUntil: number | undefined;
  updatedAt: number;
  status: PhoneNumberStatus;
  holder: Holder | undefined;
  /** Set while the number is in the deletion queue. */
  queuedAt: number | undefined;
  /** What reads still show of the number as it was, until the service has converged. */
  converging: (Shown & { readonly until: number }) | undefined;
}

/** The fields of a number that reads may show late. */
export type Shown = Readonly<Pick<PhoneNumber, 'status' | 'holder' | 'queuedAt' | 'updatedAt'>>;

/** What reads show of the number. */
export function shown(number: Readonly<PhoneNumber>): Shown {
  return number.converging ?? number;
}

/** Details of a number that can be changed; what is left out stays, and an empty name is none. */
export interface Details {
  readonly productType?: ProductType | undefined;
  readonly name?: string | undefined;
  readonly callingName?: string | undefined;
}

/** The fields of the number with these details changed. */
export function detailsAfter(
  { productType, name, callingName }: PhoneNumber,
  details: Details,
): Pick<PhoneNumber, 'productType' | 'name' | 'callingName'> {
  return {
    productType: details.productType ?? productType,
    name: (details.name ?? name) || undefined,
    callingName: (details.callingName ?? callingName) || undefined,
  };
}

/** Whether the number has this holder, or reads still show it there. */
export function isHeldBy(number: Readonly<PhoneNumber>, { name, value }: Pick<Holder, 'name' | 'value'>) {
  return [number.holder, shown(number).holder].some(
    (holder) => holder?.name === name && holder.value === value,
  );
}

/** Toll-free area codes of the North American numbering plan. */
export function typeOf(e164: string): PhoneNumber['type'] {
  return /^\+18(00|33|44|55|66|77|88)/.test(e164) ? 'TollFree' : 'Local';
}
