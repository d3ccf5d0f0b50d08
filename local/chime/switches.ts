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
  /** Associating a number that is on that connector already: no error, or an entry with this `ErrorCode`. */
  readonly repeatedAssociation: 'silent' | 'Conflict' | 'BadRequest' | 'PhoneNumberAssociationsExist';
  /** For so many seconds after an association, reads show the number as unassigned and not on the connector. */
  readonly associationSeconds: number;
  /** Restoring a number that is not in the deletion queue: 400, 404, or 200 with the number as it is. */
  readonly restoreNotQueued: 'BadRequest' | 'NotFound' | 'silent';
  /**
   * For so many seconds after a restoration, reads show the number as if it were in the deletion queue, and it can be
   * neither associated nor updated. The purge is off at once.
   */
  readonly restoreSeconds: number;
  /** Whether a number that was in the deletion queue still has its name and calling name. */
  readonly restoredNames: 'kept' | 'dropped';
  /** Changing several details of a number at once, where AWS's reference says one at a time. */
  readonly severalDetails: 'BadRequest' | 'accepted';
  /** Asking for a calling name while an update of it is pending, where AWS's reference says that it must be complete. */
  readonly pendingCallingName: 'BadRequest' | 'accepted';
  /** Deleting a connector that is a member of a group: status and `Code`, or it leaves the group. */
  readonly groupMemberDelete: '409 VoiceConnectorGroupAssociationsExist' | '400 BadRequest' | 'accepted';
  /** Whether a group has its `VoiceConnectorItems` in the list of groups too, or only when it is read alone. */
  readonly groupItemsListed: 'present' | 'absent';
  /** An update that leaves a group without connectors while numbers are associated with it. */
  readonly emptyGroupWithNumbers: 'BadRequest' | 'accepted';
  /** Reading a part of a connector's configuration that is not set: 404, or 200 without the part. */
  readonly notConfigured: '404' | 'empty';
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
  repeatedAssociation: 'silent',
  associationSeconds: 0,
  restoreNotQueued: 'BadRequest',
  restoreSeconds: 0,
  restoredNames: 'kept',
  severalDetails: 'BadRequest',
  pendingCallingName: 'BadRequest',
  groupMemberDelete: '409 VoiceConnectorGroupAssociationsExist',
  groupItemsListed: 'present',
  emptyGroupWithNumbers: 'BadRequest',
  notConfigured: '404',
};

/** Every position of every switch (for those that are numbers: the ones worth playing), the default first. */
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
  repeatedAssociation: ['silent', 'Conflict', 'BadRequest', 'PhoneNumberAssociationsExist'],
  associationSeconds: [0, 20],
  restoreNotQueued: ['BadRequest', 'NotFound', 'silent'],
  restoreSeconds: [0, 20, 90],
  restoredNames: ['kept', 'dropped'],
  severalDetails: ['BadRequest', 'accepted'],
  pendingCallingName: ['BadRequest', 'accepted'],
  groupMemberDelete: ['409 VoiceConnectorGroupAssociationsExist', '400 BadRequest', 'accepted'],
  groupItemsListed: ['present', 'absent'],
  emptyGroupWithNumbers: ['BadRequest', 'accepted'],
  notConfigured: ['404', 'empty'],
};
