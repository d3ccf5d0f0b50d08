import { describe, expect, it } from '@jest/globals';
import { circumstancesOf } from '../../lambda/inspection/circumstances.ts';
import type { Configuration, Connector, SipRule, Tags } from '../../lambda/ports.ts';
import { VirtualClock } from '../../local/clock.ts';

const connector: Connector = { voiceConnectorId: 'abc', name: 'Trunk' };
const rule: SipRule = { id: 'r', name: 'Reception', triggerType: 'RequestUriHostname', triggerValue: '' };

describe('A SIP rule', () => {
  it.each<[string, Partial<Connector>, Partial<SipRule>, number]>([
    [
      'the host name that the service gives',
      { outboundHostName: 'Trunk.example.org' },
      { triggerValue: 'trunk.EXAMPLE.org' },
      1,
    ],
    ['the host name that connectors have', {}, { triggerValue: 'ABC.voiceconnector.chime.aws' }, 1],
    ['that of another', {}, { triggerValue: 'abcd.voiceconnector.chime.aws' }, 0],
    ['nothing', {}, { triggerValue: '' }, 0],
    [
      'the same as a number',
      {},
      { triggerType: 'ToPhoneNumber', triggerValue: 'abc.voiceconnector.chime.aws' },
      0,
    ],
  ])('with the trigger %s', async (_what, connectorChange, ruleChange, count) => {
    const found = await of({ connector: connectorChange, rules: [{ ...rule, ...ruleChange }] });
    expect(found.blockers.map(({ code }) => code)).toEqual(Array(count).fill('SipRules'));
  });
});

describe('Through an API that knows no tags', () => {
  it('a connector is not protected, and the plan says that it was not looked at', async () => {
    const { blockers, warnings, snapshot } = await of({ tags: 'unchecked' });
    expect(blockers).toEqual([]);
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ['Unchecked', expect.stringContaining('a protection tag')],
    ]);
    expect(snapshot).not.toHaveProperty('tags');
  });
});

describe('The snapshot', () => {
  it('has the tags as they were, without any too', async () => {
    expect((await of({ tags: { tags: { team: 'voice' } } })).snapshot.tags).toEqual({ team: 'voice' });
    expect((await of({ tags: { tags: {} } })).snapshot.tags).toEqual({});
    expect((await of({ tags: { unreadable: 'no right' } })).snapshot).not.toHaveProperty('tags');
  });
});

describe('A connector that is protected, and of which the service gives no ARN', () => {
  it('has no command that would unprotect it', async () => {
    const { blockers } = await of({ tags: { tags: { 'teardown-protection': 'on' } } });
    expect(blockers).toMatchObject([
      { code: 'Protected', wayOut: expect.not.stringContaining('untag-resource') },
    ]);
  });
});

describe('Emergency calling', () => {
  it.each<[string, Configuration, number]>([
    ['is not configured', {}, 0],
    ['is configured for nothing', { emergencyCalling: {} }, 0],
    ['has no numbers', { emergencyCalling: { DNIS: [] } }, 0],
    ['has a number', { emergencyCalling: { DNIS: [{}] } }, 1],
  ])('that %s', async (_what, configuration, count) => {
    const { warnings } = await of({ configuration });
    expect(warnings.filter(({ code }) => code === 'EmergencyCalling')).toHaveLength(count);
  });
});

interface Found {
  readonly connector?: Partial<Connector>;
  readonly tags?: Tags;
  readonly rules?: readonly SipRule[];
  readonly configuration?: Configuration;
}

/** What is made of an account in which the ports find this. */
async function of({ connector: change = {}, tags = { tags: {} }, rules = [], configuration = {} }: Found) {
  const clock = new VirtualClock();
  const chime = {
    tagsOf: async () => tags,
    groupsOf: async () => [],
    hasNumbers: async () => false,
    sipRules: async function* () {
      yield rules;
    },
    configurationOf: async () => configuration,
  };
  const ports = {
    ...{ chime, clock, calls: { callsSince: async () => 0 } },
    guards: { protectionTag: 'teardown-protection', quietDays: 14 },
  };
  const found = await circumstancesOf(ports, { ...connector, ...change }, { voiceConnectorId: 'abc' });
  clock.close();
  return found;
}
