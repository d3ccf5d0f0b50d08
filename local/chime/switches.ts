/**
 * What AWS does not document about the service, or what is documented in two ways: one switch for each reading.
 * The product must work under every combination, so tests play them all (see `switchPositions`).
 */
export interface ChimeSwitches {
  /** How a `PhoneNumberId` is written in replies: `%2B1206…` as in AWS's samples, or `+1206…`. Both are accepted. */
  readonly numberIdForm: 'percent' | 'plus';
  /** Disassociating a number that is not on that connector: no error, or an entry with this `ErrorCode`. */
  readonly repeatedDisassociation: 'silent' | 'NotFound' | 'BadRequest';
  /** `ErrorCode` for deleting a number that is still associated. */
  readonly deleteAssigned:
    | 'PhoneNumberAssociationsExist'
    | 'Conflict'
    | 'BadRequest'
    | 'PreconditionFailed'
    | 'Unprocessable';
  /** Deleting a number that is in the deletion queue already: no error, or an entry with this `ErrorCode`. */
  readonly deleteQueued: 'silent' | 'NotFound' | 'BadRequest' | 'Conflict' | 'Gone' | 'PreconditionFailed';
  /** Status and `Code` for deleting a connector that still has numbers (409 ConflictException, 400 BadRequestException). */
  readonly blockedDelete:
    | '409 PhoneNumberAssociationsExist'
    | '409 Conflict'
    | '400 BadRequest'
    | '400 PhoneNumberAssociationsExist';
  /** A bulk call with more than 50 numbers: 400 for the whole call, or carried out. */
  readonly overLimit: 'refused' | 'accepted';
  /** For so many seconds after a disassociation, reads show the old association and deletes are refused because of it. */
  readonly convergenceSeconds: number;
  /** Whether numbers in the deletion queue are listed always, or only when the `status` filter asks for their status. */
  readonly queuedListed: 'always' | 'byStatus';
  /** What `DeletionTimestamp` means: the moment of queueing, or the end of the 7 days. */
  readonly deletionTimestamp: 'queuedAt' | 'purgedAt';
  /** Whether error replies carry `x-amzn-ErrorType`; without it the SDK names the error by the body's `Code`. */
  readonly errorHeader: 'present' | 'absent';
  /** Hours after the 7 days at which a number is purged: the sweep may not be exact. */
  readonly purgeLateHours: number;
  /** What a bulk reply without errors holds: `"PhoneNumberErrors": []`, or no such member. */
  readonly emptyErrors: 'list' | 'absent';
}

/** The readings that AWS's documentation and samples make most likely. */
export const defaultSwitches: ChimeSwitches = {
  numberIdForm: 'percent',
  repeatedDisassociation: 'silent',
  deleteAssigned: 'PhoneNumberAssociationsExist',
  deleteQueued: 'silent',
  blockedDelete: '409 PhoneNumberAssociationsExist',
  overLimit: 'refused',
  convergenceSeconds: 0,
  queuedListed: 'always',
  deletionTimestamp: 'queuedAt',
  errorHeader: 'present',
  purgeLateHours: 0,
  emptyErrors: 'list',
};

/** Every position of every switch (for the two that are numbers: those worth playing), the default first. */
export const switchPositions: { readonly [Name in keyof ChimeSwitches]: readonly ChimeSwitches[Name][] } = {
  numberIdForm: ['percent', 'plus'],
  repeatedDisassociation: ['silent', 'NotFound', 'BadRequest'],
  deleteAssigned: [
    'PhoneNumberAssociationsExist',
    'Conflict',
    'BadRequest',
    'PreconditionFailed',
    'Unprocessable',
  ],
  deleteQueued: ['silent', 'NotFound', 'BadRequest', 'Conflict', 'Gone', 'PreconditionFailed'],
  blockedDelete: [
    '409 PhoneNumberAssociationsExist',
    '409 Conflict',
    '400 BadRequest',
    '400 PhoneNumberAssociationsExist',
  ],
  overLimit: ['refused', 'accepted'],
  convergenceSeconds: [0, 20, 90],
  queuedListed: ['always', 'byStatus'],
  deletionTimestamp: ['queuedAt', 'purgedAt'],
  errorHeader: ['present', 'absent'],
  purgeLateHours: [0, 30],
  emptyErrors: ['list', 'absent'],
};
