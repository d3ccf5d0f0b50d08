import { connect } from '../../lambda/inspect-voice-connector.ts';
import type { Execution } from '../../lambda/journey.ts';
import type { BlockerCode } from '../../lambda/plan.ts';
import { run } from './setting.ts';
import { execution, type Setting } from './teardown-setting.ts';

type Verdict = Awaited<ReturnType<ReturnType<typeof connect>>>;

/** Runs the step for a request, for `by` (default: our execution). */
export function inspect(setting: Setting, request: unknown, by: Execution = execution): Promise<Verdict> {
  return run(setting, connect, { request, execution: by });
}

/** The codes of a refusal, or of the blockers in a plan. */
export function codesOf(verdict: Verdict): BlockerCode[] {
  if (verdict.verdict === 'refused') return verdict.blockers.map(({ code }) => code);
  if (verdict.verdict === 'planned') return verdict.answer.plan.blockers.map(({ code }) => code);
  return [];
}
