/**
 * The product broken in one way each, by wrapping a port of a step: what must be noticed. A soak that lets one of these
 * through proves nothing about the whole product either.
 */
import * as check from '../lambda/check-deletion-queue.ts';
import * as close from '../lambda/close-teardown.ts';
import * as disassociate from '../lambda/disassociate-phone-numbers.ts';
import type { Edge, Step } from '../lambda/edge.ts';
import * as inspectTeardown from '../lambda/inspect-teardown.ts';
import * as inspect from '../lambda/inspect-voice-connector.ts';
import type { Teardown } from '../lambda/ledger/teardown.ts';
import type { BulkReply, NumberView, PhoneNumber } from '../lambda/ports.ts';
import * as queue from '../lambda/queue-phone-numbers.ts';
import type { Connect } from '../local/world.ts';

/** Nothing is refused. */
const allDone = async (reply: Promise<BulkReply>): Promise<BulkReply> => {
  await reply;
  return { account: 'complete', refusalOf: () => undefined };
};

/** A reply without a list of errors counts as one with an empty list. */
const trusted = async (reply: Promise<BulkReply>): Promise<BulkReply> => {
  const { account, refusalOf } = await reply;
  return { account: account === 'missing' ? 'complete' : account, refusalOf };
};

/** What the service refuses for good looks as if it would pass. */
const passing = async (reply: Promise<BulkReply>): Promise<BulkReply> => {
  const { account, refusalOf } = await reply;
  return {
    account,
    refusalOf: (number) => {
      const refusal = refusalOf(number);
      return refusal === undefined ? undefined : { ...refusal, code: 'ServiceUnavailable' };
    },
  };
};

const swapped = (numbers: readonly PhoneNumber[]): PhoneNumber[] =>
  numbers.map(({ id, e164 }) => ({ id: e164, e164: id }));

async function* withoutLast(pages: AsyncIterable<readonly NumberView[]>) {
  let held: readonly NumberView[] | undefined;
  let yielded = 0;
  for await (const page of pages) {
    if (held !== undefined) yield held;
    if (held !== undefined) yielded += 1;
    held = page;
  }
  if (held !== undefined && yielded === 0) yield held;
}

async function* nothing(): AsyncGenerator<never> {
  // No number is left in any list.
}

/** Nobody asks who holds the teardown, nor notes for how long. */
const unlocked = async (): Promise<Date> => new Date(8.64e15);

/** One step, with its ports as `wrap` changes them. */
function broken<Ports, Input, Output>(
  module: { portsOf(edge: Edge): Ports },
  step: (ports: Ports) => Step<Input, Output>,
  wrap: (ports: Ports) => Ports,
): Connect {
  return ((edge: Edge) => step(wrap(module.portsOf(edge)))) as unknown as Connect;
}

const brokenDisassociate = (
  wrap: (ports: ReturnType<typeof disassociate.portsOf>) => typeof ports,
): Connect => broken(disassociate, disassociate.disassociatePhoneNumbers, wrap);
const brokenQueue = (wrap: (ports: ReturnType<typeof queue.portsOf>) => typeof ports): Connect =>
  broken(queue, queue.queuePhoneNumbers, wrap);

/** The ways in which the product is broken, each with the steps that it concerns. */
const breakages = {
  'skip the write-ahead': () => ({
    // The batch is not noted as begun before its first number is touched.
    DisassociatePhoneNumbers: brokenDisassociate((ports) => ({
      ...ports,
      ledger: {
        ...ports.ledger,
        saveBatch: async (of, { begunAt: _begun, ...batch }) => ports.ledger.saveBatch(of, batch),
      },
    })),
  }),
  'ignore PhoneNumberErrors': () => ({
    DisassociatePhoneNumbers: brokenDisassociate((ports) => ({
      ...ports,
      chime: {
        ...ports.chime,
        disassociateNumbers: (id, of) => allDone(ports.chime.disassociateNumbers(id, of)),
      },
    })),
    QueuePhoneNumbers: brokenQueue((ports) => ({
      ...ports,
      chime: { ...ports.chime, queueNumbers: (of) => allDone(ports.chime.queueNumbers(of)) },
    })),
  }),
  'skip the lock': () => ({
    DisassociatePhoneNumbers: brokenDisassociate((ports) => ({ ...ports, lock: unlocked })),
    QueuePhoneNumbers: brokenQueue((ports) => ({ ...ports, lock: unlocked })),
  }),
  'delete before the check': () => ({
    CheckDeletionQueue: broken(check, check.checkDeletionQueue, (ports) => ({
      ...ports,
      chime: { inventory: nothing, getNumber: async () => undefined },
    })),
  }),
  'trust a 200': () => ({
    DisassociatePhoneNumbers: brokenDisassociate((ports) => ({
      ...ports,
      chime: {
        ...ports.chime,
        disassociateNumbers: (id, of) => trusted(ports.chime.disassociateNumbers(id, of)),
      },
    })),
    QueuePhoneNumbers: brokenQueue((ports) => ({
      ...ports,
      chime: { ...ports.chime, queueNumbers: (of) => trusted(ports.chime.queueNumbers(of)) },
    })),
  }),
  'retry a permanent error': () => ({
    QueuePhoneNumbers: brokenQueue((ports) => ({
      ...ports,
      chime: { ...ports.chime, queueNumbers: (of) => passing(ports.chime.queueNumbers(of)) },
    })),
  }),
  'swap id and number': () => ({
    DisassociatePhoneNumbers: brokenDisassociate((ports) => ({
      ...ports,
      chime: {
        ...ports.chime,
        disassociateNumbers: (id, of) => ports.chime.disassociateNumbers(id, swapped(of)),
      },
    })),
  }),
  'drop the last page': () => ({
    InspectVoiceConnector: broken(inspect, inspect.inspectVoiceConnector, (ports) => ({
      ...ports,
      chime: { ...ports.chime, attachedNumbers: (id) => withoutLast(ports.chime.attachedNumbers(id)) },
    })),
  }),
  'restore without waiting for the old step': () => ({
    InspectTeardown: broken(inspectTeardown, inspectTeardown.inspectTeardown, (ports) => ({
      ...ports,
      ledger: {
        ...ports.ledger,
        readTeardown: async (id) => {
          const teardown = await ports.ledger.readTeardown(id);
          if (teardown === undefined) return undefined;
          const { clearAt: _clear, ...rest } = teardown;
          return rest as Teardown;
        },
        takeOver: async (earlier, holder, since) => {
          const real = await ports.ledger.readTeardown(earlier.voiceConnectorId);
          await ports.ledger.takeOver(real ?? earlier, holder, since);
        },
      },
    })),
  }),
  'forget to close': () => ({
    CloseTeardown: broken(close, close.closeTeardown, (ports) => ({
      ...ports,
      ledger: { ...ports.ledger, closeTeardown: async () => undefined },
    })),
  }),
} as const satisfies Record<string, () => Readonly<Record<string, Connect>>>;
export type Breakage = keyof typeof breakages;

export const breakageNames = Object.keys(breakages) as Breakage[];

/** The steps that are broken, by name. */
export function stepsBroken(breakage: Breakage): Readonly<Record<string, Connect>> {
  return breakages[breakage]();
}
