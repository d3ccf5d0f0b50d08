/** What a run would do, told before it does anything. */
import { keepCommand } from './commands.ts';
import { numbersPerCall } from './ports.ts';
import type { Survey } from './survey.ts';
import { deletionWindowMs } from './window.ts';

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
  { batches, batchesToRelease, phoneNumbers }: Survey,
  { groups, isThere, now }: { readonly groups: number; readonly isThere: boolean; readonly now: Date },
): Forecast {
  const due = batches.slice(0, batchesToRelease);
  const callsFor = (isDue: (state: string) => boolean): number =>
    due
      .map(({ numbers }) => numbers.filter(({ state }) => isDue(state)).length)
      .reduce((calls, numbers) => calls + Math.ceil(numbers / numbersPerCall), 0);
  const calls = {
    DisassociatePhoneNumbersFromVoiceConnector: callsFor((state) => state === 'attached'),
    BatchDeletePhoneNumber: callsFor(() => true),
    UpdateVoiceConnectorGroup: groups,
    DeleteVoiceConnector: isThere ? 1 : 0,
  };
  const queuedAt = batches.map((batch) => batch.queuedAt ?? '').sort();
  const lastQueued = due.length > 0 ? now.getTime() : Date.parse(queuedAt.at(-1) || '');
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
