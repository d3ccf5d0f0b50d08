import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { npmStart } from './npm-start.ts';

describe('npm start', () => {
  it('prints one JSON object and nothing else with --json', async () => {
    const { status, stdout } = await npmStart('--json', '--numbers', '51');

    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual({
      outcome: 'deleted',
      executionStatus: 'SUCCEEDED',
      voiceConnectorId: expect.stringMatching(/^[a-z0-9]{22}$/),
      phoneNumbers: 51,
      fingerprint: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      apiCalls: expect.objectContaining({ BatchDeletePhoneNumber: 2, DeleteVoiceConnector: 1 }),
      throttled: 0,
      transitions: expect.any(Number),
      virtualSeconds: 604_800,
      wallSeconds: expect.any(Number),
      chime: { connectors: 0, numbers: 0, queued: 0 },
      notices: ['Teardown Window Opened', 'Teardown Last Day', 'Teardown Completed'].map((detailType) => ({
        detailType,
        detail: expect.objectContaining({
          voiceConnectorId: expect.any(String),
          message: expect.any(String),
        }),
      })),
    });
  });

  it('plays the same through the older API', async () => {
    const { status, stdout } = await npmStart('--json', '--numbers', '100', '--chime-api', 'chime');

    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ outcome: 'deleted', chime: { connectors: 0, numbers: 0, queued: 0 } });
    // 100 numbers are two of its pages of 99; then the queue as the window opens, the inventory, four
    // lists by status, and a look before the delete.
    expect(report.apiCalls.ListPhoneNumbers).toBe(2 + 1 + 5 + 1);
  });

  it('writes history and logs without a number in them, under throttling and errors', async () => {
    const history = join(folder, 'history.json');
    const logs = join(folder, 'logs.ndjson');

    const { status } = await npmStart(
      ...['--json', '--throttle', '0.3', '--errors', '0.1', '--seed', '4'],
      ...['--history', history, '--logs', logs],
    );

    expect(status).toBe(0);
    const events = JSON.parse(readFileSync(history, 'utf8'));
    expect(events.at(-1)).toMatchObject({ type: 'ExecutionSucceeded' });
    const lines = readFileSync(logs, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).execution)).toContain(
      events.find(hasExecution)?.state.output.execution.id,
    );
    const told = JSON.stringify(events) + lines.join('\n');
    for (let number = 0; number < 120; number += 1) expect(told).not.toContain(String(5_550_100 + number));
  });

  it('plans with --dry-run, and ends with status 0 although the connector stays', async () => {
    const { status, stdout } = await npmStart('--json', '--dry-run');

    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ outcome: 'planned', chime: { connectors: 1, numbers: 120, queued: 0 } });
    expect(Object.keys(report.apiCalls).filter((operation) => !/^(Get|List)/.test(operation))).toEqual([]);
    expect(report.answer).toMatchObject({
      plan: { fingerprint: report.fingerprint },
      forecast: { calls: { BatchDeletePhoneNumber: 3 }, windowEndsAt: '2026-01-12T09:00:00.000Z' },
    });
  });

  it('ends with a status other than 0 where the run is refused', async () => {
    const { status, stdout } = await npmStart(
      '--json',
      '--numbers',
      '0',
      '--input',
      '{"voiceConnectorId":"{{connector}}"}',
    );

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'refused',
      executionStatus: 'FAILED',
      error: 'NoPhoneNumbers',
      blockers: [{ code: 'NoPhoneNumbers' }],
    });
  });

  it('refuses an input that StartExecution would not take', async () => {
    const file = join(folder, 'large.json');
    writeFileSync(file, JSON.stringify('x'.repeat(300_000)));

    const { status, stdout } = await npmStart('--json', '--input', `@${file}`);

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'refused',
      executionStatus: 'NOT_STARTED',
      error: 'InvalidInput',
      apiCalls: {},
    });
  });

  it.each([
    ['--numbers', 'many'],
    ['--throttle', '1.5'],
    ['--input', '{'],
    ['--chime-api', 'sns'],
    ['--colour', 'blue'],
  ])('refuses %s %s with a message and status 1', async (option, value) => {
    const { status, stdout, stderr } = await npmStart(option, value);

    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(option);
  });

  it('says what became of the run, in lines, where the output is no terminal', async () => {
    const { stdout } = await npmStart();

    expect(stdout).toContain('Release phone numbers: 120 of 120 in the deletion queue');
    expect(stdout).toMatch(/Outcome +deleted/);
    expect(stdout).toMatch(/Time +7 days 0 s in the cloud/);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'teardown-'));
afterAll(() => rmSync(folder, { recursive: true }));

function hasExecution(event: { type: string; state?: { output?: { execution?: unknown } } }): boolean {
  return event.type === 'StateExited' && event.state?.output?.execution !== undefined;
}
