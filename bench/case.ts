/** What is measured: who does the job, on how many numbers, under which limit. */

export const contenders = ['ours', 'script', 'construct', 'floor'] as const;
export type Contender = (typeof contenders)[number];

export const sizes = [100, 1_000, 10_000, 100_000] as const;
/** Requests a second that local Chime takes; undefined: as many as come. */
export const rates = [undefined, 10, 2] as const;

/** The most numbers for those that go number by number. */
const mostOneByOne = 10_000;

/** A request to Chime takes so long, in virtual ms. A model, the same for all; nothing else takes time. */
export const latencyMs = 50;
/** Ids and chance follow from it. */
export const seed = 1;

export interface Case {
  readonly contender: Contender;
  readonly numbers: number;
  /** A bucket of as many tokens as fill in a second. */
  readonly perSecond?: number | undefined;
}

/** All combinations; those that go number by number are left out where that says nothing new. */
export function casesOf(numbers: readonly number[], limits: readonly (number | undefined)[]): Case[] {
  return numbers.flatMap((count) =>
    limits.flatMap((perSecond) =>
      contenders
        .filter((contender) => contender === 'ours' || contender === 'floor' || count <= mostOneByOne)
        .map((contender) => ({ contender, numbers: count, perSecond })),
    ),
  );
}
