import { expect } from '@jest/globals';
import type { Execution } from '../../lambda/journey.ts';
import type { Blocker, Warning } from '../../lambda/plan.ts';
import { inspect } from './inspection.ts';
import { changes, digitsOfANumber } from './setting.ts';
import type { Setting } from './teardown-setting.ts';

/** The blockers of a run that is refused, which has then changed nothing, written nothing and told no number. */
export async function refused(
  setting: Setting,
  request: object,
  by?: Execution,
): Promise<readonly Blocker[]> {
  const [changed, items] = [changes(setting.chime), await setting.ledger.items()];
  const verdict = await inspect(setting, request, by);
  if (verdict.verdict !== 'refused') throw new Error(`It is not refused: ${JSON.stringify(verdict)}`);
  expect(changes(setting.chime)).toEqual(changed);
  expect(await setting.ledger.items()).toEqual(items);
  expect(withoutIds(JSON.stringify(verdict))).not.toMatch(digitsOfANumber);
  return verdict.blockers;
}

/** The answer to a dry run, which has changed nothing, written nothing and told no number. */
export async function planned(setting: Setting, request: object, by?: Execution) {
  const [changed, items] = [changes(setting.chime), await setting.ledger.items()];
  const verdict = await inspect(setting, { ...request, dryRun: true }, by);
  if (verdict.verdict !== 'planned') throw new Error(`It is not planned: ${JSON.stringify(verdict)}`);
  expect(changes(setting.chime)).toEqual(changed);
  expect(await setting.ledger.items()).toEqual(items);
  expect(withoutIds(JSON.stringify(verdict))).not.toMatch(digitsOfANumber);
  return verdict.answer;
}

/** The warnings of a plan but for those that every plan with numbers has. */
export async function warningsOf(setting: Setting, request: object): Promise<Warning[]> {
  const { plan } = await planned(setting, request);
  return plan.warnings.filter(({ code }) => code !== 'CallsStop' && code !== 'PortOutUnseen');
}

export function codesIn(found: readonly { readonly code: string }[]): string[] {
  return found.map(({ code }) => code);
}

/** A text without what has digits and is no number: ARNs, UUIDs and fingerprints. */
export function withoutIds(text: string): string {
  return text.replace(/arn:[^\s"]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|sha256:[0-9a-f]{64}/g, '');
}
