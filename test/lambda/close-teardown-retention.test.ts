import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/close-teardown.ts';
import type { Ending } from '../../lambda/journey.ts';
import { deleted, failed, failure, openInWindow } from './closing-setting.ts';
import { run } from './setting.ts';
import { execution, teardownOf } from './teardown-setting.ts';

describe('A teardown that has come to its end', () => {
  const inAYear = Date.parse('2027-01-05T09:00:00.000Z') / 1_000;

  it('may be forgotten after a year, with all of its batches', async () => {
    const { setting, begun } = await openInWindow();
    await run(setting, connect, deleted(begun));
    const items = (await setting.ledger.items()) as { expiresAt?: unknown }[];
    expect(items).toHaveLength(3);
    expect(items.map(({ expiresAt }) => expiresAt)).toEqual([inAYear, inAYear, inAYear]);
  });

  it('is kept for ever where the setting is 0', async () => {
    const { setting, begun } = await openInWindow();
    const env = { ...setting.edge.env, LEDGER_RETENTION_DAYS: '0' };
    await run({ ...setting, edge: { ...setting.edge, env } }, connect, deleted(begun));
    expect(JSON.stringify(await setting.ledger.items())).not.toContain('expiresAt');
  });

  it('has ended well also where its batches cannot be marked', async () => {
    const { setting, begun } = await openInWindow();
    setting.wire.refuse = ({ operation }) => operation === 'Query';
    expect((await run(setting, connect, deleted(begun))).answer).toMatchObject({ outcome: 'deleted' });
  });

  it('short of something is kept, whatever the setting: somebody has to look after its numbers', async () => {
    const { setting, begun } = await openInWindow();
    const check = { verdict: 'incomplete', counts: {}, looks: 1, failure, phase: 'restored' };
    const ending = { outcome: 'incomplete', execution, state: { ...begun.inspected, check } };
    await run(setting, connect, ending as unknown as Ending);
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('restored');
    expect(JSON.stringify(await setting.ledger.items())).not.toContain('expiresAt');
  });

  it('that failed is kept, whatever the setting: numbers may be outstanding', async () => {
    const { setting, begun } = await openInWindow();
    await run(setting, connect, failed(begun));
    expect(JSON.stringify(await setting.ledger.items())).not.toContain('expiresAt');
  });
});
