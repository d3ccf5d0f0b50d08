/**
 * The part of Jest's interface that the specifications in test/lambda use, for a process in which every module is loaded
 * once: describe, it, it.each, afterEach. `expect` is Jest's own.
 */
import { format } from 'node:util';

export { expect } from 'expect';

type Body = () => unknown;
type RowBody = (...row: never[]) => unknown;

/** One specification. */
export interface Spec {
  /** Unique, and the same in every process. */
  readonly id: string;
  readonly file: string;
  /** Resolves where it holds. */
  run(): Promise<void>;
}

/** Real ms after which a specification counts as failed; a mutant may wait for something that never comes. */
const patienceMs = 10_000;

const specs = new Map<string, Spec>();
let file = '';
let titles: readonly string[] = [];
/** Hooks of modules that many specifications share, which are loaded first, and of the file that is being loaded. */
const sharedHooks: Body[] = [];
let hooks: readonly Body[] = sharedHooks;

/** Loads modules that specifications share: their hooks are for all. */
export async function loadShared(load: () => Promise<unknown>): Promise<void> {
  hooks = sharedHooks;
  await load();
}

/** Loads a file of specifications. */
export async function loadSpecs(name: string, load: () => Promise<unknown>): Promise<void> {
  file = name;
  hooks = [...sharedHooks];
  await load();
}

/** Everything that was loaded, in order. */
export function loaded(): readonly Spec[] {
  return [...specs.values()];
}

export function describe(title: string, body: () => void): void {
  const [outerTitles, outerHooks] = [titles, hooks];
  titles = [...titles, title];
  hooks = [...hooks];
  body();
  titles = outerTitles;
  hooks = outerHooks;
}

export function afterEach(hook: Body): void {
  (hooks as Body[]).push(hook);
}

export function it(title: string, body: Body): void {
  const path = [file, ...titles, title].join(' › ');
  const id = specs.has(path) ? `${path} (${specs.size})` : path;
  // A hook may be declared after the specification that it is for.
  const around = hooks;
  specs.set(id, { id, file, run: () => inTime(async () => runWith(body, around)) });
}

it.each =
  (rows: readonly unknown[]) =>
  (title: string, body: RowBody): void => {
    for (const row of rows) {
      const values = (Array.isArray(row) ? row : [row]) as never[];
      const holes = title.match(/%[a-z]/g)?.length ?? 0;
      it(format(title.replaceAll('%p', '%j'), ...values.slice(0, holes)), () => body(...values));
    }
  };

async function runWith(body: Body, around: readonly Body[]): Promise<void> {
  try {
    await body();
  } finally {
    for (const hook of around.toReversed()) await hook();
  }
}

async function inTime(run: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It takes longer than ${patienceMs} ms.`)), patienceMs);
  });
  try {
    await Promise.race([run(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
