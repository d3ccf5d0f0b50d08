import type { BlockerCode } from '../../lambda/plan.ts';
import type { WorldOptions } from '../../local/world.ts';
import { type Played, restore, startAnd, tearDown } from './setting.ts';

/** A situation in which a teardown is refused, and the way out of it. */
export interface Situation {
  readonly code: BlockerCode;
  /** Where there are several situations with one code. */
  readonly when?: string;
  readonly numbers: number;
  readonly options?: WorldOptions;
  readonly request?: Record<string, unknown>;
  /** Builds it, by hand. */
  readonly build?: (world: Played) => unknown;
  /** Does what the way out says, and answers the request of a run that is then not refused. */
  readonly leave: (world: Played) => Record<string, unknown> | Promise<Record<string, unknown>>;
}

const day = 86_400_000;

/** One for every code, and for each thing that has a way out of its own. */
export const situations: readonly Situation[] = [
  {
    code: 'InvalidInput',
    numbers: 3,
    request: { expectedPhoneNumbers: 'three', overrides: ['Protected'] },
    leave: () => ({ expectedPhoneNumbers: 3 }),
  },
  {
    code: 'ConnectorNotFound',
    numbers: 3,
    request: { voiceConnectorId: 'abcdef1ghij2klmno3pqr4' },
    leave: ({ voiceConnectorId }) => ({ voiceConnectorId }),
  },
  {
    code: 'Protected',
    numbers: 3,
    build: ({ chime, voiceConnectorId }) =>
      chime.state.tag(voiceConnectorId, { 'teardown-protection': 'on' }),
    leave: ({ chime, voiceConnectorId }) => {
      chime.state.untag(voiceConnectorId, 'teardown-protection');
      return {};
    },
  },
  {
    code: 'InUse',
    numbers: 3,
    build: (world) => call(world, 12),
    leave: () => ({ overrides: ['InUse'], requestedBy: 'Ada', reason: 'Test calls' }),
  },
  {
    code: 'InUse',
    when: 'and nobody overrides it',
    numbers: 3,
    build: (world) => call(world, 12),
    leave: async ({ clock }) => {
      await clock.sleep(15 * day);
      return {};
    },
  },
  {
    code: 'InGroup',
    numbers: 3,
    build: (world) => void groupWith(world, [other(world)]),
    leave: () => ({ detachFromGroups: true }),
  },
  {
    code: 'InGroup',
    when: 'as last member of a group that has numbers',
    numbers: 3,
    request: { detachFromGroups: true },
    build: (world) => {
      const { voiceConnectorGroupId } = groupWith(world, []);
      world.chime.state.addNumber({ e164: '+13125550100' });
      world.chime.state.associate('+13125550100', voiceConnectorGroupId, 'VoiceConnectorGroupId');
    },
    leave: (world) => {
      const [group] = world.chime.state.groups.items();
      if (group === undefined) throw new Error('There is no group.');
      world.chime.state.groups.update(group.voiceConnectorGroupId, {
        ...group,
        items: [...group.items, { voiceConnectorId: other(world), priority: 2 }],
      });
      return { detachFromGroups: true };
    },
  },
  {
    code: 'SipRules',
    numbers: 3,
    build: ({ chime, voiceConnectorId }) =>
      void chime.state.addSipRule({
        name: 'To the IVR',
        triggerType: 'RequestUriHostname',
        triggerValue: `${voiceConnectorId}.voiceconnector.chime.aws`,
      }),
    leave: ({ chime }) => {
      for (const { sipRuleId } of chime.state.sipRules.items()) chime.state.removeSipRule(sipRuleId);
      return {};
    },
  },
  {
    code: 'NumbersInFlight',
    numbers: 3,
    build: ({ chime, e164s }) => chime.state.setStatus(String(e164s[0]), 'PortinInProgress'),
    leave: ({ chime, e164s }) => {
      chime.state.setStatus(String(e164s[0]), 'Assigned');
      return {};
    },
  },
  {
    code: 'NoPhoneNumbers',
    numbers: 0,
    leave: () => ({ expectedPhoneNumbers: 0 }),
  },
  {
    code: 'TooManyNumbers',
    numbers: 1_200,
    leave: () => ({ expectedPhoneNumbers: 1_200 }),
  },
  {
    code: 'CountMismatch',
    numbers: 3,
    request: { expectedPhoneNumbers: 4 },
    leave: () => ({ expectedPhoneNumbers: 3 }),
  },
  {
    code: 'PlanChanged',
    numbers: 3,
    request: { approvedPlan: `sha256:${'0'.repeat(64)}` },
    leave: async (world) => ({ approvedPlan: await fingerprintOf(world) }),
  },
  {
    code: 'Unfinished',
    numbers: 3,
    build: async (world) => {
      const run = startAnd(world, 'Wait until the last day', {}, () => run.abort());
      await run.result;
    },
    leave: () => ({ resume: true }),
  },
  {
    code: 'RestoreRequested',
    numbers: 3,
    // Nothing to restore yet, and at the same moment as the run.
    build: (world) => restore(world),
    leave: async ({ clock }) => {
      await clock.sleep(1_000);
      return {};
    },
  },
  {
    code: 'AlreadyRunning',
    numbers: 3,
    build: (world) =>
      new Promise<void>((resolve) => {
        startAnd(world, 'Wait until the last day', {}, () => resolve());
      }),
    leave: async (world) => {
      await world.clock.sleep(8 * day);
      return {};
    },
  },
];

/** How the plan that the README shows came about. */
export function plannedTrunk({ chime, voiceConnectorId, e164s }: Played): void {
  chime.state.configure(voiceConnectorId, {
    termination: { CpsLimit: 1, DefaultPhoneNumber: e164s[0], CidrAllowedList: ['10.0.0.0/27'] },
    terminationCredentials: ['pbx-1'],
  });
}

export async function fingerprintOf(world: Played): Promise<string> {
  const { output } = await tearDown(world, { dryRun: true });
  return (output as { plan: { fingerprint: string } }).plan.fingerprint;
}

/** Calls through the connector, a day ago. */
function call({ cloudwatch, clock, voiceConnectorId }: Played, calls: number): void {
  cloudwatch.put({
    name: 'InboundCallAttempts',
    dimensions: { VoiceConnectorId: voiceConnectorId, Region: 'us-east-1' },
    at: clock.now().getTime() - day,
    value: calls,
  });
}

function groupWith({ chime, voiceConnectorId }: Played, others: readonly string[]) {
  const items = [voiceConnectorId, ...others].map((id, i) => ({ voiceConnectorId: id, priority: i + 1 }));
  return chime.state.addGroup({ name: 'Berlin', items });
}

function other({ chime }: Played): string {
  return chime.seedConnector({ numbers: 0, name: 'Other trunk' }).voiceConnectorId;
}
