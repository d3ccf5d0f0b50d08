/** Chime's operations on what points at a connector: Voice Connector groups and SIP rules. */
import {
  type ChimeClient,
  GetVoiceConnectorGroupCommand,
  ListSipRulesCommand,
  ListVoiceConnectorGroupsCommand,
  pageSize,
  UpdateVoiceConnectorGroupCommand,
} from '#chime-api';
import { mapped } from '../aws/aws-error.ts';
import { MalformedReply } from '../errors.ts';
import type { ChimePort, Group } from '../ports.ts';
import { orUndefinedIfNotFound, pagesOf } from './client.ts';

/**
 * Reads one group; undefined where there is none. A list of members that is missing is taken for an empty one, as services
 * leave those out: good enough to see who is a member, and not to be written back.
 */
export const getGroup =
  (client: ChimeClient): ChimePort['getGroup'] =>
  async (groupId) => {
    const doing = `reading Voice Connector group ${groupId}`;
    const reply = await orUndefinedIfNotFound(
      () => client.send(new GetVoiceConnectorGroupCommand({ VoiceConnectorGroupId: groupId })),
      doing,
    );
    if (reply === undefined) return undefined;
    const group: WireGroup | undefined = reply.VoiceConnectorGroup;
    if (group === undefined || (group.Name === undefined && group.VoiceConnectorItems === undefined))
      throw new MalformedReply(`${doing}: the answer holds no group`);
    return asGroup(groupId, group, doing);
  };

/**
 * The groups that a connector is a member of. Each group is read by itself: whether a list shows the members is not
 * documented, and an account has few groups (3, unless the quota was raised).
 */
export const groupsOf =
  (client: ChimeClient): ChimePort['groupsOf'] =>
  async (voiceConnectorId) => {
    const doing = 'listing the Voice Connector groups';
    const ids: string[] = [];
    const pages = pagesOf(doing, async (token) => {
      const command = new ListVoiceConnectorGroupsCommand({ MaxResults: pageSize, ...token });
      const { VoiceConnectorGroups, NextToken } = await client.send(command);
      return { items: VoiceConnectorGroups, NextToken };
    });
    for await (const page of pages) {
      for (const { VoiceConnectorGroupId } of page) {
        if (!VoiceConnectorGroupId) throw new MalformedReply(`${doing}: a group came without an id`);
        ids.push(VoiceConnectorGroupId);
      }
    }
    const groups: Group[] = [];
    for (const id of ids) {
      const group = await getGroup(client)(id);
      if (!group?.members.some((member) => member.voiceConnectorId === voiceConnectorId)) continue;
      // Its members may have to be written back: better no plan than one that cannot be kept.
      refuseIfIncomplete(group, `reading Voice Connector group ${id}`);
      groups.push(group);
    }
    return groups;
  };

/** Replaces the members of a group, and leaves everything else about it as it is. */
export const setMembers =
  (client: ChimeClient): ChimePort['setMembers'] =>
  async (group, members) => {
    const { groupId, name, distribution } = group;
    const doing = `updating Voice Connector group ${groupId}`;
    refuseIfIncomplete(group, doing);
    const command = new UpdateVoiceConnectorGroupCommand({
      VoiceConnectorGroupId: groupId,
      Name: name,
      VoiceConnectorItems: members.map(({ voiceConnectorId, priority }) => ({
        VoiceConnectorId: voiceConnectorId,
        Priority: priority,
      })),
      ...(distribution === undefined ? {} : { CallDistributionType: distribution }),
    });
    await mapped(() => client.send(command), doing);
  };

/** An update replaces everything: what is not known would be lost by it. */
function refuseIfIncomplete({ isIncomplete }: Group, doing: string): void {
  if (isIncomplete) throw new MalformedReply(`${doing}: it came without name or members`);
}

/** Pages through the SIP rules of the account. */
export const sipRules = (client: ChimeClient): ChimePort['sipRules'] =>
  async function* () {
    const pages = pagesOf('listing the SIP rules', async (token) => {
      const { SipRules, NextToken } = await client.send(
        new ListSipRulesCommand({ MaxResults: pageSize, ...token }),
      );
      return { items: SipRules, NextToken };
    });
    for await (const page of pages) {
      yield page.map(({ SipRuleId = '', Name = SipRuleId, TriggerType = '', TriggerValue = '' }) => ({
        id: SipRuleId,
        name: Name,
        triggerType: TriggerType,
        triggerValue: TriggerValue,
      }));
    }
  };

interface WireGroup {
  Name?: string | undefined;
  VoiceConnectorItems?:
    | { VoiceConnectorId?: string | undefined; Priority?: number | undefined }[]
    | undefined;
  /** Only in the current API: an update without it might change it. */
  CallDistributionType?: Group['distribution'] | undefined;
}

function asGroup(groupId: string, wire: WireGroup, doing: string): Group {
  const { Name: name, VoiceConnectorItems: items, CallDistributionType: distribution } = wire;
  const members = (items ?? []).map(({ VoiceConnectorId: voiceConnectorId, Priority: priority }) => {
    if (voiceConnectorId === undefined || priority === undefined)
      throw new MalformedReply(`${doing}: a member came without id or priority`);
    return { voiceConnectorId, priority };
  });
  return {
    groupId,
    name: name ?? groupId,
    members,
    ...(distribution === undefined ? {} : { distribution }),
    ...(name === undefined || items === undefined ? { isIncomplete: true } : {}),
  };
}
