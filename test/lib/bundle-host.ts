/**
 * A function's process: loads the bundle that its command line names, as the Lambda runtime does, and passes on what
 * it is sent. Runs by itself, in a Node that knows nothing of this project.
 */
import { pathToFileURL } from 'node:url';

export interface Invocation {
  readonly id: number;
  readonly event: unknown;
  /** The plain part of the context. */
  readonly context: Record<string, unknown>;
}

export type Answer =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };

const { handler } = await import(pathToFileURL(String(process.argv[2])).href);

process.on('message', async ({ id, event, context }: Invocation) => {
  const getRemainingTimeInMillis = () => 60_000;
  try {
    const output = await handler(event, { ...context, getRemainingTimeInMillis });
    process.send?.({ id, output: output ?? null } satisfies Answer);
  } catch (error) {
    const { name, message } = error as Error;
    process.send?.({ id, error: { name, message } } satisfies Answer);
  }
});
