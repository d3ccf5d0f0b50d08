/** What the two functions behind the dashboard share: how CloudWatch calls them, and how they answer. */
import type { Context } from 'aws-lambda';
import { type Edge, onLambda, type Step } from '../edge.ts';
import type { Theme } from './style.ts';

/**
 * The theme that a dashboard is looked at in, from an event's `widgetContext`; light where it does not say.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
 */
export function themeOf(event: unknown): Theme {
  return contextOf(event).theme === 'dark' ? 'dark' : 'light';
}

/** The account that a dashboard is looked at from, 12 digits; undefined where that is not what the event says. */
export function accountOf(event: unknown): string | undefined {
  const { accountId } = contextOf(event);
  return typeof accountId === 'string' && /^\d{12}$/.test(accountId) ? accountId : undefined;
}

/** Whether CloudWatch asks for the widget's documentation, in Markdown, instead of for the widget. */
export function isDescribe(event: unknown): boolean {
  return fieldsOf(event).describe === true;
}

/**
 * The handler of a function that answers with a page. Like a step's, but that its answer is not logged: only how long it
 * is, in characters.
 */
export function onWidget(
  connect: (edge: Edge) => Step<unknown, string>,
): (event: unknown, context: Context) => Promise<string> {
  // An execution environment runs one invocation at a time.
  let page = '';
  const handle = onLambda((edge) => {
    const answer = connect(edge);
    return async (event: unknown) => {
      page = await answer(event);
      return { characters: page.length };
    };
  });
  return async (event, context) => {
    await handle(event, context);
    return page;
  };
}

/** The longest back-off that somebody at a dashboard is kept waiting for, in ms: what takes longer is given up. */
const patienceMs = 500;

/**
 * The edge of somebody who waits for an answer: calls are given up sooner than where a workflow can wait, after two attempts
 * of 2 s and a pause between them, 4.5 s in all.
 */
export function hurried(edge: Edge): Edge {
  const { clock } = edge;
  return {
    ...edge,
    requestTimeoutMs: Math.min(edge.requestTimeoutMs, 2_000),
    attempts: 2,
    clock: {
      now: () => clock.now(),
      sleep: async (ms) => {
        if (ms > patienceMs) throw new Error(`A dashboard does not wait for ${ms} ms.`);
        await clock.sleep(ms);
      },
    },
  };
}

function contextOf(event: unknown): Record<string, unknown> {
  return fieldsOf(fieldsOf(event).widgetContext);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
