import { describe, expect, test } from '@jest/globals';
import type { Definition, State } from '../../local/engine-definition.ts';
import { taskStates } from '../../local/engine-definition.ts';
import {
  allStates,
  catchersOf,
  type Graph,
  graphOf,
  machineUnderTest,
  reachableFrom,
  scopesOf,
} from './state-graph.ts';

const machine = machineUnderTest();
const { definition } = machine;

/** The flow as an operator sees it: every state, what it calls, and where it goes. */
const flow: Graph = {
  'Accept request': { type: 'Pass', next: 'Inspect voice connector' },
  'Inspect voice connector': {
    type: 'Task',
    calls: 'InspectVoiceConnector',
    next: 'Safe to tear down?',
    onError: 'Close teardown (failed)',
  },
  'Safe to tear down?': {
    type: 'Choice',
    when: {
      '$.verdict = release': 'Release phone numbers',
      '$.verdict = delete': 'Delete voice connector',
      '$.verdict = planned': 'Plan ready',
      '$.verdict = alreadyDeleted': 'Already deleted',
    },
    otherwise: 'Close teardown (refused)',
  },
  'Plan ready': { type: 'Succeed' },
  'Already deleted': { type: 'Succeed' },

  'Release phone numbers': {
    type: 'Map',
    each: {
      'Disassociate phone numbers': {
        type: 'Task',
        calls: 'DisassociatePhoneNumbers',
        next: 'Queue phone numbers',
      },
      'Queue phone numbers': { type: 'Task', calls: 'QueuePhoneNumbers' },
    },
    next: 'Open deletion window',
    onError: 'Close teardown (failed)',
  },
  'Open deletion window': {
    type: 'Task',
    calls: 'OpenDeletionWindow',
    next: 'Wait until the window ends',
    onError: 'Close teardown (failed)',
  },
  'Wait until the window ends': { type: 'Wait', until: '$.window.endsAt', next: 'Check deletion queue' },
  'Check deletion queue': {
    type: 'Task',
    calls: 'CheckDeletionQueue',
    next: 'Are the numbers gone?',
    onError: 'Close teardown (failed)',
  },
  'Are the numbers gone?': {
    type: 'Choice',
    when: {
      '$.check.verdict = gone': 'Delete voice connector',
      '$.check.verdict = stillQueued': 'Wait before next check',
    },
    otherwise: 'Stop before the delete',
  },
  'Wait before next check': { type: 'Wait', until: '3600 s', next: 'Check deletion queue' },
  'Stop before the delete': { type: 'Pass', next: 'Close teardown (failed)' },

  'Delete voice connector': {
    type: 'Task',
    calls: 'DeleteVoiceConnector',
    next: 'Close teardown (deleted)',
    onError: 'Close teardown (failed)',
  },
  'Close teardown (deleted)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Connector deleted',
    onError: 'Close teardown (failed)',
  },
  'Connector deleted': { type: 'Succeed' },

  'Close teardown (refused)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Teardown refused',
    onError: 'Teardown failed, unrecorded',
  },
  'Teardown refused': { type: 'Fail' },
  'Close teardown (failed)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Teardown failed',
    onError: 'Teardown failed, unrecorded',
  },
  'Teardown failed': { type: 'Fail' },
  'Teardown failed, unrecorded': { type: 'Fail' },
};

test('A teardown goes this way', () => {
  expect(graphOf(machine)).toEqual(flow);
  expect(definition.StartAt).toBe('Accept request');
});

test('Every step is told for which execution it works, of which machine', () => {
  const { states = {} } = scopesOf(definition)[0] ?? {};
  expect(states['Accept request']?.Parameters).toEqual({
    'request.$': '$',
    execution: {
      'id.$': '$$.Execution.Id',
      'startedAt.$': '$$.Execution.StartTime',
      'stateMachine.$': '$$.StateMachine.Id',
    },
  });
  expect(states['Release phone numbers']?.ItemSelector).toEqual({
    'voiceConnectorId.$': '$.voiceConnectorId',
    'generation.$': '$.generation',
    'execution.$': '$.execution',
    'batch.$': '$$.Map.Item.Value',
  });
  for (const [outcome, name] of Object.entries(closings)) {
    const told = { outcome, 'execution.$': '$.execution', 'state.$': '$' };
    expect({ name, told: states[name]?.Parameters }).toEqual({ name, told });
  }
});

