import type { CloudFormationTemplate, TemplatePart } from '../../local/cloudformation.ts';

/** Which resources each resource needs, as CloudFormation reads it: by Ref, Fn::GetAtt, Fn::Sub and DependsOn. */
export function referencesIn({ Resources }: CloudFormationTemplate): Map<string, Set<string>> {
  const isResource = (id: string) => Object.hasOwn(Resources, id);
  return new Map(
    Object.entries(Resources).map(([id, { DependsOn, ...resource }]) => {
      const named = [...[DependsOn ?? []].flat().map(String), ...namedIn(resource as TemplatePart)];
      return [id, new Set(named.filter(isResource))];
    }),
  );
}

/** A way from a resource back to itself, first and last the same; undefined where there is none. */
export function cycleIn(references: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const clear = new Set<string>();
  const search = (id: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(id)) return [...way.slice(way.indexOf(id)), id];
    if (clear.has(id)) return undefined;
    for (const next of references.get(id) ?? []) {
      const cycle = search(next, [...way, id]);
      if (cycle !== undefined) return cycle;
    }
    clear.add(id);
    return undefined;
  };
  for (const id of references.keys()) {
    const cycle = search(id, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function namedIn(part: TemplatePart): string[] {
  if (typeof part !== 'object' || part === null) return [];
  if (Array.isArray(part)) return part.flatMap(namedIn);
  return Object.entries(part).flatMap(([name, argument]) => {
    if (name === 'Ref') return [String(argument)];
    if (name === 'Fn::GetAtt') return [String([argument].flat()[0]).split('.')[0] ?? ''];
    if (name === 'Fn::Sub') return [...namedInText(argument), ...namedIn(argument)];
    return namedIn(argument);
  });
}

/** `${Id}` and `${Id.Attribute}` in the text of a Fn::Sub; `${!Literal}` is none. */
function namedInText(argument: TemplatePart): string[] {
  const [text] = [argument].flat();
  if (typeof text !== 'string') return [];
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name.split('.')[0] ?? '');
}
