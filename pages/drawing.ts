import type { Definition, State } from '../local/engine-definition.ts';

/** How much a drawing shows. */
export interface DrawingOptions {
  /**
   * Whether every state is in it, and every way that an error takes. Otherwise it leaves out what only hands on
   * (announcements, states that reshape the state of the run), errors, and questions that are about one step: that step
   * then has a dashed border.
   */
  readonly complete: boolean;
}

/** A line from one state to another. */
interface Line {
  readonly to: string;
  readonly label?: string;
  readonly isError?: true;
}

/** A rule of a Choice. */
type Rule = Readonly<Record<string, unknown>>;

/**
 * A state machine as a Mermaid flowchart, made from its definition alone: questions are diamonds, waits lean, announcements
 * are flags, and ends are round, green or red.
 *
 * @throws Error where a Choice has a rule that the drawing has no words for
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function drawingOf(definition: Definition, { complete }: DrawingOptions): string {
  const { lines, drawn } = linesOf(definition, complete, '  ');
  const ofType = (type: string) => drawn.filter((name) => definition.States[name]?.Type === type);
  const optional = complete
    ? []
    : Object.values(definition.States).flatMap((state) => optionalOf(state, definition) ?? []);
  return [
    '%%{init: {"flowchart": {"rankSpacing": 18, "nodeSpacing": 24, "padding": 6, "wrappingWidth": 400}}}%%',
    'flowchart TD',
    ...lines,
    ...classOf('good', 'stroke:#1a7f37,stroke-width:2px', ofType('Succeed')),
    ...classOf('bad', 'stroke:#cf222e,stroke-width:2px', ofType('Fail')),
    ...classOf('optional', 'stroke-dasharray:4 3', optional),
  ].join('\n');
}

/** Every state of a machine, in the order in which a run that goes well comes to it; those inside a Map behind that. */
export function statesInOrder({ StartAt, States }: Definition): State[] {
  const waysFrom = (name: string): Line[] => waysOn(States[name] ?? {}, true);
  return reached(StartAt, waysFrom).flatMap((name) => {
    const state = States[name] ?? {};
    return state.Type === 'Map' ? [state, ...statesInOrder(state.ItemProcessor as Definition)] : [state];
  });
}

/** The states of a machine, or of what is inside one of its Maps, each followed by the ways on from it. */
function linesOf(
  definition: Definition,
  complete: boolean,
  indent: string,
): { lines: string[]; drawn: string[] } {
  const { StartAt, States } = definition;
  const stateOf = (name: string): State => {
    const state = States[name];
    if (state === undefined) throw new Error(`There is no state '${name}'.`);
    return state;
  };
  const shown = (name: string): string => {
    const state = stateOf(name);
    if (complete) return name;
    if (handsOn(state) && typeof state.Next === 'string') return shown(state.Next);
    const step = optionalOf(state, definition);
    return step === undefined ? name : shown(step);
  };
  const waysFrom = (name: string): Line[] =>
    waysOn(stateOf(name), complete).map((way) => ({ ...way, to: shown(way.to) }));
  const drawn = reached(shown(StartAt), waysFrom);
  const lines = drawn.flatMap((name) => [
    ...boxOf(name, stateOf(name), complete, indent),
    ...waysFrom(name).map(({ to, label, isError }) => {
      const arrow = isError ? '-. error .->' : label === undefined ? '-->' : `-- ${label} -->`;
      return `${indent}${idOf(name)} ${arrow} ${idOf(to)}`;
    }),
  ]);
  return { lines, drawn };
}

/** The states that are reached from the first one, each once, in the order of the ways. */
function reached(first: string, waysFrom: (name: string) => readonly Line[]): string[] {
  const names = new Set<string>();
  const visit = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    for (const { to } of waysFrom(name)) visit(to);
  };
  visit(first);
  return [...names];
}

