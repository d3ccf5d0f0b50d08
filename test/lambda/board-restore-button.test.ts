import { describe, expect, it } from '@jest/globals';
import type { Phase } from '../../lambda/ledger/teardown.ts';
import { boardOf, openBoard, plant, restoreFunction } from './board-setting.ts';

describe('The Restore button', () => {
  it('asks first, and then calls the function that starts a restore, with the connector and nothing else', async () => {
    const setting = await openBoard();
    const id = await plant(setting, { name: 'Leeds', endsIn: 50 });
    const [button = ''] = (await boardOf(setting)).match(/<a class="btn">.*?<\/cwdb-action>/s) ?? [];
    const [, attributes = '', payload = ''] =
      /^<a class="btn">Restore<\/a><cwdb-action (.*?)>(.*?)</.exec(button) ?? [];
    expect(attributesIn(attributes)).toEqual({
      action: 'call',
      endpoint: restoreFunction,
      display: 'widget',
      confirmation: expect.stringContaining(`Restore Leeds (${id})?`),
    });
    expect(JSON.parse(payload.replaceAll('&quot;', '"'))).toEqual({ voiceConnectorId: id });
  });

  it.each<[Phase, boolean]>([
    ['releasing', true],
    ['window', true],
    ['failed', true],
    ['interrupted', true],
    ['deleting', false],
    ['restoring', false],
    ['deleted', false],
    ['restored', false],
  ])('in the phase %s is there: %s', async (phase, isThere) => {
    const setting = await openBoard();
    await plant(setting, { phase, numbers: { queued: 2 }, endsIn: 40, endedAgo: 1 });
    expect(await hasButton(setting)).toBe(isThere);
  });

  it('is there again where a restore has died', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'restoring', numbers: { queued: 2 }, run: 'over' });
    const page = await boardOf(setting);
    expect(page).toContain('<cwdb-action');
    expect(page).toContain('Restore it again.');
  });

  it('is not there where all numbers are gone: nothing is left to take back', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'failed', numbers: { gone: 5, reclaimed: 1 }, endedAgo: 1 });
    expect(await hasButton(setting)).toBe(false);
  });

  it('is not there where they were seen to be gone, though the ledger has them as queued', async () => {
    const setting = await openBoard();
    const goneAt = setting.clock.now().toISOString();
    await plant(setting, { phase: 'interrupted', numbers: { queued: 5 }, goneAt, endedAgo: 1 });
    expect(await hasButton(setting)).toBe(false);
  });

  it('is not there for an id that cannot be one', async () => {
    const setting = await openBoard();
    await plant(setting, { voiceConnectorId: '"}</cwdb-action>', endsIn: 40 });
    expect(await hasButton(setting)).toBe(false);
  });
});

async function hasButton(setting: Parameters<typeof boardOf>[0]): Promise<boolean> {
  return (await boardOf(setting)).includes('<cwdb-action');
}

function attributesIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
}
