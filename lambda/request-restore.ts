/** What the board's Restore button calls: starts the restore of one connector, and nothing else. */

import { connectExecutions } from './aws/executions.ts';
import { type StartRestore, startRestore } from './aws/start-restore.ts';
import { sentencePage } from './board/page.ts';
import type { Tone } from './board/style.ts';
import { accountOf, hurried, onWidget, themeOf } from './board/widget.ts';
import { type Edge, required, type Step } from './edge.ts';
import { StepError } from './errors.ts';
import { connectorIdPattern } from './ports.ts';

/** What the button sends, and what CloudWatch adds to it. */
const fields = new Set(['voiceConnectorId', 'widgetContext']);

/** Answers a sentence as HTML, whatever comes of it: who has pressed the button is to read it. */
export const requestRestore =
  (start: StartRestore): Step<unknown, string> =>
  async (event) => {
    const say = (tone: Tone, sentence: string) => sentencePage(themeOf(event), tone, sentence);
    const voiceConnectorId = connectorIn(event);
    if (voiceConnectorId === undefined) {
      return say(
        'bad',
        'Nothing was started: the request must be one voiceConnectorId, 1 to 128 letters, digits or hyphens.',
      );
    }
    const account = accountOf(event);
    const requestedBy = account === undefined ? 'teardown board' : `teardown board, account ${account}`;
    try {
      const execution = await start({ voiceConnectorId, requestedBy });
      return say(
        'good',
        `The restore of ${voiceConnectorId} has been started: ${execution}. Refresh to see the board again.`,
      );
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      return say(
        'bad',
        `The restore of ${voiceConnectorId} was not started (${error.name}). Try again, or start its state machine in Step Functions.`,
      );
    }
  };

function connectorIn(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return undefined;
  if (Object.keys(event).some((key) => !fields.has(key))) return undefined;
  const { voiceConnectorId } = event as Record<string, unknown>;
  const isId = typeof voiceConnectorId === 'string' && connectorIdPattern.test(voiceConnectorId);
  return isId ? voiceConnectorId : undefined;
}

export const connect = (edge: Edge): Step<unknown, string> =>
  requestRestore(
    startRestore(connectExecutions(hurried(edge)), required(edge.env, 'RESTORE_STATE_MACHINE_ARN')),
  );

export const handler = onWidget(connect);
