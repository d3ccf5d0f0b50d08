import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { VirtualClock } from '../../local/clock.ts';
import { type LocalStates, startLocalStates } from '../../local/states.ts';
import { functionArn, machine, settle, start } from './engine-fixture.ts';

let states: LocalStates;
let client: SFNClient;
let clocks: VirtualClock[];

beforeEach(async () => {
  clocks = [];
  states = await startLocalStates();
  client = new SFNClient({ ...states.connection, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  for (const clock of clocks) clock.close();
  await states.close();
});

describe('DescribeExecution', () => {
  test('says of an execution that works that it is running', async () => {
    const { arn } = held();
    expect(await describeExecution(arn)).toMatchObject({ executionArn: arn, status: 'RUNNING' });
  });

  test.each([
    ['SUCCEEDED', machine({ Done: { Type: 'Succeed' } })],
    ['FAILED', machine({ No: { Type: 'Fail', Error: 'No', Cause: 'Because.' } })],
    [
      'TIMED_OUT',
      machine(
        { Long: { Type: 'Wait', Seconds: 60, Next: 'Done' }, Done: { Type: 'Succeed' } },
        { TimeoutSeconds: 5 },
      ),
    ],
  ])('says how one has ended: %s', async (status, definition) => {
    const execution = start(definition, {}, { clock: newClock() });
    states.add(execution);
    await execution.result;
    expect(await describeExecution(execution.arn)).toMatchObject({ status });
  });

  test('does not know an execution before it was added, though it may be running', async () => {
    const execution = start(machine({ Done: { Type: 'Succeed' } }), {}, { clock: newClock() });
    const asked = describeExecution(execution.arn);
    await expect(asked).rejects.toBeInstanceOf(ExecutionDoesNotExist);
    await expect(asked).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
    states.add(execution);
    expect(await describeExecution(execution.arn)).toMatchObject({ executionArn: execution.arn });
  });

  test('tells executions apart by their whole ARN', async () => {
    const { arn } = held('run-1');
    const other = held('run-10');
    other.abort();
    await other.result;
    expect(await describeExecution(arn)).toMatchObject({ status: 'RUNNING' });
    expect(await describeExecution(other.arn)).toMatchObject({ status: 'ABORTED' });
    await expect(describeExecution(arn.slice(0, -1))).rejects.toBeInstanceOf(ExecutionDoesNotExist);
  });
});

describe('StopExecution', () => {
  test('aborts the execution, which is then known as aborted', async () => {
    const execution = held();
    const { stopDate } = await client.send(new StopExecutionCommand({ executionArn: execution.arn }));
    expect(stopDate).toBeInstanceOf(Date);
    expect(await execution.result).toMatchObject({ status: 'ABORTED' });
    expect(await describeExecution(execution.arn)).toMatchObject({ status: 'ABORTED' });
  });

  test('leaves an execution that has ended as it ended', async () => {
    const execution = start(machine({ Done: { Type: 'Succeed' } }), {}, { clock: newClock() });
    states.add(execution);
    await execution.result;
    await client.send(new StopExecutionCommand({ executionArn: execution.arn }));
    expect(await describeExecution(execution.arn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('knows no execution that was not added', async () => {
    const stopped = client.send(new StopExecutionCommand({ executionArn: arnOf('nobody') }));
    await expect(stopped).rejects.toBeInstanceOf(ExecutionDoesNotExist);
  });

  test('starts nothing that would come after', async () => {
    const entered: string[] = [];
    const definition = machine({
      First: { Type: 'Task', Resource: functionArn('First'), Next: 'Second' },
      Second: { Type: 'Task', Resource: functionArn('Second'), End: true },
    });
    const first = Promise.withResolvers<void>();
    const functions = {
      First: () => {
        entered.push('First');
        return first.promise;
      },
      Second: () => entered.push('Second'),
    };
    const execution = start(definition, functions, { clock: newClock() });
    states.add(execution);
    await settle();

    await client.send(new StopExecutionCommand({ executionArn: execution.arn }));
    first.resolve();
    await execution.result;
    await settle();

    expect(entered).toEqual(['First']);
  });
});

/** An execution that works until the test is over. */
function held(name = 'run-1') {
  const definition = machine({ Work: { Type: 'Task', Resource: functionArn('Work'), End: true } });
  const work = { Work: () => new Promise<never>(() => undefined) };
  const execution = start(definition, work, { clock: newClock(), executionArn: arnOf(name) });
  states.add(execution);
  return execution;
}

function describeExecution(executionArn: string) {
  return client.send(new DescribeExecutionCommand({ executionArn }));
}

function arnOf(name: string): string {
  return `arn:aws:states:us-east-1:123456789012:execution:Teardown:${name}`;
}

function newClock(): VirtualClock {
  const clock = new VirtualClock();
  clocks.push(clock);
  return clock;
}
