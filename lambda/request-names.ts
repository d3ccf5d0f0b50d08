/**
 * Step: asks for the names and calling names that numbers of one batch have lost, in the deletion queue mostly. The
 * service may take 72 hours over a calling name: it is asked for, and not waited for.
 */

import { type BatchPorts, batchPorts } from './batches/batch-ports.ts';
import { passingCodes } from './batches/bulk.ts';
import { isOutOfTime } from './batches/progress.ts';
import { connectChime } from './chime/client.ts';
import { getNumber, requestNames as request } from './chime/numbers.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { BatchUnfinished } from './errors.ts';
import type { BatchRequest } from './journey.ts';
import type { LedgerNumber } from './ledger/teardown.ts';
import { type ChimePort, type NameKind, nameKinds, numbersPerCall } from './ports.ts';

interface Ports extends BatchPorts {
  readonly chime: Pick<ChimePort, 'requestNames' | 'getNumber'>;
}

/**
 * What the service refuses for good stays noted as lost: a name is no reason to hold numbers back. Throws BatchUnfinished
 * where it has to come back for what was refused for a passing reason.
 */
export const requestNames =
  ({ chime, ledger, clock, lock }: Ports): Step<BatchRequest, void> =>
  async (batchRequest) => {
    const until = await lock(batchRequest);
    const batch = await ledger.readBatch(batchRequest);
    const asked = new Map<string, NameKind[]>();
    let isUnfinished = false;
    try {
      for (const kind of nameKinds) {
        const due = batch.numbers.filter((number) => number.lost?.includes(kind) && isOut(number));
        for (let first = 0; first < due.length; first += numbersPerCall) {
          if (first > 0 && isOutOfTime({ clock, until }))
            throw new BatchUnfinished('There was no time to ask for every name; the rest follows.');
          const numbers = due.slice(first, first + numbersPerCall);
          const answer = await ask(chime, kind, numbers);
          for (const { e164 } of answer.taken) asked.set(e164, [...(asked.get(e164) ?? []), kind]);
          isUnfinished ||= answer.isUnfinished;
        }
      }
    } finally {
      const numbers = batch.numbers.map((number) => requested(number, asked.get(number.e164) ?? []));
      if (asked.size > 0) await ledger.saveBatch(batchRequest, { ...batch, numbers });
    }
    if (isUnfinished) throw new BatchUnfinished('The service could not take every name just now.');
  };

/**
 * How often a call is made for a number of which no answer says anything. After that it counts as asked for where the answers
 * had no list of errors: a calling name that was taken may not show for 72 hours.
 */
const mostAsked = 3;

/** The numbers for which the service has taken the request, now or when this step ran before; whether to ask again. */
async function ask(
  chime: Ports['chime'],
  kind: NameKind,
  numbers: readonly LedgerNumber[],
): Promise<{ taken: LedgerNumber[]; isUnfinished: boolean }> {
  const isNamed = async (number: LedgerNumber) => (await chime.getNumber(number))?.[kind] === number[kind];
  const taken: LedgerNumber[] = [];
  let isUnfinished = false;
  let due = numbers;
  for (let asked = 1; asked <= mostAsked && due.length > 0; asked += 1) {
    const reply = await chime.requestNames(kind, due);
    // An answer without a list of errors is made sure of at one number, one that names strangers at each.
    const sample = reply.account === 'missing' ? due.at(-1) : undefined;
    const isTaken = asked === mostAsked || (sample !== undefined && (await isNamed(sample)));
    const untold: LedgerNumber[] = [];
    for (const number of due) {
      const refusal = reply.refusalOf(number);
      if (refusal !== undefined && passingCodes.has(refusal.code)) isUnfinished = true;
      else if (refusal === undefined && reply.account === 'complete') taken.push(number);
      else if (refusal === undefined && reply.account === 'missing') (isTaken ? taken : untold).push(number);
      else if (await isNamed(number)) taken.push(number);
      else if (refusal === undefined) untold.push(number);
    }
    due = untold;
  }
  return { taken, isUnfinished };
}

function isOut({ state }: LedgerNumber): boolean {
  return state === 'attached' || state === 'unassigned';
}

/** What was asked for is not lost any more; whether it has come is for a later look at the number. */
function requested({ lost = [], ...number }: LedgerNumber, asked: readonly NameKind[]): LedgerNumber {
  const left = lost.filter((kind) => !asked.includes(kind));
  const all = nameKinds.filter((kind) => asked.includes(kind) || number.requested?.includes(kind));
  return {
    ...number,
    ...(left.length === 0 ? {} : { lost: left }),
    ...(all.length === 0 ? {} : { requested: all }),
  };
}

export const connect = (edge: Edge): Step<BatchRequest, void> => {
  const client = connectChime(edge);
  return requestNames({
    chime: { requestNames: request(client), getNumber: getNumber(client) },
    ...batchPorts(edge),
  });
};

export const handler = onLambda(connect);
