import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A file of the project, by its path from the root. */
export function fileOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** What is declared in a source file, or in an interface or object of it, with its docstring in one line. */
export interface Documented {
  readonly name: string;
  readonly text: string;
}

/** The fields of an interface, in their order. */
export function fieldsOf(path: string, name: string): Documented[] {
  const declared = sourceOf(path).statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (declared === undefined) throw new Error(`${path} has no interface ${name}.`);
  return declared.members.map((field) => documented(path, field, field.name?.getText() ?? ''));
}

/** The members of an object that a source file declares, in their order. */
export function membersOf(path: string, name: string): Documented[] {
  const declared = sourceOf(path)
    .statements.filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .find((declaration) => declaration.name.getText() === name);
  const value = declared?.initializer;
  const object = value !== undefined && ts.isAsExpression(value) ? value.expression : value;
  if (object === undefined || !ts.isObjectLiteralExpression(object))
    throw new Error(`${path} has no object ${name}.`);
  return object.properties.map((member) => documented(path, member, member.name?.getText() ?? ''));
}

/** The classes of a source file that can be made, in their order. */
export function classesIn(path: string): Documented[] {
  return sourceOf(path)
    .statements.filter((statement) => ts.isClassDeclaration(statement))
    .filter(({ modifiers = [] }) => !modifiers.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword))
    .map((declared) => documented(path, declared, declared.name?.text ?? ''));
}

function documented(path: string, node: ts.Node, name: string): Documented {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comment?.comment);
  if (text === undefined) throw new Error(`${path}: ${name} has no docstring.`);
  return { name, text: text.replace(/\s+/g, ' ').trim() };
}

function sourceOf(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(fileOf(path), 'utf8'), ts.ScriptTarget.Latest, true);
}
