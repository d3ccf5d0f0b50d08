import { describe, expect, test } from '@jest/globals';
import { type State, taskStates } from '../../local/engine-definition.ts';
import {
  allStates,
  catchersOf,
  type MachineUnderTest,
  reachableFrom,
  type Scope,
  scopesOf,
} from './state-graph.ts';

/** In seconds. */
export const days = 24 * 60 * 60;

/** What is special about a machine. */
export interface Particulars {
  readonly workflow: 'teardown' | 'restore';
  readonly timeoutSeconds: number;
  /** Its Succeed states, each with the part of the state that it answers; undefined: all of it. */
  readonly answers: Readonly<Record<string, string | undefined>>;
  /** How a run may end, and the state that records it. */
  readonly closings: Readonly<Record<string, string>>;
  /** Its Maps, in the order in which the batches go through them. */
  readonly maps: readonly string[];
  /** Tasks inside a Map whose failures are passed over, and where the run goes on from. */
  readonly passedOver: Readonly<Record<string, string>>;
  /** The states that announce something, each with where its `detail` is, and its `detail-type` where that is fixed. */
  readonly announcements: Readonly<Record<string, readonly [detail: string, detailType?: string]>>;
}

/** The rules that every machine of this house follows, as specifications. */
export function itFollowsTheRules(
  { definition, functions }: MachineUnderTest,
  particulars: Particulars,
): void {
  const { workflow, answers, closings, maps, passedOver, announcements } = particulars;
  const scopes = scopesOf(definition);
  const [outermost, ...insides] = scopes as [Scope, ...Scope[]];
  const inMaps = insides.flatMap(({ states }) => Object.entries(states));
  const statesOf = (type: string): [string, State][] =>
    [...allStates(definition)].filter(([, { Type }]) => Type === type);

  test('Every step is told for which execution it works, of which machine', () => {
    expect(outermost.states['Accept request']?.Parameters).toEqual({
      'request.$': '$',
      execution: {
        'id.$': '$$.Execution.Id',
        'startedAt.$': '$$.Execution.StartTime',
        'stateMachine.$': '$$.StateMachine.Id',
      },
    });
    for (const map of maps)
      expect(outermost.states[map]?.ItemSelector).toEqual({
        ...(workflow === 'teardown' ? { 'pace.$': '$.pace' } : {}),
        'voiceConnectorId.$': '$.voiceConnectorId',
        'generation.$': '$.generation',
        'execution.$': '$.execution',
        'batch.$': '$$.Map.Item.Value',
      });
    for (const [outcome, name] of Object.entries(closings)) {
      const told = { outcome, workflow, 'execution.$': '$.execution', 'state.$': '$' };
      expect({ name, told: outermost.states[name]?.Parameters }).toEqual({ name, told });
    }
  });

  test('Every end that is recorded is one of these', () => {
    const recording = taskStates(definition)
      .filter(([, { Resource }]) => functions.get(String(Resource))?.step === 'CloseTeardown')
      .map(([name]) => name);
    expect(recording.sort()).toEqual(Object.values(closings).sort());
  });

  test('What ends well answers with what was found', () => {
    const found = statesOf('Succeed').map(([name, { OutputPath }]) => [name, OutputPath]);
    expect(Object.fromEntries(found)).toEqual(answers);
  });

  test('What is announced is put on the default event bus, as the step before has made it up', () => {
    const announcing = statesOf('Task').filter(
      ([, { Resource }]) => Resource === 'arn:aws:states:::events:putEvents',
    );
    const entries = announcing.map(([name, { Parameters }]) => [name, Parameters]);
    const wanted = Object.entries(announcements).map(([name, [detail, detailType]]) => [
      name,
      {
        Entries: [
          {
            'Detail.$': detail,
            ...(detailType === undefined
              ? { 'DetailType.$': '$.notice.detailType' }
              : { DetailType: detailType }),
            Source: 'voice-connector-teardown',
          },
        ],
      },
    ]);
    expect(Object.fromEntries(entries)).toEqual(Object.fromEntries(wanted));
  });

  describe('The flow', () => {
    test('reaches every state that it declares', () => {
      for (const scope of scopes) {
        expect([...reachableFrom(scope.startAt, scope)].sort()).toEqual(Object.keys(scope.states).sort());
      }
    });

    test('names every state once, so that the history can be read', () => {
      const names = scopes.flatMap(({ states }) => Object.keys(states));
      expect(names).toEqual([...new Set(names)]);
    });

    test('is far below the megabyte that Step Functions takes', () => {
      expect(JSON.stringify(definition).length).toBeLessThan(200_000);
    });

    test('gives up in the end', () => {
      expect(definition.TimeoutSeconds).toBe(particulars.timeoutSeconds);
    });

    test('has these Maps, over the batches of the plan', () => {
      expect(insides).toHaveLength(maps.length);
      expect(new Set(statesOf('Map').map(([name]) => name))).toEqual(new Set(maps));
      for (const map of maps)
        expect(outermost.states[map]).toMatchObject({
          ItemsPath: '$.batches',
          MaxConcurrency: map === 'Take phone numbers out of the queue' ? 2 : 1,
        });
    });
  });

  describe('What goes wrong', () => {
    const fallible = Object.entries(outermost.states).filter(
      ([name, { Type }]) => canFail(Type) && !(name in announcements),
    );

    test.each(fallible)("in '%s' ends in Fail, whatever it is", (_name, state) => {
      expect(catchersOf(state).map(({ ErrorEquals }) => ErrorEquals)).toContainEqual(['States.ALL']);
      for (const { Next } of catchersOf(state)) expect(endsOf(Next, outermost)).toEqual(new Set(['Fail']));
    });

    test.each(fallible)("in '%s' is caught by name where States.ALL does not reach", (_name, state) => {
      const order = catchersOf(state).map(({ ErrorEquals }) => ErrorEquals);
      expect(order).toEqual([['States.DataLimitExceeded'], ['States.ALL']]);
    });

    test.each(fallible)("in '%s' does not overwrite the state that it is recorded with", (_name, state) => {
      for (const { ResultPath } of catchersOf(state)) expect(ResultPath).toMatch(/^\$\.(failure|closing)$/);
    });

    test.each(Object.keys(announcements))(
      "in '%s' is passed over: it goes on as if it had been announced",
      (name) => {
        const { Next, Catch, Retry, ResultPath, TimeoutSeconds } = outermost.states[name] ?? {};
        expect(Catch).toEqual([
          { ErrorEquals: ['States.DataLimitExceeded'], ResultPath: null, Next },
          { ErrorEquals: ['States.ALL'], ResultPath: null, Next },
        ]);
        expect(Retry).toMatchObject([{ ErrorEquals: ['States.ALL'], MaxAttempts: 3, IntervalSeconds: 2 }]);
        expect([ResultPath, TimeoutSeconds]).toEqual([null, 30]);
      },
    );

    test('inside the Map ends the Map, but for what is not worth failing for', () => {
      const caught = inMaps.filter(([, state]) => catchersOf(state).length > 0);
      expect(caught.map(([name]) => name)).toEqual(Object.keys(passedOver));
      for (const [name, state] of caught) {
        const Next = passedOver[name];
        expect(catchersOf(state)).toEqual([
          { ErrorEquals: ['States.DataLimitExceeded'], ResultPath: null, Next },
          { ErrorEquals: ['States.ALL'], ResultPath: null, Next },
        ]);
        const inside = insides.find(({ states }) => name in states) ?? outermost;
        expect([...reachableFrom(String(Next), inside)]).toEqual([Next]);
      }
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
      expect(new Set(statesOf('Succeed').map(([name]) => name))).toEqual(new Set(Object.keys(answers)));
      const ends = [...allStates(definition)].filter(([, { End }]) => End === true).map(([name]) => name);
      expect(ends.filter((name) => name in outermost.states)).toEqual([]);
    });
  });

  describe('A task', () => {
    test.each(taskStates(definition))(
      "'%s' gives up before the machine does, and after its function",
      (_name, state) => {
        const limit = Number(state.TimeoutSeconds);
        expect(limit).toBeLessThan(Number(definition.TimeoutSeconds));
        const called = functions.get(String(state.Resource));
        if (called !== undefined) expect(limit).toBeGreaterThan(called.timeoutSeconds);
      },
    );

    test('inside the Map leaves nothing behind in the state, which may hold 256 KiB', () => {
      const tasks = inMaps.filter(([, { Type }]) => canFail(Type));
      expect(tasks.length).toBeGreaterThan(0);
      for (const [, state] of tasks) expect(state.ResultPath).toBeNull();
      for (const map of maps) expect(outermost.states[map]?.ResultPath).toBeNull();
    });
  });
}

function canFail(type: unknown): boolean {
  return type === 'Task' || type === 'Map' || type === 'Parallel';
}

/** The types of the states in which a run that is in state `from` may end. */
function endsOf(from: string, scope: Scope): Set<unknown> {
  const ends = [...reachableFrom(from, scope)].map((name) => scope.states[name]);
  return new Set(ends.filter((state) => isEnd(state)).map((state) => state?.Type));
}

function isEnd(state: State | undefined): boolean {
  return state === undefined || state.End === true || state.Type === 'Succeed' || state.Type === 'Fail';
}
