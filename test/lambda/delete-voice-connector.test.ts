import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/delete-voice-connector.ts';
import { retriable } from '../../lambda/errors.ts';
import { type ChimeSwitches, switchPositions } from '../../local/chime/switches.ts';
import { at, changes, errorOf, run, script } from './setting.ts';
import { begin, openSetting, stranger, teardownOf } from './teardown-setting.ts';

const operation = 'DeleteVoiceConnector';

describe('Deleting the connector', () => {
  it('deletes it once nothing is attached to it, and makes sure that it is gone', async () => {
    const { setting, begun, remove } = await open();
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
    expect(setting.chime.requests.map(({ operation }) => operation)).toEqual([
      'GetVoiceConnector',
      'ListPhoneNumbers',
      'ListTagsForResource',
      'DeleteVoiceConnector',
      'GetVoiceConnector',
    ]);
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('deleting');
  });

  it.each(switchPositions.errorHeader)('twice is success (error header %s)', async (errorHeader) => {
    const { setting, remove } = await open({ errorHeader });
    await remove();
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
  });

  it('is success where the answer was lost and the second attempt finds nothing', async () => {
    const { setting, remove } = await open();
    setting.chime.faults.set(script(operation, 'replyLost'));
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
    expect(changes(setting.chime)).toEqual([
      [operation, 0],
      [operation, 0],
    ]);
  });

  it('touches no other connector', async () => {
    const { setting, remove } = await open();
    const other = setting.chime.seedConnector({ numbers: 2 });
    await remove();
    expect(setting.chime.state.numbersOn(other.voiceConnectorId)).toBe(2);
  });

  it('asks for nothing more where there is no such connector', async () => {
    const { setting, begun, remove } = await open();
    setting.chime.state.deleteConnector(begun.voiceConnectorId);
    await remove();
    expect(setting.chime.requests.map(({ operation }) => operation)).toEqual(['GetVoiceConnector']);
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('deleting');
  });

  it('goes on where listing its numbers says that there is no such connector', async () => {
    const { setting, remove } = await open();
    const fault = { status: 404, code: 'NotFound', message: 'No such connector.' };
    setting.chime.faults.set(script('ListPhoneNumbers', fault));
    await remove();
    expect(changes(setting.chime)).toEqual([[operation, 0]]);
    expect(setting.chime.remaining().connectors).toBe(0);
  });

  it('is success where somebody deletes it after the look, and asks for it no more', async () => {
    const { setting, begun, remove } = await open();
    setting.chime.hooks.beforeEffect = ({ operation: received }) => {
      if (received === operation) setting.chime.state.deleteConnector(begun.voiceConnectorId);
    };
    await remove();
    expect(changes(setting.chime)).toEqual([[operation, 0]]);
    expect(setting.chime.calls().GetVoiceConnector).toBe(1);
  });
});

describe('A connector that became a member of a group during the run', () => {
  const refusals = switchPositions.groupMemberDelete.filter((how) => how !== 'accepted');

  it.each(refusals)('is told with the group, and with how to take it out of it (%s)', async (how) => {
    const { setting, begun, remove, join } = await open({ groupMemberDelete: how });
    const [east, west] = [join('East'), join('West')];
    const error = await errorOf(remove());
    expect(error.name).toBe('InGroup');
    expect(error.message).toContain(
      `The service refuses to delete connector ${begun.voiceConnectorId}, which is a member of Voice Connector group ` +
        `East (${east}) and of West (${west}). Its numbers are gone; it stays. To take it out of its groups and delete ` +
        'it, resume with "detachFromGroups": true. The refusal: ',
    );
    expect(error.message).toContain(how.startsWith('409') ? 'ConflictException: ' : 'BadRequestException: ');
    expect(setting.chime.remaining().connectors).toBe(1);
  });

  it('ends the run at once: nothing about it passes by itself', () => {
    expect(Object.values(retriable).flat()).not.toContain('InGroup');
  });

  it('though it was to leave them is looked at again: the service may not have caught up', async () => {
    const { setting, begun, join } = await open();
    join('East');
    const error = await errorOf(run(setting, connect, { ...begun.inspected, detachFromGroups: true }));
    expect(error.name).toBe('StillInGroup');
    expect(error.message).toContain('resume with "detachFromGroups": true');
    expect(retriable.notYetConverged).toContain(error.name);
  });

  it('is deleted where the service takes it out of the group itself', async () => {
    const { setting, remove, join } = await open({ groupMemberDelete: 'accepted' });
    join('East');
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
  });

  it('is told of numbers first: these have to be seen to anyway', async () => {
    const { setting, begun, remove, join } = await open();
    join('East');
    setting.chime.state.addNumber({ e164: '+13125550199', connectorId: begun.voiceConnectorId });
    expect((await errorOf(remove())).name).toBe('StillAttached');
  });
});

