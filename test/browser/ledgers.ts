/** Ledgers to look at: what the board is shown in a browser. */
import type { LedgerNumber, NumberState, Phase, Teardown } from '../../lambda/ledger/teardown.ts';

const hourMs = 60 * 60_000;

/** The present of all of these. */
export const now = new Date('2026-01-12T09:00:00.000Z');

/** A teardown with its numbers, and whether its run is alive. */
export interface Seed {
  readonly teardown: Teardown & { readonly holder: string };
  /** How many of its numbers are in each state. */
  readonly numbers: Partial<Record<NumberState, number>>;
  /** Whether its holder keeps the lock; without, it has been closed. */
  readonly isHeld: boolean;
  readonly isAlive: boolean;
  readonly queuedAt?: string;
}

interface SeedOptions extends Partial<Pick<Teardown, 'error' | 'cause'>> {
  readonly name: string;
  readonly phase: Phase;
  readonly numbers: Partial<Record<NumberState, number>>;
  /** When its deletion window ends: hours from now. */
  readonly endsIn?: number;
  /** When the last number was queued: hours ago; by default, seven days before the window ends. */
  readonly queuedAgo?: number;
  /** When it ended: hours ago. */
  readonly endedAgo?: number;
  readonly isAlive?: boolean;
}

let seeds = 0;

function seed(options: SeedOptions): Seed {
  seeds += 1;
  const { name, phase, numbers, endsIn, endedAgo, isAlive = true, error, cause } = options;
  const queuedAgo = options.queuedAgo ?? (endsIn === undefined ? undefined : 7 * 24 - endsIn);
  const id = `arn:aws:states:us-east-1:123456789012:execution:Teardown:run-${seeds}`;
  const at = (hours: number) => new Date(now.getTime() + hours * hourMs).toISOString();
  const startedAt = at(endsIn === undefined ? -2 - (endedAgo ?? 0) : endsIn - 7 * 24 - 1);
  const isOpen = ['releasing', 'window', 'deleting', 'restoring'].includes(phase);
  return {
    numbers,
    isHeld: isOpen,
    isAlive: isOpen && isAlive,
    ...(queuedAgo === undefined ? {} : { queuedAt: at(-queuedAgo) }),
    teardown: {
      voiceConnectorId: `${(0xabcdef + seeds * 7_919).toString(36)}k3pq7ghij2klmno4r`,
      ...{ name, phase, holder: id, holderSince: startedAt, busyUntil: startedAt, execution: id, startedAt },
      ...{ generation: 'g', batchesToRelease: 1, warnings: [], fingerprint: 'sha256:0' },
      stateMachine: 'arn:aws:states:us-east-1:123456789012:stateMachine:Teardown',
      phoneNumbers: Object.values(numbers).reduce((sum, count) => sum + count, 0),
      ...(endsIn === undefined ? {} : { windowEndsAt: at(endsIn) }),
      ...(endedAgo === undefined ? {} : { endedAt: at(-endedAgo) }),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    },
  };
}

/** The numbers of a seed as the ledger holds them; in the range that is kept for fiction. */
export function numbersOf({ numbers }: Seed): LedgerNumber[] {
  return Object.entries(numbers).flatMap(([state, count]) =>
    Array.from({ length: count }, (_, i) => {
      const e164 = `+1206555${String(100 + (i % 100)).padStart(4, '0')}`;
      return { id: e164, e164, state: state as NumberState };
    }),
  );
}

const hostileName = `<script>document.title='run'</script><img src=x onerror="document.title='run'">"'>&lt; 📞`;

/** What a board of a normal week looks like. */
export const realistic = (): Seed[] => [
  seed({
    name: 'Frankfurt contact centre',
    phase: 'failed',
    numbers: { queued: 117, unassigned: 2, attached: 1 },
    endsIn: 118,
    endedAgo: 49,
    error: 'NumbersNotReleased',
    cause:
      'Could not release 3 phone numbers: 2 × UnprocessableEntity (number has a port-out request pending): …0141, …0187; 1 × AccessDenied: …0120. 117 are in the deletion queue, 2 are unassigned and billed, 1 still attached; the connector is untouched.',
  }),
  seed({ name: 'Old fax gateway', phase: 'window', numbers: { queued: 8 }, endsIn: 61, isAlive: false }),
  seed({ name: 'Leeds office', phase: 'window', numbers: { queued: 64 }, endsIn: 6.6 }),
  seed({ name: 'Toronto SIP trunk', phase: 'window', numbers: { queued: 250 }, endsIn: 97 }),
  seed({
    name: 'Sydney lab',
    phase: 'releasing',
    numbers: { queued: 300, unassigned: 50, attached: 150 },
    queuedAgo: 0.1,
  }),
  seed({
    name: 'Chicago backup trunk',
    phase: 'restoring',
    numbers: { attached: 14, unassigned: 5, queued: 13 },
    endsIn: 30,
  }),
  seed({
    name: 'Porto hotline',
    phase: 'restored',
    numbers: { unassigned: 58, gone: 2 },
    endedAgo: 20,
    error: 'ConnectorGone',
    cause:
      'Connector k7w1vq2ghij2klmno3pqr4 is gone: nothing can be put back on it, 58 saved from the queue, unassigned and billed, 2 gone for good. What the connector was is in the ledger (table VoiceConnectorTeardown-Ledger, item "teardown", attribute "snapshot").',
  }),
  seed({ name: 'Madrid campaign 2025', phase: 'deleted', numbers: { gone: 40 }, endedAgo: 27 }),
];

/** One teardown, with a name that tries to break out. */
export const hostile = (): Seed[] => [
  seed({
    name: hostileName,
    phase: 'failed',
    numbers: { queued: 3 },
    endsIn: 50,
    endedAgo: 1,
    error: hostileName,
    cause: hostileName,
  }),
];

/** A very bad month: trouble, last days, windows, finished ones, and names of any length. */
export const many = (count: number): Seed[] =>
  Array.from({ length: count }, (_, i) => {
    const name = i % 7 === 0 ? 'W'.repeat(256) : `Trunk ${i}`;
    if (i % 10 === 0) {
      const said = { error: 'ThrottledClientException', cause: 'Rate exceeded. '.repeat(200) };
      return seed({
        name,
        phase: 'interrupted',
        numbers: { queued: 2 },
        endsIn: 20 + i,
        endedAgo: 1,
        ...said,
      });
    }
    if (i % 10 === 1) return seed({ name, phase: 'deleted', numbers: { gone: 2 }, endedAgo: i });
    return seed({ name, phase: 'window', numbers: { queued: 2 }, endsIn: 4 + (i % 160) });
  });
