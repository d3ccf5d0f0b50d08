import { describe, expect, test } from '@jest/globals';
import { drawingOf } from '../../pages/drawing.ts';
import { machineUnderTest, restoreUnderTest, scopesOf } from '../lib/state-graph.ts';

const machines = [
  ['teardown', machineUnderTest().definition],
  ['restore', restoreUnderTest().definition],
] as const;

describe.each(machines)('The drawing of the %s', (_name, definition) => {
  const states = scopesOf(definition).flatMap(({ states }) => Object.entries(states));
  const overview = drawingOf(definition, { complete: false });
  const everything = drawingOf(definition, { complete: true });

  test('that is complete has every state, and every way on', () => {
    expect(boxesIn(everything).sort()).toEqual(states.map(([name]) => name).sort());
    for (const [name, { Next, Default }] of states)
      for (const next of [Next, Default])
        if (typeof next === 'string') expect(waysIn(everything)).toContain(`${name} > ${next}`);
  });

  test('that is complete has every way that an error takes to another state', () => {
    const dotted = waysIn(everything, '-. error .->');
    const caught = states.flatMap(([name, { Catch = [], Next }]) =>
      (Catch as { Next: string }[]).flatMap((each) => (each.Next === Next ? [] : [`${name} > ${each.Next}`])),
    );
    expect(dotted.sort()).toEqual([...new Set(caught)].sort());
  });

  test('that is an overview has every step and every end but those of errors', () => {
    const worth = states.filter(
      ([, { Type, Resource }]) =>
        (Type === 'Task' && !String(Resource).includes(':events:putEvents')) ||
        Type === 'Succeed' ||
        Type === 'Fail',
    );
    const missing = worth.map(([name]) => name).filter((name) => !boxesIn(overview).includes(name));
    const onlyByError = [/unrecorded$/, /^Close teardown \(failed\)$/, /^Restore failed$/];
    expect(missing.filter((name) => !onlyByError.some((each) => each.test(name)))).toEqual([]);
  });

  test.each([
    ['overview', overview],
    ['everything', everything],
  ])('leads from and to nothing but what it shows: %s', (_which, drawing) => {
    const ids = new Set(idsIn(drawing).keys());
    for (const [, from = '', to = ''] of drawing.matchAll(
      /^ +(\w+) (?:-->|-- .* -->|-\. error \.->) (\w+)$/gm,
    ))
      expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
  });
});

test('A drawing refuses a rule that it has no words for', () => {
  const Choices = [{ Variable: '$.n', NumericGreaterThan: 1, Next: 'End' }];
  const definition = {
    StartAt: 'Many?',
    States: { 'Many?': { Type: 'Choice', Choices, Default: 'End' }, End: { Type: 'Succeed' } },
  };
  expect(() => drawingOf(definition, { complete: true })).toThrow('no words for such a rule');
});

/** The names of the states that a drawing has, by their ids. */
function idsIn(drawing: string): Map<string, string> {
  const boxes = [...drawing.matchAll(/^ +(?:subgraph )?(\w+) ?[[({>/]+"(.*?)"/gm)];
  return new Map(
    boxes.map(([, id = '', text = '']) => [id, text.replace('<br>', ' ').replace(', batch by batch', '')]),
  );
}

function boxesIn(drawing: string): string[] {
  return [...idsIn(drawing).values()];
}

/** `Check deletion queue > Are the numbers gone?`, of lines of a kind; by default of those without error. */
function waysIn(drawing: string, kind?: string): string[] {
  const ids = idsIn(drawing);
  return drawing.split('\n').flatMap((line) => {
    const [, from = '', arrow = '', to = ''] =
      /^ +(\w+) (-->|-- .* -->|-\. error \.->) (\w+)$/.exec(line) ?? [];
    if (from === '' || (arrow === '-. error .->') !== (kind !== undefined)) return [];
    return [`${ids.get(from)} > ${ids.get(to)}`];
  });
}
