import { describe, expect, it } from '@jest/globals';
import { connectExecutions, stop } from '../../lambda/executions.ts';
import { openSetting, over, running, stranger } from './teardown-setting.ts';

describe('Stopping an execution', () => {
  it('ends one that runs', async () => {
    const setting = await openSetting();
    const end = running(setting, stranger);
    await stop(connectExecutions(setting.edge))(stranger, 'Taken over.');
    await end();
  });

  it('is no error where it is over, or where Step Functions does not know it', async () => {
    const setting = await openSetting();
    await over(setting, stranger);
    await stop(connectExecutions(setting.edge))(stranger, 'Taken over.');
    await stop(connectExecutions(setting.edge))(`${stranger}-unknown`, 'Taken over.');
    expect(setting.chime.requests).toEqual([]);
  });
});
