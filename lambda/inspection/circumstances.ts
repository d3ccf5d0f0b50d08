/** What there is about a connector besides its numbers: what refuses its teardown, what to warn of, what it was. */
import type { Clock } from '../clock.ts';
import { isPassing, ServiceError } from '../errors.ts';
import { placesIn } from '../ledger/group-places.ts';
import type { Blocker, Warning } from '../plan.ts';
import type { CallsPort, ChimePort, Configuration, Connector, Group, Snapshot, Tags } from '../ports.ts';
import { untagCommand } from '../words/commands.ts';
import { callsOf, type Guards, protectionOf, quietSince, readableTags } from './guards.ts';
import type { TeardownRequest } from './request.ts';
import * as warnings from './warnings.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'tagsOf' | 'groupsOf' | 'hasNumbers' | 'sipRules' | 'configurationOf'>;
  readonly calls: CallsPort;
  readonly clock: Clock;
  readonly guards: Guards;
}

/** What speaks against a teardown, what to know before it, and what the connector is. */
export interface Circumstances {
  readonly blockers: readonly Blocker[];
  readonly warnings: readonly Warning[];
  readonly snapshot: Snapshot;
}

/** One thing that was looked at; undefined where it is in order. */
type Finding = Blocker | undefined;

/** Looks at everything that may speak against a teardown, so that all of it can be told at once. Changes nothing. */
export async function circumstancesOf(
  ports: Ports,
  connector: Connector,
  request: TeardownRequest,
): Promise<Circumstances> {
  const { chime, clock } = ports;
  const { voiceConnectorId } = connector;
  const tags = await chime.tagsOf(connector);
  const groups = await chime.groupsOf(voiceConnectorId);
  const configuration = await chime.configurationOf(voiceConnectorId);
  const isDetaching = request.detachFromGroups === true;
  const rules = await pointedAt(chime, connector);
  const blockers: Finding[] = [
    protectedByTag(connector, tags, ports.guards),
    managedByConnect(connector),
    ...(await Promise.all(groups.map((group) => inGroup(chime, voiceConnectorId, group, isDetaching)))),
    ...rules.blockers,
  ];
  const calls = await inUse(ports, connector, request.overrides?.includes('InUse') === true);
  return {
    blockers: [...blockers, calls.blocker].filter((blocker) => blocker !== undefined),
    warnings: [
      ...ofConfiguration(configuration),
      ...(isDetaching && groups.length > 0 ? [warnings.leavesGroups(groups.map(({ name }) => name))] : []),
      ...(calls.warning === undefined ? [] : [calls.warning]),
      ...(tags === 'unchecked' ? [uncheckedByOlderApi] : []),
      ...(rules.warning === undefined ? [] : [rules.warning]),
    ],
    snapshot: {
      connector,
      configuration,
      ...(typeof tags === 'object' && 'tags' in tags ? { tags: tags.tags } : {}),
      groups: placesIn(groups, voiceConnectorId),
      takenAt: clock.now().toISOString(),
    },
  };
}

function protectedByTag(connector: Connector, tags: Tags, guards: Guards): Finding {
  const { voiceConnectorId, arn } = connector;
  const protection = protectionOf(tags, guards);
  if (protection === undefined) return undefined;
  const wayOut =
    protection.key === undefined || arn === undefined
      ? readableTags(connector)
      : `Remove the tag: ${untagCommand(arn, protection.key)}`;
  return {
    code: 'Protected',
    message: `Connector ${voiceConnectorId} is protected: ${protection.why}.`,
    wayOut: `Nothing overrides it. ${wayOut}`,
  };
}

function managedByConnect({ voiceConnectorId, integrationType }: Connector): Finding {
  if (integrationType === undefined) return undefined;
  return {
    code: 'ManagedByConnect',
    message: `Amazon Connect uses connector ${voiceConnectorId} (${integrationType}).`,
    wayOut: 'Remove the integration in Amazon Connect, which then takes care of the connector.',
  };
}