test('What asked only for a plan, or came after the deletion, answers with what was found', () => {
  const answers = statesOf('Succeed').map(([name, { OutputPath }]) => [name, OutputPath]);
  expect(Object.fromEntries(answers)).toEqual({
    'Plan ready': '$.answer',
    'Already deleted': '$.answer',
    'Connector deleted': undefined,
  });
});

describe('The flow', () => {
  test('reaches every state that it declares', () => {
    for (const scope of scopesOf(definition)) {
      expect([...reachableFrom(scope.startAt, scope)].sort()).toEqual(Object.keys(scope.states).sort());
    }
  });

  test('names every state once, so that the history can be read', () => {
    const names = scopesOf(definition).flatMap(({ states }) => Object.keys(states));
    expect(names).toEqual([...new Set(names)]);
  });

  test('is far below the megabyte that Step Functions takes', () => {
    expect(JSON.stringify(definition).length).toBeLessThan(200_000);
  });

  test('gives up after the window (7 days), the days of grace (3) and two for the slowest retries', () => {
    expect(definition.TimeoutSeconds).toBe(12 * days);
  });
});

describe('What goes wrong', () => {
  const [outermost] = scopesOf(definition);
  const fallible = Object.entries(outermost?.states ?? {}).filter(([, { Type }]) => canFail(Type));

  test.each(fallible)("in '%s' ends in Fail, whatever it is", (_name, state) => {
    expect(catchersOf(state).map(({ ErrorEquals }) => ErrorEquals)).toContainEqual(['States.ALL']);
    for (const { Next } of catchersOf(state)) expect(endsOf(Next)).toEqual(new Set(['Fail']));
  });

  test.each(fallible)("in '%s' is caught by name where States.ALL does not reach", (_name, state) => {
    const order = catchersOf(state).map(({ ErrorEquals }) => ErrorEquals);
    expect(order).toEqual([['States.DataLimitExceeded'], ['States.ALL']]);
  });

  test.each(fallible)("in '%s' does not overwrite the state that it is recorded with", (_name, state) => {
    for (const { ResultPath } of catchersOf(state)) expect(ResultPath).toMatch(/^\$\.(failure|closing)$/);
  });

  test('is reported in its own words: no Fail has a fixed text', () => {
    const fails = statesOf('Fail');
    expect(fails.length).toBeGreaterThan(0);
    for (const [, state] of fails) {
      expect(state).toMatchObject({ ErrorPath: expect.any(String), CausePath: expect.any(String) });
      expect(state).not.toHaveProperty('Error');
      expect(state).not.toHaveProperty('Cause');
    }
  });

  test('never ends green: what succeeds is only reached when nothing failed', () => {
    expect(new Set(statesOf('Succeed').map(([name]) => name))).toEqual(
      new Set(['Plan ready', 'Already deleted', 'Connector deleted']),
    );
  });
});

describe('A task', () => {
  const tasks = taskStates(definition);

  test.each(tasks)("'%s' gives up before the machine does, and after its function", (_name, state) => {
    const limit = Number(state.TimeoutSeconds);
    expect(limit).toBeLessThan(Number(definition.TimeoutSeconds));
    const called = machine.functions.get(String(state.Resource));
    if (called !== undefined) expect(limit).toBeGreaterThan(called.timeoutSeconds);
  });

  test('inside the Map leaves nothing behind in the state, which may hold 256 KiB', () => {
    const { states = {} } = scopesOf(definition)[1] ?? {};
    for (const state of Object.values(states)) expect(state.ResultPath).toBeNull();
    expect(allStates(definition).get('Release phone numbers')?.ResultPath).toBeNull();
  });
});

const days = 24 * 60 * 60;

/** How a run may end, and the state that records it. */
const closings = {
  deleted: 'Close teardown (deleted)',
  refused: 'Close teardown (refused)',
  failed: 'Close teardown (failed)',
};

function canFail(type: unknown): boolean {
  return type === 'Task' || type === 'Map' || type === 'Parallel';
}

function statesOf(type: string): [string, State][] {
  return [...allStates(definition)].filter(([, state]) => state.Type === type);
}

/** The types of the states in which a run that is in state `from` may end. */
function endsOf(from: string): Set<unknown> {
  const scope = { startAt: definition.StartAt, states: (definition satisfies Definition).States };
  const ends = [...reachableFrom(from, scope)].map((name) => scope.states[name]);
  return new Set(ends.filter((state) => isEnd(state)).map((state) => state?.Type));
}

function isEnd(state: State | undefined): boolean {
  return state === undefined || state.End === true || state.Type === 'Succeed' || state.Type === 'Fail';
}
