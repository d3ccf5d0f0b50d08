import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { verdictErrors } from '../lambda/errors.ts';
import { notYetConverged, serviceTrouble, takingOver, throttling } from '../lib/retry-policies.ts';
import { defaultSettings, readSettings, type Settings } from '../lib/settings.ts';
import { referred } from '../local/cloudformation.ts';
import { deployedSteps } from '../local/deployed-steps.ts';
import { actionsOf, allowing, statementsOf } from '../local/policies.ts';
import { synthesise, synthesiseStack } from '../local/synthesis.ts';
import { statesInOrder } from './drawing.ts';
import { classesIn, fieldsOf, membersOf } from './sources.ts';

/** The settings: what each is by default and may be, and its docstring in `lib/settings.ts`. */
export function settingsTable(): string {
  const rows = fieldsOf('lib/settings.ts', 'Settings').map(({ name, text }) => {
    const standard = defaultSettings[name as keyof Settings];
    return [code(name), standard === undefined ? 'not set' : code(standard), wantedOf(name), text];
  });
  return table(['setting', 'default', 'it must be', 'what it is'], rows);
}

/** What the settings say of a value that is none: `a whole number from 0 to 14`. */
function wantedOf(setting: string): string {
  try {
    readSettings((key) => (key === setting ? {} : undefined));
  } catch (error) {
    const [, wanted] =
      new RegExp(`${setting} must be (.*?), not \\{\\}`).exec((error as Error).message) ?? [];
    if (wanted !== undefined) return wanted.replace(/"([^"]+)"/g, '`$1`').replaceAll('|', '\\|');
  }
  throw new Error(`Setting ${setting} takes an object.`);
}

/** What every step has besides: its own logs and traces. */
const common = /^(logs:(CreateLogStream|PutLogEvents)|xray:\w+)$/;

/** The steps, as the stack deploys them: time-out and rights of each. */
export function rightsTable(): string {
  const { stack, template } = synthesiseStack();
  const order = inOrderOfFlow();
  const steps = deployedSteps(stack, template).sort((a, b) => order(a.name) - order(b.name));
  const rows = steps.map(({ name, properties }) => {
    const statements = statementsOf(template, referred(properties.Role));
    const denied = new Set(actionsOf(statements.filter(({ Effect }) => Effect === 'Deny')));
    const allowed = actionsOf(allowing(statements)).filter((action) => !common.test(action));
    const of = (service: string) => allowed.filter((action) => action.startsWith(`${service}:`));
    const others = allowed.filter((action) => !/^(chime|dynamodb):/.test(action));
    const onChime = of('chime').map((each) => `${code(nameIn(each))}${denied.has(each) ? ' (†)' : ''}`);
    return [
      `[${sentence(name)}](lambda/${fileName(name)})`,
      duration(Number(properties.Timeout)),
      onChime.join(', '),
      of('dynamodb').map(nameIn).map(code).join(', '),
      others.map(code).join(', '),
    ];
  });
  return table(['step', 'time-out', 'on Chime', 'on the ledger', 'elsewhere'], rows);
}

/** The place of a step in the workflows, the teardown first; what is in neither comes last. */
function inOrderOfFlow(): (step: string) => number {
  const { definition, restore, functions } = synthesise();
  const called = [definition, restore.definition]
    .flatMap(statesInOrder)
    .map(({ Resource }) => functions.get(String(Resource))?.step);
  return (step) => (called.includes(step) ? called.indexOf(step) : called.length);
}

/** The errors that leave a step: their docstrings in `lambda/errors.ts`, and what the workflows do about each. */
export function errorsTable(): string {
  const policies = [throttling, serviceTrouble, notYetConverged, takingOver];
  const rows = classesIn('lambda/errors.ts')
    // It has the name that the service gave.
    .filter(({ name }) => name !== 'ServiceError')
    .map(({ name, text }) => {
      const policy = policies.find(({ errors = [] }) => errors.includes(name));
      return [code(name), text, policy === undefined ? 'no' : patienceOf(policy)];
    });
  return table(['error', 'when', 'tried again'], rows);
}

/** The errors of verdicts: their docstrings in `lambda/errors.ts`, and which workflow ends with them. */
export function verdictsTable(): string {
  const ofWhich: Readonly<Record<string, string>> = verdictErrors;
  const rows = membersOf('lambda/errors.ts', 'verdictErrors').map(({ name, text }) => [
    code(name),
    ofWhich[name] ?? '',
    text,
  ]);
  return table(['error', 'of a', 'when'], rows);
}

/** How often a policy has a step run again, and how long that takes on average. */
function patienceOf({
  interval,
  backoffRate = 1,
  maxDelay,
  maxAttempts = 0,
  jitterStrategy,
}: RetryProps): string {
  const first = interval?.toSeconds() ?? 1;
  const longest = maxDelay?.toSeconds() ?? Number.POSITIVE_INFINITY;
  const delays = Array.from({ length: maxAttempts }, (_, i) => Math.min(first * backoffRate ** i, longest));
  const seconds =
    delays.reduce((sum, delay) => sum + delay, 0) * (jitterStrategy === JitterType.FULL ? 0.5 : 1);
  return `${maxAttempts} times, in about ${Math.round(seconds / 60)} min`;
}

/** A table in Markdown. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`.replace(/ +\|/g, ' |');
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(value: unknown): string {
  return `\`${value}\``;
}

/** `chime:GetPhoneNumber` is `GetPhoneNumber`. */
function nameIn(action: string): string {
  return action.slice(action.indexOf(':') + 1);
}

/** `DeleteVoiceConnector` is `Delete voice connector`. */
function sentence(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `DeleteVoiceConnector` is `delete-voice-connector.ts`. */
function fileName(name: string): string {
  return `${sentence(name).toLowerCase().replaceAll(' ', '-')}.ts`;
}

function duration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
