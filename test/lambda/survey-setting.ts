import { connectChime } from '../../lambda/chime/client.ts';
import { attachedNumbers, getNumber, inventory } from '../../lambda/chime/numbers.ts';
import { type Survey, survey } from '../../lambda/inspection/survey.ts';
import { connectLedger, readBatches, saveBatch } from '../../lambda/ledger/ledger.ts';
import type { LedgerNumber, NumberState } from '../../lambda/ledger/teardown.ts';
import { at } from './setting.ts';
import { type Begun, batchOf, begin, openSetting, type Setting, stranger } from './teardown-setting.ts';

/** When the numbers were queued by the ledger, and their release began. */
export const nine = '2026-01-05T09:00:00.000Z';

/** A connector whose earlier run has brought its numbers to these states, in the account and in the ledger. */
export async function open(states: readonly NumberState[], isBegun = true) {
  const setting = await openSetting();
  const begun = await begin(setting, { numbers: states.length, holder: stranger, begun: isBegun });
  states.forEach((state, i) => {
    const e164 = at(begun.e164s, i);
    if (state === 'unassigned') setting.chime.state.disassociate(e164);
    if (state === 'queued') setting.chime.state.queue(e164);
    if (state === 'gone') setting.chime.state.removeNumber(e164);
  });
  await change(setting, begun, (number, i) => ({ ...number, state: at(states, i) }));
  return { setting, begun };
}

/** Changes the numbers in the ledger. */
export async function change(
  setting: Setting,
  begun: Begun,
  as: (number: LedgerNumber, index: number) => LedgerNumber,
): Promise<void> {
  const batch = await batchOf(setting, begun);
  const numbers = batch.numbers.map(as);
  const hasQueued = numbers.some(({ state }) => state === 'queued');
  await saveBatch(connectLedger(setting.edge))(begun.batch, {
    ...batch,
    numbers,
    ...(hasQueued ? { queuedAt: nine } : {}),
  });
}

/** Surveys the connector for a resumed run. */
export function look(
  { edge, clock }: Setting,
  { voiceConnectorId, batch }: Begun,
  isThere = true,
): Promise<Survey> {
  const client = connectChime(edge);
  const chime = { inventory: inventory(client), getNumber: getNumber(client) };
  const attached = isThere ? attachedNumbers(client)(voiceConnectorId) : nothing();
  const earlier = readBatches(connectLedger(edge))(voiceConnectorId, batch.generation);
  return survey(chime, voiceConnectorId, attached, earlier, clock.now());
}

async function* nothing(): AsyncGenerator<never> {
  // A connector that is gone has no numbers.
}
