/** What many days come to. */
import type { Played } from './play.ts';

export interface Totals {
  readonly runs: number;
  /** Days in which something was found that must never happen. */
  readonly violations: number;
  readonly deleted: number;
  readonly restored: number;
  /** Days in which a run was refused. */
  readonly refused: number;
  /** Days in which a run failed or was stopped, and that came to a good end. */
  readonly failedThenRecovered: number;
  /** How often each kind of fault was met. */
  readonly faultsInjected: Readonly<Record<string, number>>;
  /** How often an execution was stopped, or a function of it died, in each state: `teardown: Delete voice connector`. */
  readonly statesInterrupted: Readonly<Record<string, number>>;
}

export const nothing: Totals = {
  ...{ runs: 0, violations: 0, deleted: 0, restored: 0, refused: 0, failedThenRecovered: 0 },
  faultsInjected: {},
  statesInterrupted: {},
};

/** The totals with one day more. */
export function plus(totals: Totals, played: Played): Totals {
  return {
    runs: totals.runs + 1,
    violations: totals.violations + Math.min(1, played.violations.length),
    deleted: totals.deleted + Number(played.outcome === 'deleted'),
    restored: totals.restored + Number(played.outcome === 'restored'),
    refused: totals.refused + Number(played.wasRefused),
    failedThenRecovered: totals.failedThenRecovered + Number(played.failedThenRecovered),
    faultsInjected: sum(totals.faultsInjected, played.faults),
    statesInterrupted: sum(totals.statesInterrupted, played.interrupted),
  };
}

function sum(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(keys.map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]));
}
