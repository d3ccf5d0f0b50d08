import { expect, test } from '@jest/globals';
import { measureBundles } from '../../bench/bundles.ts';

test('No function is more than twice as large as the smallest bundle that could make its calls', async () => {
  const sizes = await measureBundles(() => 0);

  const functions = sizes.filter(({ smallest }) => smallest !== null);
  expect(functions.length).toBeGreaterThanOrEqual(16);
  // A client alone has more than this.
  for (const { smallest } of functions) expect(smallest).toBeGreaterThan(100_000);
  const tooLarge = functions.filter(({ bytes, smallest }) => bytes > 2 * (smallest ?? 0));
  expect(tooLarge).toEqual([]);
});
