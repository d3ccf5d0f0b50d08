/** Whether the numbers that were found are those that somebody agreed to release. */

import type { Teardown } from '../ledger/teardown.ts';
import type { Blocker } from '../plan.ts';
import { countMismatch, notTheApprovedPlan, planChanged, restoreBegun, uncounted } from './blockers.ts';
import type { TeardownRequest } from './request.ts';
import type { Survey } from './survey.ts';

interface Limits {
  /** How many numbers may go without their count being stated. */
  readonly maxPhoneNumbers: number;
  /** ARN of the state machine that restores. */
  readonly restoreMachine: string;
}

/** Numbers that are not those agreed on: by their count, by the approved plan, or by the plan that is to be resumed. */
export function disagreements(
  { voiceConnectorId, expectedPhoneNumbers: expected, approvedPlan }: TeardownRequest,
  { phoneNumbers, fingerprint, putBack }: Survey,
  open: Teardown | undefined,
  { maxPhoneNumbers: most, restoreMachine }: Limits,
): Blocker[] {
  const contradicted = [
    ...(expected !== undefined && expected !== phoneNumbers
      ? [countMismatch(voiceConnectorId, phoneNumbers, expected)]
      : []),
    ...(approvedPlan !== undefined && approvedPlan !== fingerprint
      ? [notTheApprovedPlan(voiceConnectorId, fingerprint)]
      : []),
  ];
  if (contradicted.length > 0) return contradicted;
  if (open === undefined)
    return expected === undefined ? uncounted(voiceConnectorId, phoneNumbers, most) : [];
  // Somebody has begun to take it all back since: what was agreed on before that holds no more.
  if (open.refusesRunsUntil !== undefined && approvedPlan === undefined)
    return [restoreBegun(open, fingerprint, restoreMachine)];
  const isUnchanged = open.fingerprint === fingerprint;
  // A count that the first run may have stated already agrees to nothing new.
  const isAgreedAnew =
    approvedPlan !== undefined || (expected !== undefined && expected !== open.phoneNumbers);
  const isAgreed = (isUnchanged || isAgreedAnew) && putBack === 0;
  return isAgreed ? [] : [planChanged(open, phoneNumbers, putBack)];
}
