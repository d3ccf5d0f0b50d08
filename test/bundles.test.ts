import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Settings } from '../lib/settings.ts';
import type { Execution } from '../local/engine.ts';
import { deliveriesOf } from '../local/events.ts';
import { type Artefacts, build, type Deployment, deploy, executionArn } from './lib/artefacts.ts';

const apis: Settings['chimeApi'][] = ['chime-sdk-voice', 'chime'];

describe.each(apis)('The functions as they are deployed, bundled for %s', (chimeApi) => {
  let artefacts: Artefacts;
  let deployed: Deployment | undefined;

  beforeAll(async () => {
    artefacts = await build(chimeApi);
  });
  afterEach(async () => {
    await deployed?.close();
    deployed = undefined;
  });
  afterAll(() => artefacts.remove());

  test('retire a connector with all of its numbers, knowing nothing but their environment', async () => {
    const { chime, ledger, play } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 120, name: 'Old trunk' });

    const { status, output } = await play({ voiceConnectorId, expectedPhoneNumbers: 120 }).result;

    expect({ status, output }).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'deleted', voiceConnectorId, name: 'Old trunk', phoneNumbers: 120 },
    });
    expect(chime.remaining()).toEqual({ connectors: 0, numbers: 0, queued: 0 });
    expect(await ledger.items()).toContainEqual(
      expect.objectContaining({ voiceConnectorId, phase: 'deleted' }),
    );
  });

  test('take a teardown back, and stop the run that waits for its window', async () => {
    const { chime, ledger, play, playRestore } = await start({
      switches: { restoredNames: 'dropped' },
      // A function of the run before is waited for as long as it may last; the clock here is the real one.
      environment: (step): Record<string, string> =>
        step === 'RestorePhoneNumbers' ? {} : { TIMEOUT_SECONDS: '0' },
    });
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 60, name: 'Trunk' });
    const [named = ''] = e164s;
    chime.state.rename(named, { callingName: 'ACME' });
    const { numbers, ...others } = chime.state.everything();
    let restoring: Execution | undefined;

    const torn = await play(
      { voiceConnectorId },
      {
        onEvent: ({ type, state }) => {
          if (type !== 'StateEntered' || state?.name !== 'Wait until the last day') return;
          expect(chime.remaining().queued).toBe(60);
          queueMicrotask(() => {
            restoring = playRestore({ voiceConnectorId });
          });
        },
      },
    ).result;
    const restored = await restoring?.result;

    expect(torn).toMatchObject({ status: 'ABORTED', error: 'TakenOver' });
    const counts = { restored: 60, elsewhere: 0, parked: 0, gone: 0, unassigned: 0, queued: 0 };
    expect(restored).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'restored', voiceConnectorId, name: 'Trunk', phoneNumbers: 60, ...counts },
    });
    // A calling name takes the service three days.
    const asked = { [named]: { ...numbers[named], callingNamePending: true } };
    expect(chime.state.everything()).toEqual({ ...others, numbers: { ...numbers, ...asked } });
    const items = await ledger.items();
    expect(items).toContainEqual(
      expect.objectContaining({ item: 'teardown', phase: 'restored', closedBy: restoring?.arn }),
    );
    expect(items).not.toContainEqual(expect.objectContaining({ holder: expect.anything() }));
  });

  test('refuse a connector with calls, by its metrics in CloudWatch', async () => {
    const { chime, cloudwatch, play } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const dimensions = { VoiceConnectorId: voiceConnectorId };
    cloudwatch.put({ name: 'InboundCallAttempts', dimensions });

    const { status, error, cause } = await play({ voiceConnectorId }).result;

    expect({ status, error }).toEqual({ status: 'FAILED', error: 'InUse' });
    expect(cause).toContain(`At least one call went through connector ${voiceConnectorId}`);
    expect(chime.remaining()).toEqual({ connectors: 1, numbers: 1, queued: 0 });
  });

  test('log one JSON object a line, with the execution, and no phone number', async () => {
    const { chime, play, logs } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 3 });
    await play({ voiceConnectorId }).result;

    const lines = logs()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThanOrEqual(7);
    for (const line of lines) {
      expect(line).toMatchObject({
        service: 'voice-connector-teardown',
        execution: expect.stringContaining(':execution:'),
      });
    }
    expect(logs()).not.toMatch(/1206555\d{4}/);
  });

  test('refuse a connector that is not there', async () => {
    const { play } = await start();
    const { status, error } = await play({ voiceConnectorId: 'nosuchconnector' }).result;
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'ConnectorNotFound' });
  });

  test('ask Step Functions whether the holder of a teardown still runs', async () => {
    const { chime, invoke, states } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const first = accepted({ voiceConnectorId });
    await invoke('InspectVoiceConnector', first);
    states.add(running(first.execution.id));

    const second = await invoke('InspectVoiceConnector', accepted({ voiceConnectorId, resume: true }));

    expect(second).toMatchObject({ verdict: 'refused', blockers: [{ code: 'AlreadyRunning' }] });
  });

  test('close a teardown that was interrupted, as the rule tells them', async () => {
    const { chime, ledger, invoke } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const first = accepted({ voiceConnectorId });
    await invoke('InspectVoiceConnector', first);
    const { rules, stateMachineArn } = artefacts.synthesis;
    const event = {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: {
        executionArn: first.execution.id,
        stateMachineArn,
        status: 'ABORTED',
        input: JSON.stringify({ voiceConnectorId }),
      },
    };

    for (const { input } of deliveriesOf(event, rules)) await invoke('CloseTeardown', input);

    const closed = expect.objectContaining({ voiceConnectorId, phase: 'interrupted', error: 'ABORTED' });
    expect(await ledger.items()).toContainEqual(closed);
    expect(await ledger.items()).not.toContainEqual(expect.objectContaining({ holder: expect.anything() }));
  });

  describe('fail under names that minifying leaves alone', () => {
    test('StillAttached, where the connector has numbers', async () => {
      const { chime, invoke } = await start();
      const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
      const inspected = await invoke('InspectVoiceConnector', accepted({ voiceConnectorId }));

      await expect(invoke('DeleteVoiceConnector', inspected)).rejects.toMatchObject({
        name: 'StillAttached',
        message: expect.stringContaining(`1 number still attached to connector ${voiceConnectorId}: …0100`),
      });
    });

    test('LedgerMismatch, where the ledger lacks what an earlier step wrote', async () => {
      const { chime, invoke } = await start();
      const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
      const inspected = await invoke('InspectVoiceConnector', accepted({ voiceConnectorId }));
      const event = { ...(inspected as object), batch: 7 };
      await expect(invoke('QueuePhoneNumbers', event)).rejects.toMatchObject({ name: 'LedgerMismatch' });
    });

    test('LockLost, where the execution does not hold the teardown', async () => {
      const { invoke } = await start();
      const { execution } = accepted({});
      const event = { voiceConnectorId: 'unknown', generation: 'x', batch: 0, execution };
      await expect(invoke('QueuePhoneNumbers', event)).rejects.toMatchObject({ name: 'LockLost' });
    });

    test('OldStepRunning, where a function of the execution before may still run', async () => {
      const { chime, invoke, states } = await start();
      const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
      const first = accepted({ voiceConnectorId });
      const inspected = await invoke('InspectVoiceConnector', first);
      await invoke('DisassociatePhoneNumbers', { ...(inspected as object), batch: 0 });
      states.add(over(first.execution.id));

      const resume = accepted({ voiceConnectorId, resume: true });
      await expect(invoke('InspectVoiceConnector', resume)).rejects.toMatchObject({ name: 'OldStepRunning' });
    });

    test('ForbiddenException, where the service says so', async () => {
      const fault = { status: 403, code: 'Forbidden', message: 'No.' };
      const { chime, invoke } = await start({
        faults: { script: [{ operation: 'GetVoiceConnector', nth: 1, fault }] },
      });
      const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
      const event = accepted({ voiceConnectorId });
      await expect(invoke('InspectVoiceConnector', event)).rejects.toMatchObject({
        name: 'ForbiddenException',
      });
    });

    test('BadEnvironment, where a variable is missing', async () => {
      const { invoke } = await start({ environment: () => ({ LEDGER_TABLE: '' }) });
      const event = accepted({ voiceConnectorId: 'unknown' });
      await expect(invoke('InspectVoiceConnector', event)).rejects.toMatchObject({
        name: 'BadEnvironment',
        message: expect.stringContaining('LEDGER_TABLE'),
      });
    });
  });

  /** What "Accept request" makes of a request to a new execution. */
  function accepted(request: Record<string, unknown>) {
    const { synthesis } = artefacts;
    const id = executionArn(synthesis.stateMachineArn);
    const startedAt = new Date().toISOString();
    return { request, execution: { id, startedAt, stateMachine: synthesis.stateMachineArn } };
  }

  async function start(options?: Parameters<typeof deploy>[1]): Promise<Deployment> {
    deployed = await deploy(artefacts, options);
    return deployed;
  }
});

function running(arn: string): Execution {
  return { arn, abort: () => undefined, result: new Promise(() => undefined) };
}

function over(arn: string): Execution {
  const result = Promise.resolve({ status: 'ABORTED' as const, history: [], transitions: 0 });
  return { arn, abort: () => undefined, result };
}