function waysOn(state: State, complete: boolean): Line[] {
  const { Next, Default } = state;
  const isYesOrNo = rulesOf(state).some(({ BooleanEquals }) => BooleanEquals !== undefined);
  // An announcement goes on in any case, to the state that comes next anyway.
  const caught = ((state.Catch ?? []) as { Next: string }[]).map((each) => each.Next);
  const onError = complete ? [...new Set(caught)].filter((to) => to !== Next) : [];
  return [
    ...(typeof Next === 'string' ? [{ to: Next }] : []),
    ...rulesOf(state).map((rule) => ({ to: String(rule.Next), label: labelOf(rule) })),
    ...(typeof Default === 'string' ? [{ to: Default, label: isYesOrNo ? 'no' : 'otherwise' }] : []),
    ...onError.map((to) => ({ to, isError: true as const })),
  ];
}

function rulesOf(state: State): Rule[] {
  return (state.Choices ?? []) as Rule[];
}

/** What a rule asks for: `already deleted`, `yes`. */
function labelOf({ StringEquals, BooleanEquals }: Rule): string {
  if (typeof BooleanEquals === 'boolean') return BooleanEquals ? 'yes' : 'no';
  if (typeof StringEquals !== 'string')
    throw new Error('The drawing has no words for such a rule of a Choice.');
  return StringEquals.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Whether a state only passes the run on to the next one. */
function handsOn(state: State | undefined): boolean {
  return state?.Type === 'Pass' || isAnnouncement(state);
}

function isAnnouncement(state: State | undefined): boolean {
  return state?.Type === 'Task' && String(state.Resource).endsWith(':states:::events:putEvents');
}

/** The one step that a question is about, where the run goes on behind that step whatever the answer is. */
function optionalOf(question: State, { States }: Definition): string | undefined {
  const [rule, ...others] = rulesOf(question);
  if (rule?.BooleanEquals !== true || others.length > 0) return undefined;
  const step = String(rule.Next);
  let behind = States[step]?.Next;
  while (typeof behind === 'string' && handsOn(States[behind])) behind = States[behind]?.Next;
  return behind === question.Default ? step : undefined;
}

/** A state by its shape; a Map is a box around the states that each batch goes through. */
function boxOf(name: string, state: State, complete: boolean, indent: string): string[] {
  const id = idOf(name);
  if (state.Type === 'Map') {
    const { lines } = linesOf(state.ItemProcessor as Definition, complete, `${indent}  `);
    return [`${indent}subgraph ${id} ["${name}, batch by batch"]`, ...lines, `${indent}end`];
  }
  const [open, close] = isAnnouncement(state) ? ['>', ']'] : (shapes[String(state.Type)] ?? ['[', ']']);
  return [`${indent}${id}${open}"${state.Type === 'Choice' ? inTwoLines(name) : name}"${close}`];
}

const shapes: Readonly<Record<string, readonly [open: string, close: string]>> = {
  Choice: ['{', '}'],
  Wait: ['[/', '/]'],
  Pass: ['(', ')'],
  Succeed: ['([', '])'],
  Fail: ['([', '])'],
};

/** A diamond is as tall as its longest line is long, so its text is broken at the space nearest to the middle. */
function inTwoLines(text: string): string {
  const fromMiddle = (at: number): number => Math.abs(at - text.length / 2);
  const [space] = [...text.matchAll(/ /g)]
    .map(({ index }) => index)
    .sort((a, b) => fromMiddle(a) - fromMiddle(b));
  return space === undefined ? text : `${text.slice(0, space)}<br>${text.slice(space + 1)}`;
}

function classOf(name: string, style: string, states: readonly string[]): string[] {
  return states.length === 0
    ? []
    : [`  classDef ${name} ${style}`, `  class ${states.map(idOf).join(',')} ${name}`];
}

/** `Close teardown (failed)` is `closeTeardownFailed`. */
function idOf(name: string): string {
  const [first = '', ...rest] = name.match(/\w+/g) ?? [];
  return [first.toLowerCase(), ...rest.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)].join(
    '',
  );
}
