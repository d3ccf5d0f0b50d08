import { type CloudFormationTemplate, resourcesOf, type TemplatePart } from './cloudformation.ts';

/** An EventBridge event, as far as rules look at it. */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A rule of the stack, its references resolved. */
export interface BusRule {
  readonly pattern: Pattern;
  readonly targets: readonly {
    readonly arn: string;
    readonly path?: string;
    readonly transformer?: Transformer;
  }[];
}

type Pattern = { readonly [field: string]: Pattern | readonly unknown[] };

interface Transformer {
  readonly InputPathsMap: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** The rules of a template that listen for events. */
export function rulesOf(
  template: CloudFormationTemplate,
  resolve: (part: TemplatePart) => TemplatePart,
): BusRule[] {
  return resourcesOf(template, 'AWS::Events::Rule')
    .filter(([, { Properties }]) => Properties?.EventPattern !== undefined)
    .map(([, { Properties }]) => {
      const targets = resolve(Properties?.Targets) as unknown as {
        Arn: string;
        InputPath?: string;
        InputTransformer?: Transformer;
      }[];
      return {
        pattern: resolve(Properties?.EventPattern) as unknown as Pattern,
        targets: targets.map(({ Arn, InputPath, InputTransformer }) => ({
          arn: Arn,
          ...(InputPath === undefined ? {} : { path: InputPath }),
          ...(InputTransformer === undefined ? {} : { transformer: InputTransformer }),
        })),
      };
    });
}

/** What each matching rule sends to each of its targets. */
export function deliveriesOf(event: BusEvent, rules: readonly BusRule[]): { arn: string; input: unknown }[] {
  return rules
    .filter(({ pattern }) => matches(pattern, event as unknown as Record<string, unknown>))
    .flatMap(({ targets }) =>
      targets.map(({ arn, path = '$', transformer }) => ({
        arn,
        input: transformer === undefined ? valueAt(event, path) : transformed(event, transformer),
      })),
    );
}

/** Exact values only: a pattern that uses an operator of EventBridge is refused rather than misread. */
function matches(pattern: Pattern, value: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const found = value[field];
    if (!Array.isArray(wanted)) {
      return (
        typeof found === 'object' &&
        found !== null &&
        matches(wanted as Pattern, found as Record<string, unknown>)
      );
    }
    if (wanted.some((each) => typeof each === 'object'))
      throw new Error(`Cannot match ${JSON.stringify(wanted)} here.`);
    return [found].flat().some((value) => wanted.includes(value));
  });
}

/** What a path (`$`, `$.a.b`) leads to in an event. */
function valueAt(event: BusEvent, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, field) => (value as Record<string, unknown> | undefined)?.[field], event);
}

/** The template with `<name>` replaced by the JSON that its path leads to. */
function transformed(event: BusEvent, { InputPathsMap, InputTemplate }: Transformer): unknown {
  const text = InputTemplate.replace(/<([^<>]+)>/g, (_, name: string) =>
    JSON.stringify(valueAt(event, InputPathsMap[name] ?? '')),
  );
  return JSON.parse(text);
}
