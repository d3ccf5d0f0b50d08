import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import { pageSize } from '#chime-api';
import type { Edge, Step } from '../../lambda/edge.ts';
import type { ErrorCode } from '../../local/chime/errors.ts';
import type { FaultPlan, RawReply, ScriptableFault } from '../../local/chime/faults.ts';
import type { Operation } from '../../local/chime/operations.ts';
import { type LocalChime, startLocalChime } from '../../local/chime/server.ts';
import type { ChimeSwitches } from '../../local/chime/switches.ts';
import { VirtualClock } from '../../local/clock.ts';
import { type LocalCloudWatch, startLocalCloudWatch } from '../../local/cloudwatch.ts';
import { localCredentials } from '../../local/ledger.ts';
import { loggerTo } from '../../local/logs.ts';

/** An E.164 number of local Chime, or any other run of digits as long as one. */
export const digitsOfANumber = /\d{7,}/;

/** Faults that pass, and the errors as which they come after the last attempt. */
export const passingFaults = [
  ['throttle', 'ThrottledClientException'],
  ['serviceFailure', 'ServiceFailureException'],
  ['unavailable', 'ServiceUnavailableException'],
  ['connectionReset', 'ServiceUnreachable'],
] as const;

export interface ChimeSetting {
  readonly clock: VirtualClock;
  readonly chime: LocalChime;
  readonly cloudwatch: LocalCloudWatch;
  readonly edge: Edge;
  /** What the functions logged, one JSON object each. */
  readonly log: readonly string[];
}

export interface ChimeSettingOptions {
  readonly switches?: Partial<ChimeSwitches>;
  readonly faults?: FaultPlan;
  /** Real ms; short where a call is to hang. */
  readonly requestTimeoutMs?: number;
}

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

export function afterThisTest(cleanUp: () => Promise<void> | void): void {
  cleanUps.push(cleanUp);
}

/** Local Chime and CloudWatch on a virtual clock, and the edge that leads a step there; closed after the test. */
export async function openChime(options: ChimeSettingOptions = {}): Promise<ChimeSetting> {
  const { switches = {}, faults = {}, requestTimeoutMs = 5_000 } = options;
  const clock = new VirtualClock();
  const now = () => clock.now().getTime();
  const chime = await startLocalChime({ now, switches, faults, pageLimit: pageSize });
  const cloudwatch = await startLocalCloudWatch({ now });
  afterThisTest(async () => {
    clock.close();
    await chime.close();
    await cloudwatch.close();
  });
  const log: string[] = [];
  const edge: Edge = {
    env: {},
    clock,
    random: () => 0.5,
    log: loggerTo((line) => log.push(line)),
    requestTimeoutMs,
    chime: { endpoint: chime.url, region: 'us-east-1', credentials: localCredentials },
    dynamodb: {},
    states: {},
    cloudwatch: cloudwatch.connection,
    events: {},
  };
  return { clock, chime, cloudwatch, edge, log };
}

/** The address of a server of the test's own, for what no stand-in answers; closed after the test. */
export async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterThisTest(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs a step as Lambda would: time stands still while it works, and moves on while it sleeps. */
export function run<Input, Output>(
  { clock, edge }: Pick<ChimeSetting, 'clock' | 'edge'>,
  connect: (edge: Edge) => Step<Input, Output>,
  input: Input,
): Promise<Output> {
  return clock.busy(() => connect(edge)(input));
}

/** The error that the promise ends with; throws where it ends well. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const ended = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(ended instanceof Error)) throw new Error('An error was expected.');
  return ended;
}

/** The requests that change the account: operation, and how many numbers each names. */
export function changes({ requests }: LocalChime): [Operation, number][] {
  return requests
    .filter(({ changing }) => changing)
    .map(({ operation, target }) => [operation, target.filter((name) => name.startsWith('+')).length]);
}

/** A 200 reply of the test's own making, in place of the service's. */
export function reply(json: unknown, carriedOut = false): RawReply {
  const body = typeof json === 'string' ? json : JSON.stringify(json);
  return { status: 200, contentType: 'application/json', body, carriedOut };
}

/** A fault at each of the first requests of an operation, in this order. */
export function script(operation: Operation, ...faults: ScriptableFault[]): FaultPlan {
  return { script: faults.map((fault, i) => ({ operation, nth: i + 1, fault })) };
}

/** A number for which an operation always fails; the message names the number. */
export function refusing(operation: Operation, e164: string, code: ErrorCode): FaultPlan {
  return { permanent: [{ operation, e164, code, message: `Number ${e164} is refused.` }] };
}

/** The element, where there must be one. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list.at(index);
  if (found === undefined) throw new Error(`There is no element ${index}.`);
  return found;
}
