import { type readRestoreRequest, readTeardownRequest } from '../../lambda/inspection/request.ts';
import type { Blocker } from '../../lambda/plan.ts';

/** Reads a request to a deployment that asks for no approval. */
export function read(input: unknown) {
  return readTeardownRequest(input, false);
}

export function blockersOf(found: ReturnType<typeof readRestoreRequest | typeof read>): readonly Blocker[] {
  return 'blockers' in found ? found.blockers : [];
}

/** What is wrong with a request, in sentences. */
export function faultsOf(input: unknown): string[] {
  return blockersOf(read(input)).map(({ message }) => message);
}
