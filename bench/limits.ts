/** What local Chime is told, the same for all. */
import type { FaultPlan } from '../local/chime/faults.ts';
import type { ChimeSwitches } from '../local/chime/switches.ts';
import type { Case } from './case.ts';

/**
 * How many numbers a disassociation takes is not documented. Here it takes all that it is given: the reading without
 * which the construct's single one would be refused as a whole.
 */
export const switches: Partial<ChimeSwitches> = { overLimit: 'accepted' };

export function limitsOf({ perSecond }: Pick<Case, 'perSecond'>): FaultPlan {
  return perSecond === undefined ? {} : { rateLimit: { perSecond, burst: perSecond } };
}
