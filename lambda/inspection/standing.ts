import type { Clock } from '../clock.ts';
import type { Execution, TeardownStatus } from '../journey.ts';
import { tallyOf } from '../ledger/tally.ts';
import type { LedgerPort, Teardown } from '../ledger/teardown.ts';
import type { ExecutionsPort } from '../ports.ts';
import { restoreCommand, resumeCommand } from '../words/commands.ts';
import { isRunning } from './take-over.ts';

interface Ports {
  readonly ledger: Pick<LedgerPort, 'readBatches'>;
  readonly executions: Pick<ExecutionsPort, 'statusOf'>;
  readonly clock: Clock;
}

/** The state machines of this deployment, by ARN. */
export interface Machines {
  /** Unknown only where no teardown was ever opened. */
  readonly teardown: string | undefined;
  readonly restore: string;
}

/** How a teardown that is under way, or was left unfinished, stands by the ledger. */
export async function standing(
  ports: Ports,
  open: Teardown,
  execution: Execution,
  machines: Machines,
): Promise<TeardownStatus> {
  const { voiceConnectorId, generation, phase, windowEndsAt } = open;
  const { attached, unassigned, queued, gone, reclaimed } = await tallyOf(
    ports.ledger.readBatches(voiceConnectorId, generation),
  );
  return {
    phase,
    execution: open.holder ?? open.execution,
    isRunning: await isRunning(ports, open, execution),
    ...{ attached, unassigned, queued, gone, reclaimed },
    ...(windowEndsAt === undefined ? {} : { windowEndsAt }),
    ...(machines.teardown === undefined ? {} : { resumeCommand: resumeCommand(machines.teardown, open) }),
    restoreCommand: restoreCommand(machines.restore, voiceConnectorId),
  };
}