describe('The connector is not deleted', () => {
  it('while numbers are attached to it: they are not touched, and named by count and last four digits', async () => {
    const { setting, begun, remove } = await open();
    for (let i = 0; i < 7; i += 1)
      setting.chime.state.addNumber({ e164: `+1312555010${i}`, connectorId: begun.voiceConnectorId });
    const error = await errorOf(remove());
    expect(error.name).toBe('StillAttached');
    expect(error.message).toMatch(
      /^7 numbers still attached to connector \w+: …0100, …0101, …0102, …0103, …0104, and more\./,
    );
    expect(error.message).toContain('this run does not touch numbers that were not in its plan');
    expect(changes(setting.chime)).toEqual([]);
    expect(setting.chime.state.numbersOn(begun.voiceConnectorId)).toBe(7);
  });

  it.each(blockedPositions())(
    'where a number is attached between the look and the call (%j)',
    async (switches) => {
      const { setting, begun, remove } = await open(switches);
      setting.chime.hooks.beforeEffect = ({ operation: received }) => {
        if (received !== operation || setting.chime.state.number('+13125550199')) return;
        setting.chime.state.addNumber({ e164: '+13125550199', connectorId: begun.voiceConnectorId });
      };
      const error = await errorOf(remove());
      expect(error.name).toBe('StillAttached');
      expect(error.message).toMatch(/^1 number still attached to connector \w+: …0199\./);
      expect(changes(setting.chime)).toEqual([[operation, 0]]);
      expect(setting.chime.state.numbersOn(begun.voiceConnectorId)).toBe(1);
    },
  );

  it.each([
    [409, 'Conflict', 'ConflictException'],
    [400, 'BadRequest', 'BadRequestException'],
    [409, 'VoiceConnectorGroupAssociationsExist', 'ConflictException'],
  ])('where the service refuses with %d %s though nothing is listed on it', async (status, code, name) => {
    const { setting, begun, remove } = await open();
    const fault = { status, code, message: 'Not with +12065550100 on it.' };
    setting.chime.faults.set(script(operation, fault));
    const error = await errorOf(remove());
    expect(error.name).toBe('StillAttached');
    expect(error.message).toContain(`refuses to delete connector ${begun.voiceConnectorId}`);
    expect(error.message).toContain(name);
    expect(error.message).toContain('Not with …0100 on it.');
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
  });

  it('where the service says yes and still shows it', async () => {
    const { setting, begun, remove } = await open();
    const fault = { status: 204, contentType: 'application/json', body: '' };
    setting.chime.faults.set(script(operation, fault));
    expect(await errorOf(remove())).toMatchObject({
      name: 'StillThere',
      message: `Connector ${begun.voiceConnectorId} was deleted, and the service still shows it.`,
    });
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
  });

  it('as long as the service still shows a number on it that was taken off', async () => {
    const { setting, begun, remove } = await open({ convergenceSeconds: 20 });
    setting.chime.state.addNumber({ e164: '+13125550199', connectorId: begun.voiceConnectorId });
    setting.chime.state.disassociate('+13125550199');
    expect((await errorOf(remove())).name).toBe('StillAttached');
    await setting.clock.sleep(20_000);
    await remove();
    expect(setting.chime.remaining().connectors).toBe(0);
  });

  it('by an execution that has lost the teardown to another', async () => {
    const { setting, remove } = await open({}, stranger);
    expect((await errorOf(remove())).name).toBe('LockLost');
    expect(setting.chime.requests).toEqual([]);
  });

  it('without the right to', async () => {
    const { setting, remove } = await open();
    const fault = { status: 403, code: 'AccessDenied', message: 'No right.' };
    setting.chime.faults.set(script(operation, fault));
    expect((await errorOf(remove())).name).toBe('AccessDeniedException');
    expect(at(setting.chime.requests, -1).operation).toBe(operation);
  });
});

async function open(switches: Partial<ChimeSwitches> = {}, holder?: string) {
  const setting = await openSetting({ switches });
  const begun = await begin(setting, { numbers: 0, ...(holder === undefined ? {} : { holder }) });
  const { voiceConnectorId } = begun;
  const join = (name: string): string =>
    setting.chime.state.addGroup({ name, items: [{ voiceConnectorId, priority: 1 }] }).voiceConnectorGroupId;
  return { setting, begun, join, remove: () => run(setting, connect, begun.inspected) };
}

function blockedPositions(): Partial<ChimeSwitches>[] {
  return switchPositions.blockedDelete.flatMap((blockedDelete) =>
    switchPositions.errorHeader.map((errorHeader) => ({ blockedDelete, errorHeader })),
  );
}
