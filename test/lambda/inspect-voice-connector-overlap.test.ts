import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/inspect-voice-connector.ts';
import { inspect } from './inspection.ts';
import { errorOf, run } from './setting.ts';
import { batchesOf, execution, openSetting, teardownOf } from './teardown-setting.ts';

describe('Two attempts of one execution to draw up its plan, of which the first is slow', () => {
  it('leave the plan of the second in force, whole, whatever the first does afterwards', async () => {
    const setting = await openSetting();
    const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 700 });
    const request = { voiceConnectorId };
    // A second later, so that its plan has a name of its own; few enough calls that nobody waits for a turn.
    const later = {
      now: () => new Date(setting.clock.now().getTime() + 1_000),
      sleep: async () => undefined,
    };
    let listed = 0;
    let second: Awaited<ReturnType<typeof inspect>> | undefined;
    setting.chime.hooks.beforeEffect = async ({ operation }) => {
      if (operation !== 'ListPhoneNumbers') return;
      listed += 1;
      if (listed !== 6) return;
      const edge = { ...setting.edge, clock: later };
      second = await run({ clock: setting.clock, edge }, connect, { request, execution });
    };

    const first = await errorOf(inspect(setting, request));

    expect(first.name).toBe('Overtaken');
    expect(second).toMatchObject({ verdict: 'release', batches: [0, 1] });
    const { generation } = second as { generation: string };
    expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({ generation });
    const inForce = await batchesOf(setting, { voiceConnectorId });
    expect(inForce.map(({ numbers }) => numbers.length)).toEqual([500, 200]);
  });
});
