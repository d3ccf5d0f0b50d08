import type { BundleSize } from './bundles.ts';
import type { Held } from './held.ts';
import type { Measured } from './measured.ts';

/** Everything that one run of the command has measured. */
export interface Report {
  readonly measured: readonly Measured[];
  readonly held: readonly Held[];
  /** None where only some cases were asked for. */
  readonly bundles: readonly BundleSize[];
}

/** The same, with what the functions were seen to hold told of each case of ours. */
export function reportOf({ measured, held, bundles }: Report): Report {
  const heldOf = (numbers: number): number | null => {
    const found = held.find((one) => one.numbers === numbers);
    return found === undefined ? null : Math.max(...Object.values(found.most));
  };
  return {
    measured: measured.map((one) => (one.contender === 'ours' ? { ...one, held: heldOf(one.numbers) } : one)),
    ...{ held, bundles },
  };
}
