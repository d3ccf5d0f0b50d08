import { describe, expect, it } from '@jest/globals';
import { protectionOf } from '../../lambda/inspection/guards.ts';

const guards = { protectionTag: 'teardown-protection', quietDays: 14 };

describe('The tags of a connector', () => {
  it.each([
    ['has no tags', { tags: {} }],
    ['has others', { tags: { team: 'voice', protection: 'on' } }],
    ['is read through an API that knows none', 'unchecked'],
  ] as const)('protect nothing where it %s', (_what, tags) => {
    expect(protectionOf(tags, guards)).toBeUndefined();
  });

  it.each(['teardown-protection', 'Teardown-Protection'])('protect it by %s, whatever its value', (key) => {
    const why = `it has the tag "${key}"`;
    expect(protectionOf({ tags: { [key]: '' } }, guards)).toEqual({ why, key });
  });

  it('protect it where they cannot be read', () => {
    const { why, ...rest } = protectionOf({ unreadable: 'no right' }, guards) ?? {};
    expect(why).toBe('whether it is protected cannot be read (no right)');
    expect(rest).toEqual({});
  });
});
