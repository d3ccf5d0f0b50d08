/** What a case has come to. */
import type { Case } from './case.ts';
import { costOf, type Usage } from './prices.ts';

export interface Measured {
  readonly contender: Case['contender'];
  readonly numbers: number;
  /** Requests a second; null without a limit. */
  readonly perSecond: number | null;
  /** Requests that Chime received, and how many of them it throttled. */
  readonly requests: number;
  readonly wasted: number;
  /** Requests up to the one that put the last number into the deletion queue. */
  readonly requestsUntilQueued: number;
  /** Seconds of the service's time until every number was in the deletion queue; null where that never was so. */
  readonly secondsUntilQueued: number | null;
  /** Seconds that it worked in all, without the wait for the window. */
  readonly secondsAtWork: number;
  /** Whether connector and numbers are gone, or the numbers in the queue on their way. */
  readonly isFinished: boolean;
  /** The error that it ended with. */
  readonly error?: string;
  /** What is left behind for good: connectors, and numbers that are neither gone nor in the queue. */
  readonly left: { readonly connectors: number; readonly numbers: number };
  /** The most numbers that were held at once; null where nobody looked. */
  readonly held: number | null;
  /** Events of the execution's history, as Step Functions would write them; none where there is no workflow. */
  readonly historyEvents: number;
  /** Bytes of JSON of the largest input or output of a state. */
  readonly largestPayload: number;
  readonly usage: Usage;
  readonly costDollars: number;
}

/** How many times as much as the floor; null where the job was not finished, or nobody knows the floor. */
export interface Ratios {
  readonly requests: number | null;
  readonly seconds: number | null;
  readonly cost: number | null;
}

export function withCost(measured: Omit<Measured, 'costDollars'>): Measured {
  return { ...measured, costDollars: costOf(measured.usage) };
}

/** How a case compares with the floor of the same size and limit. */
export function ratiosOf(one: Measured, all: readonly Measured[]): Ratios {
  const floor = all.find(
    ({ contender, numbers, perSecond }) =>
      contender === 'floor' && numbers === one.numbers && perSecond === one.perSecond,
  );
  const ratio = (of: (each: Measured) => number | null): number | null => {
    const [mine, least] = [of(one), floor === undefined ? null : of(floor)];
    return !one.isFinished || mine === null || least === null || least === 0 ? null : mine / least;
  };
  return {
    requests: ratio(({ requests }) => requests),
    seconds: ratio(({ secondsUntilQueued }) => secondsUntilQueued),
    cost: ratio(({ costDollars }) => costDollars),
  };
}
