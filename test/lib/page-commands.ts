import { execFileSync } from 'node:child_process';
import { readRestoreRequest, readTeardownRequest } from '../../lambda/inspection/request.ts';
import { synthesise } from '../../local/synthesis.ts';

const { stateMachineArn, restore } = synthesise();

/** What the variables of the pages' commands stand for. */
export const variables = {
  STATE_MACHINE_ARN: stateMachineArn,
  RESTORE_STATE_MACHINE_ARN: restore.stateMachineArn,
  LEDGER_TABLE: 'Ledger',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/Dead',
  DEAD_LETTER_QUEUE_ARN: 'arn:aws:sqs:us-east-1:123456789012:Dead',
  ACCOUNT: '123456789012',
} as const;

/** The blocks of code of a page that are in a language. */
export function blocksOf(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'))].map(
    ([, , code = '']) => code,
  );
}

/** What a script calls `aws`, `npm` and `npx` with, as the shell passes it on. */
export function commandsOf(script: string): string[][] {
  const standIns = `
    exec 3>&1 >/dev/null
    record() { printf '%s\\0' "$@" >&3; printf '\\1' >&3; }
    npm() { record npm "$@"; }
    npx() { record npx "$@"; }
    aws() {
      record aws "$@"
      case $2 in
        get-caller-identity) echo '${variables.ACCOUNT}';;
        get-queue-attributes) echo '${variables.DEAD_LETTER_QUEUE_ARN}';;
      esac
    }`;
  const said = execFileSync('sh', ['-euc', `${standIns}\n${script}`], {
    encoding: 'utf8',
    env: { ...process.env, ...variables },
  });
  return said.split('\x01').flatMap((call) => (call === '' ? [] : [call.split('\0').slice(0, -1)]));
}

/** What an option of a command is given. */
export function given(words: readonly string[], option: string): string {
  return words[words.indexOf(option) + 1] ?? '';
}

/** The inputs that commands start a workflow with, and what that workflow reads them as. */
export function inputsOf(commands: readonly (readonly string[])[]): { input: unknown; read: unknown }[] {
  return commands
    .filter((words) => words.includes('start-execution'))
    .map((words) => {
      const input: unknown = JSON.parse(given(words, '--input'));
      const isTeardown = given(words, '--state-machine-arn') === stateMachineArn;
      return { input, read: isTeardown ? readTeardownRequest(input, false) : readRestoreRequest(input) };
    });
}
