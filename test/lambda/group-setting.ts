import { connect } from '../../lambda/detach-from-groups.ts';
import type { NewGroup } from '../../local/chime/groups.ts';
import type { ChimeSwitches } from '../../local/chime/switches.ts';
import { run } from './setting.ts';
import { begin, openSetting } from './teardown-setting.ts';

type Member = 'ours' | 'other' | 'third';

/** A connector without numbers whose teardown is under way, and two others; groups are made of them by name. */
export async function openGroups(switches: Partial<ChimeSwitches> = {}, holder?: string) {
  const setting = await openSetting({ switches });
  const begun = await begin(setting, { numbers: 0, ...(holder === undefined ? {} : { holder }) });
  const { state } = setting.chime;
  const ids: Record<Member, string> = {
    ours: begun.voiceConnectorId,
    other: state.addConnector().voiceConnectorId,
    third: state.addConnector().voiceConnectorId,
  };
  const nameOf = (id: string) => Object.entries(ids).find(([, each]) => each === id)?.[0] ?? id;
  const group = (
    name: string,
    priorities: Partial<Record<Member, number>>,
    callDistributionType?: NewGroup['callDistributionType'],
  ): string => {
    const items = Object.entries(priorities).map(([member, priority]) => ({
      voiceConnectorId: ids[member as Member],
      priority,
    }));
    return state.addGroup({ name, items, callDistributionType }).voiceConnectorGroupId;
  };
  const members = (id: string): Record<string, number> =>
    Object.fromEntries(
      (state.groups.get(id)?.items ?? []).map(({ voiceConnectorId, priority }) => [
        nameOf(voiceConnectorId),
        priority,
      ]),
    );
  return { setting, begun, ids, group, members, detach: () => run(setting, connect, begun.inspected) };
}
