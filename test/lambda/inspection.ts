import { connect } from '../../lambda/inspect-voice-connector.ts';
import { ofEveryRelease } from '../../lambda/inspection/warnings.ts';
import type { Execution } from '../../lambda/journey.ts';
import { type BlockerCode, fingerprintOf, type Plan } from '../../lambda/plan.ts';
import { run } from './setting.ts';
import { execution, restoreMachine, type Setting } from './teardown-setting.ts';

type Verdict = Awaited<ReturnType<ReturnType<typeof connect>>>;

/** Runs the step for a request, for `by` (default: our execution). */
export function inspect(setting: Setting, request: unknown, by: Execution = execution): Promise<Verdict> {
  return run(setting, connect, { request, execution: by });
}

/** A plan in whose way nothing is. */
export function clearPlan(voiceConnectorId: string, e164s: readonly string[]): Plan {
  return {
    fingerprint: fingerprintOf(voiceConnectorId, e164s),
    blockers: [],
    warnings: ofEveryRelease(voiceConnectorId, restoreMachine),
  };
}

/** The connector named Trunk as the service describes it, and a snapshot keeps it. */
export function trunk(voiceConnectorId: string) {
  return {
    voiceConnectorId,
    name: 'Trunk',
    awsRegion: 'us-east-1',
    outboundHostName: `${voiceConnectorId}.voiceconnector.chime.aws`,
    requireEncryption: true,
    arn: `arn:aws:chime:us-east-1:111122223333:vc/${voiceConnectorId}`,
    networkType: 'IPV4_ONLY',
  };
}

/** The codes of a refusal, or of the blockers in a plan. */
export function codesOf(verdict: Verdict): BlockerCode[] {
  if (verdict.verdict === 'refused') return verdict.blockers.map(({ code }) => code);
  if (verdict.verdict === 'planned') return verdict.answer.plan.blockers.map(({ code }) => code);
  return [];
}
