/** What surrounds a function on this machine: an edge for each of its environments, of the same stand-ins. */
import type { Connection, Edge } from '../lambda/edge.ts';
import { draw } from './chime/draw.ts';
import type { VirtualClock } from './clock.ts';
import { localCredentials } from './ledger.ts';
import { loggerTo, metricsTo } from './logs.ts';
import type { DeployedFunction } from './synthesis.ts';
import { type CapacityUsed, chimeTransport, delayed, dynamodbTransport, metered } from './transport.ts';

/** What all functions share. */
export interface Surroundings {
  readonly clock: VirtualClock;
  readonly seed: string | number;
  readonly onLog: (line: string) => void;
  /** Real ms that a call may go without an answer. */
  readonly requestTimeoutMs: number;
  /** Virtual ms that a request to Chime takes. */
  readonly chimeLatencyMs: number;
  /** Is told what capacity each request to the ledger has used. */
  readonly onCapacity?: ((used: CapacityUsed) => void) | undefined;
  readonly chimeUrl: string;
  readonly connections: Pick<Edge, 'dynamodb' | 'states' | 'cloudwatch' | 'events'>;
}

/** Makes the edge of a new environment: clients, logger and metrics are its own, chance is everybody's. */
export function edgesIn(shared: Surroundings): (deployed: Pick<DeployedFunction, 'environment'>) => Edge {
  const { clock, seed, onLog, requestTimeoutMs, connections } = shared;
  let draws = 0;
  return ({ environment }) => ({
    env: environment,
    clock,
    random: () => draw(seed, `function ${draws++}`),
    log: loggerTo(onLog),
    metrics: metricsTo(onLog),
    requestTimeoutMs,
    ...connections,
    chime: {
      ...{ endpoint: shared.chimeUrl, region: 'us-east-1', credentials: localCredentials },
      ...chimeTransportOf(shared),
    },
    dynamodb: { ...connections.dynamodb, ...ledgerTransportOf(shared) },
  });
}

function chimeTransportOf(shared: Surroundings): Pick<Connection, 'requestHandler'> {
  const { chimeLatencyMs, requestTimeoutMs, clock } = shared;
  if (chimeLatencyMs === 0) return {};
  return { requestHandler: delayed(chimeTransport(requestTimeoutMs), chimeLatencyMs, clock) };
}

function ledgerTransportOf({
  onCapacity,
  requestTimeoutMs,
}: Surroundings): Pick<Connection, 'requestHandler'> {
  return onCapacity === undefined
    ? {}
    : { requestHandler: metered(dynamodbTransport(requestTimeoutMs), onCapacity) };
}
