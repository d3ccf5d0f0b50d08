import { measureMethod } from './arena.ts';
import type { Case } from './case.ts';
import { construct } from './construct.ts';
import { floor } from './floor.ts';
import type { Measured } from './measured.ts';
import { measureOurs } from './ours.ts';
import { script } from './script.ts';

const methods = { script, construct, floor };

/** Measures one case in this process. */
export function measure(what: Case): Promise<Measured> {
  return what.contender === 'ours' ? measureOurs(what) : measureMethod(methods[what.contender], what);
}
