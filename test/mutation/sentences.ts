/**
 * Leaves out of the mutation test what is written for people: whether a sentence reads well is not for a specification to
 * say, and most of them are only asked for their point. Names of errors and states, expressions of DynamoDB and commands
 * are no sentences: those are mutated.
 */
import type { Ignorer, NodePath } from '@stryker-mutator/api/ignore';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** The part of Babel's syntax tree that is looked at. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly cooked?: string } }[];
  readonly expressions?: readonly Node[];
}

/** What has no logic of its own that would go unnoticed together with the sentence around it. */
const plain = new Set(['Identifier', 'MemberExpression', 'CallExpression']);

const sentences: Ignorer = {
  shouldIgnore(path: NodePath): string | undefined {
    const text = textOf((path as unknown as { readonly node: Node }).node);
    return text !== undefined && isSentence(text) ? 'a sentence for people' : undefined;
  },
};

function textOf({ type, value, quasis = [], expressions = [] }: Node): string | undefined {
  if (type === 'StringLiteral') return String(value);
  if (type !== 'TemplateLiteral' || !expressions.every((each) => plain.has(each.type))) return undefined;
  return quasis.map((part) => part.value.cooked ?? '').join('…');
}

function isSentence(text: string): boolean {
  const isExpression = /[:#]\w|=|\bSET\b|\bREMOVE\b|attribute_/.test(text);
  const isCommand = text.includes('--');
  return /\w \w|… \w|\w …/.test(text) && !isExpression && !isCommand;
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'sentences', sentences)];