async function inGroup(
  chime: Pick<ChimePort, 'hasNumbers'>,
  voiceConnectorId: string,
  { groupId, name, members }: Group,
  isDetaching: boolean,
): Promise<Finding> {
  const isLast = members.every((member) => member.voiceConnectorId === voiceConnectorId);
  if (isLast && (await chime.hasNumbers(groupId))) {
    return {
      code: 'InGroup',
      message: `Connector ${voiceConnectorId} is the last member of Voice Connector group ${name} (${groupId}), which has phone numbers of its own.`,
      wayOut:
        'Add another connector to that group, or take the numbers off it; then say "detachFromGroups": true.',
    };
  }
  if (isDetaching) return undefined;
  return {
    code: 'InGroup',
    message: `Connector ${voiceConnectorId} is a member of Voice Connector group ${name} (${groupId}).`,
    wayOut: 'Say "detachFromGroups": true, and it is taken out of the group once its numbers are gone.',
  };
}

/**
 * The SIP rules that send calls to the connector's host name. They belong to PSTN Audio, which is closed to new customers and
 * not offered in every Region: where the service will not list them, that is a warning.
 */
async function pointedAt(
  chime: Pick<ChimePort, 'sipRules'>,
  connector: Connector,
): Promise<{ blockers: Blocker[]; warning?: Warning }> {
  // What was found before the list broke off still counts.
  const blockers: Blocker[] = [];
  try {
    for await (const rule of rulesFor(chime, connector)) blockers.push(rule);
    return { blockers };
  } catch (error) {
    if (!(error instanceof ServiceError) || isPassing(error)) throw error;
    const what = `whether SIP rules point at the connector (the service will not list them: ${error.name})`;
    return { blockers, warning: warnings.unchecked(what, 'If you use SIP rules, look at their triggers.') };
  }
}

async function* rulesFor(
  chime: Pick<ChimePort, 'sipRules'>,
  { voiceConnectorId, outboundHostName }: Connector,
): AsyncGenerator<Blocker> {
  const hosts = new Set([outboundHostName?.toLowerCase(), `${voiceConnectorId}.voiceconnector.chime.aws`]);
  for await (const page of chime.sipRules()) {
    for (const { id, name, triggerType, triggerValue } of page) {
      if (triggerType !== 'RequestUriHostname' || !hosts.has(triggerValue.toLowerCase())) continue;
      yield {
        code: 'SipRules',
        message: `SIP rule ${name} (${id}) is triggered by the host name of connector ${voiceConnectorId} (${triggerValue}).`,
        wayOut: `Disable the rule, then delete it: aws chime-sdk-voice delete-sip-rule --sip-rule-id ${id}`,
      };
    }
  }
}

/** Calls of the last days. Metrics that cannot be read count as calls: a trunk in use must not look like a quiet one. */
async function inUse(
  { calls, clock, guards }: Ports,
  connector: Connector,
  isOverridden: boolean,
): Promise<{ blocker?: Blocker; warning?: Warning }> {
  if (guards.quietDays === 0) return { warning: callsUnchecked };
  const days = `${guards.quietDays} days`;
  const message = await callsOf(calls, connector, quietSince(clock.now(), guards)).catch(
    (error: Error) =>
      `Whether calls went through connector ${connector.voiceConnectorId} in the last ${days} cannot be read (${error.name}: ${error.message})`,
  );
  if (message === undefined) return {};
  if (isOverridden) return { warning: warnings.callsOverridden(`${message}.`) };
  return {
    blocker: {
      code: 'InUse',
      message: `${message}.`,
      wayOut: `Wait until it has been quiet for ${days}, or say "overrides": ["InUse"].`,
    },
  };
}

function ofConfiguration(configuration: Configuration): Warning[] {
  const { emergencyCalling, terminationUsernames, streaming } = configuration;
  return [
    ...(emergencyCalling?.DNIS?.length ? [warnings.emergencyCalling] : []),
    ...(terminationUsernames?.length ? [warnings.credentialsGo(terminationUsernames.length)] : []),
    ...(streaming !== undefined && streaming.Disabled !== true ? [warnings.streamingGoes] : []),
    ...(configuration.unreadable === undefined ? [] : [warnings.unreadable(configuration.unreadable)]),
  ];
}

const callsUnchecked = warnings.unchecked(
  'whether calls go through the connector (setting quietDays is 0)',
  'Look at its call metrics in CloudWatch.',
);

const uncheckedByOlderApi = warnings.unchecked(
  'a protection tag, and whether Amazon Connect uses the connector (the older API knows neither)',
  'Look at the connector in the console, or deploy with chimeApi "chime-sdk-voice".',
);
