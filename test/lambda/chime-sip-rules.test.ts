import { describe, expect, it } from '@jest/globals';
import { pageSize } from '#chime-api';
import { connectChime } from '../../lambda/chime/client.ts';
import { sipRules } from '../../lambda/chime/groups.ts';
import type { SipRule } from '../../lambda/ports.ts';
import { errorOf, openChime, reply, script } from './setting.ts';

describe('The SIP rules of an account', () => {
  it('are read with what triggers them, the disabled ones too', async () => {
    const { chime, read } = await open();
    const [host, number] = [
      chime.state.addSipRule({
        ...{ name: 'By host', disabled: true },
        ...{ triggerType: 'RequestUriHostname', triggerValue: 'abc.voiceconnector.chime.aws' },
      }),
      chime.state.addSipRule({
        name: 'By number',
        triggerType: 'ToPhoneNumber',
        triggerValue: '+12065550100',
      }),
    ];
    expect(await read()).toEqual([
      [
        {
          id: host.sipRuleId,
          name: 'By host',
          triggerType: 'RequestUriHostname',
          triggerValue: 'abc.voiceconnector.chime.aws',
        },
        {
          id: number.sipRuleId,
          name: 'By number',
          triggerType: 'ToPhoneNumber',
          triggerValue: '+12065550100',
        },
      ],
    ]);
  });

  it.each([0, 1, pageSize, pageSize + 1])('are all listed where there are %d', async (count) => {
    const { chime, read } = await open();
    const ids = Array.from(
      { length: count },
      (_, i) =>
        chime.state.addSipRule({ name: `r${i}`, triggerType: 'RequestUriHostname', triggerValue: 'x' })
          .sipRuleId,
    );
    expect((await read()).flat().map(({ id }) => id)).toEqual(ids);
    expect(chime.calls().ListSipRules).toBe(Math.max(1, Math.ceil(count / pageSize)));
  });

  it('that say little have their id for a name, and trigger nothing', async () => {
    const { read } = await open(script('ListSipRules', reply({ SipRules: [{ SipRuleId: 'r' }, {}] })));
    expect(await read()).toEqual([
      [
        { id: 'r', name: 'r', triggerType: '', triggerValue: '' },
        { id: '', name: '', triggerType: '', triggerValue: '' },
      ],
    ]);
  });

  it('are a MalformedReply in an answer without a list', async () => {
    const { read } = await open(script('ListSipRules', reply({})));
    expect(await errorOf(read())).toMatchObject({
      name: 'MalformedReply',
      message: 'listing the SIP rules: the answer holds no list',
    });
  });

  it('are a MalformedReply where the service gives the same page token again', async () => {
    const page = reply({ SipRules: [], NextToken: 'again' });
    const { read } = await open(script('ListSipRules', page, page, page));
    expect(await errorOf(read())).toMatchObject({
      name: 'MalformedReply',
      message: 'listing the SIP rules: the service gave the same page token twice',
    });
  });

  it('that may not be read are an error', async () => {
    const { read } = await open(script('ListSipRules', { status: 403, code: 'Forbidden', message: 'No.' }));
    expect((await errorOf(read())).name).toBe('ForbiddenException');
  });
});

async function open(faults: ReturnType<typeof script> = {}) {
  const setting = await openChime({ faults });
  const read = (): Promise<(readonly SipRule[])[]> => Array.fromAsync(sipRules(connectChime(setting.edge))());
  return { ...setting, read };
}
