/** Widget: the teardown board, every connector that is being retired, in order of urgency. Changes nothing. */

import { connectExecutions, statusOf } from './aws/executions.ts';
import { type LookPorts, lookAt } from './board/look.ts';
import { pageOf, sentencePage } from './board/page.ts';
import { hurried, isDescribe, onWidget, themeOf } from './board/widget.ts';
import { type Edge, required, type Step } from './edge.ts';
import { StepError } from './errors.ts';
import { connectLedger, readBatches, readTeardown } from './ledger/ledger.ts';
import { listTeardowns } from './ledger/ledger-list.ts';

interface Ports extends LookPorts {
  /** ARN of the function that a Restore button calls. */
  readonly restoreFunction: string;
}

/** Answers the board as HTML, or its documentation as Markdown where the event says `"describe": true`. */
export const showBoard =
  ({ restoreFunction, ...ports }: Ports): Step<unknown, string> =>
  async (event) => {
    if (isDescribe(event)) return documentation;
    const theme = themeOf(event);
    try {
      return pageOf(await lookAt(ports), { theme, restoreFunction });
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      const sentence = `The teardowns cannot be shown now (${error.name}). They go on all the same; refresh in a minute.`;
      return sentencePage(theme, 'bad', sentence);
    }
  };

const documentation = `## Teardown board
Every Voice Connector that is being retired: how far it is, how many of its numbers are released, how long they can be taken
back, and what went wrong. Trouble comes first, then those on the last day of their deletion window.

Calls stop as soon as a teardown begins; the window saves the numbers, not the service. *Restore* asks first, then starts the
restore workflow: the numbers leave the deletion queue and go back onto the connector.

The widget takes no parameters.`;

export const connect = (edge: Edge): Step<unknown, string> => {
  const quick = hurried(edge);
  const table = connectLedger(quick);
  return showBoard({
    ledger: {
      listTeardowns: listTeardowns(table),
      readTeardown: readTeardown(table),
      readBatches: readBatches(table),
    },
    executions: { statusOf: statusOf(connectExecutions(quick)) },
    clock: edge.clock,
    restoreFunction: required(edge.env, 'RESTORE_FUNCTION_ARN'),
  });
};

export const handler = onWidget(connect);
