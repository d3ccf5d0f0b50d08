import { describe, expect, it } from '@jest/globals';
import { npmStart } from './npm-start.ts';

describe('npm start -- --undo', () => {
  it.each([
    ['1 number', ['--numbers', '1'], 1],
    [
      '120 numbers, under throttling and errors',
      ['--throttle', '0.3', '--errors', '0.1', '--seed', '2'],
      120,
    ],
    ['600 numbers, in two batches', ['--numbers', '600'], 600],
    ['120 numbers through the older API', ['--chime-api', 'chime'], 120],
  ])('restores %s, and says what local Chime holds', async (_what, options, numbers) => {
    const { status, stdout } = await npmStart('--undo', '--json', ...options);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'restored',
      executionStatus: 'SUCCEEDED',
      phoneNumbers: numbers,
      teardown: { executionStatus: 'ABORTED', error: 'TakenOver' },
      restored: { connectors: 1, numbers, queued: 0, onConnector: numbers },
      chime: { connectors: 1, numbers, queued: 0 },
    });
  });

  it('shows both, the teardown and the restore', async () => {
    const { stdout } = await npmStart('--undo', '--numbers', '60');

    expect(stdout).toContain('Release phone numbers: 60 of 60 in the deletion queue');
    expect(stdout).toContain('Take phone numbers out of the queue: 0 left in the deletion queue');
    expect(stdout).toMatch(/Outcome +restored/);
    expect(stdout).toMatch(/Restored +60 numbers on the same connector/);
  });

  it('ends with a status other than 0 where there was nothing to restore', async () => {
    const { status, stdout } = await npmStart('--undo', '--json', '--numbers', '0');

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'deleted' });
  });

  it('is refused together with --dry-run', async () => {
    const { status, stderr } = await npmStart('--undo', '--dry-run');

    expect(status).toBe(1);
    expect(stderr).toContain('--undo');
  });
});
