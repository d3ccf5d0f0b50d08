/** What a run would do, told before it does anything. */

import { numbersPerCall } from '../ports.ts';
import { deletionWindowMs } from '../window.ts';
import { keepCommand } from '../words/commands.ts';
import type { Survey, Work } from './survey.ts';

/** What a number costs a month, in US dollars: AWS's price for a local number in the United States, as of 2026. */
const dollarsPerNumber = 1;

/** What a run would do and cost, told with its plan. */
export interface Forecast {
  /** Calls that change something, by operation, where nothing has to be repeated. */
  readonly calls: Readonly<Record<string, number>>;
  /** When the numbers would be gone for good, ISO 8601, if the run were started now. */
  readonly windowEndsAt: string;
  /** What the numbers cost a month until then. */
  readonly monthlyCost: { readonly usDollars: number; readonly basis: string };
  /** The command that takes a number off the connector before the run. */
  readonly toKeepSome: string;
}

/**
 * Forecasts a run.
 *
 * @param groups how many Voice Connector groups the connector would be taken out of
 * @param isThere whether the connector still exists
 */
export function forecastOf(
  voiceConnectorId: string,
  { work, lastQueuedAt, phoneNumbers }: Pick<Survey, 'work' | 'lastQueuedAt' | 'phoneNumbers'>,
  { groups, isThere, now }: { readonly groups: number; readonly isThere: boolean; readonly now: Date },
): Forecast {
  const callsFor = (operation: keyof Work): number =>
    work.reduce((calls, batch) => calls + Math.ceil(batch[operation] / numbersPerCall), 0);
  const calls = {
    DisassociatePhoneNumbersFromVoiceConnector: callsFor('disassociate'),
    BatchDeletePhoneNumber: callsFor('queue'),
    UpdateVoiceConnectorGroup: groups,
    DeleteVoiceConnector: isThere ? 1 : 0,
  };
  const lastQueued = work.length > 0 ? now.getTime() : Date.parse(lastQueuedAt ?? '');
  const windowEnd = Number.isNaN(lastQueued) ? now : new Date(lastQueued + deletionWindowMs);
  return {
    calls: Object.fromEntries(Object.entries(calls).filter(([, count]) => count > 0)),
    windowEndsAt: windowEnd.toISOString(),
    monthlyCost: {
      usDollars: phoneNumbers * dollarsPerNumber,
      basis: `$${dollarsPerNumber.toFixed(2)} a number and month, the price of local numbers in the United States; others differ, and the pricing page is right`,
    },
    toKeepSome: `Take them off before the run, each then costs what it did: ${keepCommand(voiceConnectorId)} +1…`,
  };
}
