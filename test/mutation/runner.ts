/**
 * A test runner for Stryker that loads every module once and runs single specifications in that process. Stryker's own for
 * Jest loads all modules anew for each mutant and each file of specifications, which takes more than two seconds a file.
 */
import { readdir } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import { loaded, loadShared, loadSpecs, type Spec } from './specs.ts';

/** Relative to the sandbox, in which Stryker starts this process. */
const folder = 'test/lambda';

/**
 * Of the specifications that come past a mutant, how many are run that are not those of its own module. What is shared by
 * all is passed by more than a thousand; a mutant that three hundred do not see counts as one that is not seen.
 */
const mostOthers = 300;

/** What the instrumented code reads and writes. */
const context: { -readonly [Field in keyof InstrumenterContext]: InstrumenterContext[Field] | undefined } =
  {};
Object.assign(globalThis, { __stryker__: context });

class SpecRunner implements TestRunner {
  #specs: ReadonlyMap<string, Spec> = new Map();

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: false };
  }

  async init(): Promise<void> {
    registerHooks({
      resolve: (specifier, details, next) =>
        specifier === '@jest/globals'
          ? { url: new URL('specs.ts', import.meta.url).href, shortCircuit: true }
          : next(specifier, details),
    });
    const load = (name: string) => import(pathToFileURL(join(process.cwd(), folder, name)).href);
    const files = (await readdir(join(process.cwd(), folder))).sort();
    const specFiles = files.filter((name) => name.endsWith('.test.ts'));
    for (const name of files) if (!specFiles.includes(name)) await loadShared(() => load(name));
    for (const name of specFiles) await loadSpecs(name, () => load(name));
    this.#specs = new Map(loaded().map((spec) => [spec.id, spec]));
  }

  async dryRun(): Promise<DryRunResult> {
    const tests: TestResult[] = [];
    for (const spec of this.#specs.values()) tests.push(await resultOf(spec));
    return {
      status: DryRunStatus.Complete,
      tests,
      ...(context.mutantCoverage === undefined ? {} : { mutantCoverage: context.mutantCoverage }),
    };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    const covering = testFilter?.flatMap((id) => this.#specs.get(id) ?? []) ?? [...this.#specs.values()];
    const specs = likeliest(covering, activeMutant.fileName);
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit === undefined ? undefined : 0;
    let nrOfTests = 0;
    for (const spec of specs) {
      nrOfTests += 1;
      context.activeMutant = activeMutant.id;
      const failure = await lastingFailureOf(spec);
      context.activeMutant = undefined;
      const endless = determineHitLimitReached(context.hitCount, context.hitLimit);
      if (endless !== undefined) return { status: MutantRunStatus.Timeout, reason: 'An endless loop.' };
      if (failure === undefined) continue;
      await expectUntainted(spec);
      return {
        status: MutantRunStatus.Killed,
        killedBy: [spec.id],
        failureMessage: failure.message,
        nrOfTests,
      };
    }
    return { status: MutantRunStatus.Survived, nrOfTests };
  }
}

/**
 * Those of the mutated module itself first, which are named after it or its folder; of the others, where they are many, some
 * of each file.
 */
function likeliest(specs: readonly Spec[], fileName: string): Spec[] {
  const names = [basename(fileName, '.ts'), basename(dirname(fileName))];
  const isOwn = ({ file }: Spec): boolean => names.some((name) => file.startsWith(name));
  const others = specs.filter((spec) => !isOwn(spec));
  const step = Math.max(1, others.length / mostOthers);
  const some = Array.from(
    { length: Math.min(others.length, mostOthers) },
    (_, i) => others[Math.floor(i * step)],
  );
  return [...specs.filter(isOwn), ...some.filter((spec) => spec !== undefined)];
}

/** Where the specification fails without the mutant too, what the mutant left behind would kill others: start afresh. */
async function expectUntainted(spec: Spec): Promise<void> {
  if ((await failureOf(spec)) !== undefined) process.exit(1);
}

async function resultOf(spec: Spec): Promise<TestResult> {
  const { id, file: fileName } = spec;
  context.currentTestId = id;
  const began = performance.now();
  const failure = await lastingFailureOf(spec);
  context.currentTestId = undefined;
  const result = { id, name: id, fileName, timeSpentMs: performance.now() - began };
  if (failure === undefined) return { ...result, status: TestStatus.Success };
  return { ...result, status: TestStatus.Failed, failureMessage: failure.message };
}

/** One that comes twice: a server that was slow to start, say, is no reason. */
async function lastingFailureOf(spec: Spec): Promise<Error | undefined> {
  const first = await failureOf(spec);
  return first === undefined ? undefined : failureOf(spec);
}

async function failureOf(spec: Spec): Promise<Error | undefined> {
  try {
    await spec.run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'specs', SpecRunner)];
