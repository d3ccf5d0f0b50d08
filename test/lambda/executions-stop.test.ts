import { describe, expect, it } from '@jest/globals';
import { connectExecutions, statusOf, stop } from '../../lambda/aws/executions.ts';
import { openSetting, over, running, stranger } from './teardown-setting.ts';

describe('Stopping an execution', () => {
  it('ends one that runs', async () => {
    const setting = await openSetting();
    running(setting, stranger);
    await stop(connectExecutions(setting.edge))(stranger, 'Taken over.');
    expect(await statusOf(connectExecutions(setting.edge))(stranger)).toBe('over');
  });

  it('is no error where it is over, or where Step Functions does not know it', async () => {
    const setting = await openSetting();
    await over(setting, stranger);
    await stop(connectExecutions(setting.edge))(stranger, 'Taken over.');
    await stop(connectExecutions(setting.edge))(`${stranger}-unknown`, 'Taken over.');
    expect(setting.chime.requests).toEqual([]);
  });
});
