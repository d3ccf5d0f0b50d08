import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { verdictErrors } from '../lambda/errors.ts';
import { blockerCodes } from '../lambda/plan.ts';

const folder = fileURLToPath(new URL('../lambda/', import.meta.url));

/** Errors that AWS's services name themselves. */
const ofServices = [
  'AccessDeniedException',
  'ForbiddenException',
  'UnauthorizedClientException',
  'ThrottledClientException',
  'ServiceFailureException',
  'ServiceUnavailableException',
];

/** The errors with which an execution can end: of the steps' classes, of their verdicts, and of services. */
export function errorsThatEndRuns(): string[] {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(folder + file, 'utf8'))
    .join('\n');
  const classes = [...sources.matchAll(/override readonly name = '(\w+)'/g)];
  const names = [...classes.map(([, name = '']) => name), ...Object.keys(verdictErrors)];
  return [...new Set([...names, ...ofServices])].filter((name) => !refusals.has(name) || alsoLater.has(name));
}

/** What refuses a run, and what can also end one later. */
const refusals: ReadonlySet<string> = new Set(blockerCodes);
const alsoLater: ReadonlySet<string> = new Set(['Protected', 'InUse', 'InGroup']);
