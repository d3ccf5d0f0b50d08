import { describe, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { connectChime } from '../../lambda/chime/client.ts';
import { getVoiceConnector } from '../../lambda/chime/connectors.ts';
import { type Edge, onLambda, type Step } from '../../lambda/edge.ts';
import { metricsTo } from '../../local/logs.ts';
import { openChime } from './setting.ts';

describe('A run of a function', () => {
  it('writes how often it has called Chime, and how often that was throttled, in the format of CloudWatch', async () => {
    const { lines, look, setting } = await open();
    setting.chime.faults.set({
      script: [1, 2].map((nth) => ({ operation: 'GetVoiceConnector', nth, fault: 'throttle' })),
    });
    await look('arn:aws:states:us-east-1:111122223333:execution:Teardown:ours');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(String(lines[0]))).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'VoiceConnectorTeardown',
            Dimensions: [['service']],
            Metrics: [
              { Name: 'ChimeCalls', Unit: 'Count' },
              { Name: 'ChimeThrottled', Unit: 'Count' },
            ],
          },
        ],
      },
      service: 'voice-connector-teardown',
      execution: 'arn:aws:states:us-east-1:111122223333:execution:Teardown:ours',
      ChimeCalls: [1, 1, 1],
      ChimeThrottled: [1, 1],
    });
  });

  it('writes it also where it fails', async () => {
    const { lines, look, setting } = await open();
    setting.chime.faults.set({ throttle: 1 });
    await expect(look()).rejects.toThrow('Rate exceeded');
    expect(JSON.parse(String(lines[0]))).toMatchObject({ ChimeThrottled: expect.any(Array) });
  });

  it('writes nothing where it has called nothing', async () => {
    const { lines, handler } = await open();
    await handler(() => async () => undefined)({}, {} as Context);
    expect(lines).toEqual([]);
  });
});

async function open() {
  const setting = await openChime();
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 1, name: 'Trunk' });
  const lines: string[] = [];
  const metrics = metricsTo((line) => lines.push(line));
  const handler = (connect: (edge: Edge) => Step<object, unknown>) =>
    onLambda(connect, () => ({ ...setting.edge, metrics }));
  const step = handler((edge) => () => getVoiceConnector(connectChime(edge))(voiceConnectorId));
  const look = (executionArn?: string) => setting.clock.busy(() => step({ executionArn }, {} as Context));
  return { setting, lines, handler, look };
}
