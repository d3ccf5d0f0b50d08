import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';

/** What `npm start -- …` can be told. */
export interface StartOptions {
  /** How many numbers the seeded connector has. */
  readonly numbers: number;
  /** Replaces the request; the text `{{connector}}` in it stands for the seeded connector's id. */
  readonly input?: unknown;
  readonly dryRun: boolean;
  /** Whether to restore, half-way through the deletion window. */
  readonly undo: boolean;
  /** Whether to press Stop, half-way through the deletion window. */
  readonly stop: boolean;
  /** Probabilities, 0 to 1. */
  readonly throttle: number;
  readonly errors: number;
  readonly seed: string;
  readonly chimeApi: 'chime-sdk-voice' | 'chime';
  /** Files to write. */
  readonly history?: string;
  readonly logs?: string;
  /** Whether to serve the teardown board, until the command is interrupted. */
  readonly board: boolean;
  readonly json: boolean;
}

/** Reads the command line; ends the process with a message where it cannot be read, or for `--help`. */
export function readOptions(argv: readonly string[]): StartOptions {
  return new Command('npm start --')
    .description(
      'Tears a Voice Connector down on this machine: the synthesised state machine and the real handlers,\n' +
        'against a local Chime and a local DynamoDB, in virtual time. Needs no AWS account.',
    )
    .option('--numbers <n>', 'how many phone numbers the connector has', wholeNumber, 120)
    .option(
      '--input <json|@file>',
      'the request, instead of the default; {{connector}} stands for the seeded id',
      request,
    )
    .addOption(new Option('--dry-run', 'only plan').default(false).conflicts(['undo', 'stop']))
    .option('--undo', 'tear down, and take it back half-way through the deletion window', false)
    .addOption(
      new Option(
        '--stop',
        'tear down, and press Stop half-way through the deletion window: what is told then',
      )
        .default(false)
        .conflicts('undo'),
    )
    .option('--throttle <p>', 'probability that a call is throttled (429)', probability, 0)
    .option(
      '--errors <p>',
      'probability that a call (500, 503) or a number in it fails for a moment',
      probability,
      0,
    )
    .option('--seed <s>', 'same seed, same faults', '1')
    .addOption(
      new Option('--chime-api <name>', 'which API, and so which SDK client')
        .choices(['chime-sdk-voice', 'chime'])
        .default('chime-sdk-voice'),
    )
    .option('--history <file>', 'write the events of the execution, as JSON')
    .option('--logs <file>', 'write what the functions log, a JSON object a line')
    .option('--board', 'serve the teardown board on this machine, until Ctrl-C', false)
    .option('--json', 'print one JSON object and nothing else', false)
    .allowExcessArguments(false)
    .parse(argv)
    .opts<StartOptions>();
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 to 9999999.');
  return Number(text);
}

function probability(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}

function request(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text);
  } catch (error) {
    throw new InvalidArgumentError(
      `It must be JSON, or @ and the name of a file that holds JSON (${(error as Error).message}).`,
    );
  }
}
