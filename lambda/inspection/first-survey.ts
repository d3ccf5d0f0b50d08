/**
 * What there is to release where no earlier run has left anything: the numbers of the connector, gone over page by page. A
 * batch is handed on as soon as it is full, and of the numbers before only their digits are kept.
 */

import { type Batch, type LedgerNumber, numbersPerBatch } from '../ledger/teardown.ts';
import { fingerprintOfRoll } from '../plan.ts';
import type { ChimePort, NumberView } from '../ports.ts';
import { type RollKey, rollKey } from '../roll.ts';
import { inFlightStatuses, isOn, namesOf, type Survey, type Work } from './survey.ts';

/**
 * Surveys a connector for the first time. The answer's `batches` are empty: they were handed on.
 *
 * @param attached pages of the numbers on it
 * @param keep takes a batch of at most 500 numbers, in the order of their indices
 */
export async function firstSurvey(
  chime: Pick<ChimePort, 'getNumber'>,
  voiceConnectorId: string,
  attached: AsyncIterable<readonly NumberView[]>,
  keep: (batch: Batch) => Promise<void>,
): Promise<Survey> {
  const known = new Set<RollKey>();
  const inFlight = new Map<string, number>();
  const work: Work[] = [];
  let numbers: LedgerNumber[] = [];
  const handOn = async () => {
    await keep({ index: work.length, numbers });
    work.push({ disassociate: numbers.length, queue: numbers.length });
    numbers = [];
  };
  for await (const page of attached) {
    for (const view of page) {
      // The list may shift from page to page while it is read.
      if (known.has(rollKey(view.e164)) || !(await isOn(chime, voiceConnectorId, view))) continue;
      known.add(rollKey(view.e164));
      if (inFlightStatuses.has(view.status)) inFlight.set(view.status, (inFlight.get(view.status) ?? 0) + 1);
      numbers.push({ ...namesOf(view, undefined), state: 'attached' });
      if (numbers.length === numbersPerBatch) await handOn();
    }
  }
  if (numbers.length > 0) await handOn();
  return {
    phoneNumbers: known.size,
    fingerprint: fingerprintOfRoll(voiceConnectorId, known),
    putBack: 0,
    warnings: [],
    inFlight,
    has: (e164) => known.has(rollKey(e164)),
    batches: [],
    batchesToRelease: work.length,
    work,
  };
}
