import { connect as connectDetach } from '../../lambda/detach-from-groups.ts';
import type { Restorable, RestoreCheck } from '../../lambda/journey.ts';
import { connectLedger, takeOver } from '../../lambda/ledger/ledger.ts';
import { connect } from '../../lambda/rejoin-groups.ts';
import type { Group, NewGroup } from '../../local/chime/groups.ts';
import type { ChimeSwitches } from '../../local/chime/switches.ts';
import { inspect } from './inspection.ts';
import { nothing, restore } from './restore-setting.ts';
import { run } from './setting.ts';
import { execution, openSetting, type Setting, teardownOf } from './teardown-setting.ts';

export const operation = 'UpdateVoiceConnectorGroup';
/** What is known of the numbers by then. */
export const check: RestoreCheck = { verdict: 'restored', counts: { ...nothing, restored: 1 }, looks: 2 };

type Member = 'ours' | 'other';
type Make = (
  name: string,
  priorities: Partial<Record<Member, number>>,
  callDistributionType?: NewGroup['callDistributionType'],
) => void;

/** A connector that its teardown has taken out of its groups, and a restore that has taken that over. */
export async function detached(
  makeGroups: (make: Make) => void,
  switches: Partial<ChimeSwitches> = {},
  meanwhile: (setting: Setting) => void = () => undefined,
) {
  const setting = await openSetting({ switches });
  const { state } = setting.chime;
  const { voiceConnectorId, e164s } = setting.chime.seedConnector({ numbers: 1, name: 'Trunk' });
  const ids: Record<Member, string> = {
    ours: voiceConnectorId,
    other: state.addConnector().voiceConnectorId,
  };
  makeGroups((name, priorities, callDistributionType) => {
    const items = Object.entries(priorities).map(([member, priority]) => ({
      ...{ voiceConnectorId: ids[member as Member], priority },
    }));
    state.addGroup({ name, items, callDistributionType });
  });
  const before = state.everything();
  const inspected = await inspect(setting, { voiceConnectorId, detachFromGroups: true });
  if (inspected.verdict !== 'release') throw new Error('It is released.');
  for (const e164 of e164s) state.disassociate(e164);
  meanwhile(setting);
  await run(setting, connectDetach, inspected);
  const table = connectLedger(setting.edge);
  const teardown = await teardownOf(setting, voiceConnectorId);
  if (teardown?.holder !== execution.id) throw new Error('It is ours.');
  await takeOver(table)(teardown, restore.id, setting.clock.now().toISOString());
  const { generation } = inspected;
  const restorable: Restorable = {
    ...{ verdict: 'restore', execution: restore, voiceConnectorId, name: 'Trunk' },
    ...{ phoneNumbers: 1, generation, batches: [] },
  };
  const group = (name: string): Group => {
    const found = state.groups.items().find((each) => each.name === name);
    if (found === undefined) throw new Error(`There is no group ${name}.`);
    return found;
  };
  const rejoin = () => run(setting, connect, { ...restorable, check });
  return { setting, before, ids, voiceConnectorId, restorable, group, rejoin };
}
