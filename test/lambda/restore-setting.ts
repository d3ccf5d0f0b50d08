import { connect as associatePhoneNumbers } from '../../lambda/associate-phone-numbers.ts';
import { connect } from '../../lambda/inspect-teardown.ts';
import type { Execution, ReleaseRequest, Restorable, RestoreCheck } from '../../lambda/journey.ts';
import { connectLedger, readBatch, saveBatch } from '../../lambda/ledger/ledger.ts';
import type { Batch, LedgerNumber } from '../../lambda/ledger/teardown.ts';
import { connect as restorePhoneNumbers } from '../../lambda/restore-phone-numbers.ts';
import { connect as verifyRestore } from '../../lambda/verify-restore.ts';
import { type ChimeSwitches, switchPositions } from '../../local/chime/switches.ts';
import { run } from './setting.ts';
import {
  type BeginOptions,
  type Begun,
  begin,
  openSetting,
  restoreNamed,
  type Setting,
  type SettingOptions,
  stranger,
  teardownOf,
} from './teardown-setting.ts';

/** The restore that works here. */
export const restore = restoreNamed('ours');

/** What a check counts where there is nothing. */
export const nothing: RestoreCheck['counts'] = {
  ...{ restored: 0, elsewhere: 0, parked: 0, gone: 0, unassigned: 0, queued: 0 },
  ...{ namesRequested: 0, namesRefused: 0 },
};

/** A restore under way: the teardown that it has taken over, and the state that its steps hand on. */
export interface Restoring extends Begun {
  readonly restorable: Restorable;
}

type RestoringOptions = Omit<BeginOptions, 'holder' | 'phase'>;

/** Seeds a connector, and hands its teardown to a restore; by default all of its numbers are in the deletion queue. */
export async function bringBack(
  setting: Setting,
  options: RestoringOptions,
  holder = restore.id,
): Promise<Restoring> {
  const begun = await begin(setting, {
    state: 'queued',
    ...options,
    holder,
    phase: 'restoring',
  });
  const { voiceConnectorId, name, phoneNumbers, generation, batches } = begun.inspected;
  const batch: ReleaseRequest = { ...begun.batch, execution: restore };
  const restorable: Restorable = {
    ...{ verdict: 'restore', execution: restore },
    ...{ voiceConnectorId, name, phoneNumbers, generation, batches },
  };
  return { ...begun, batch, restorable };
}

/** A restore under way, and its step that takes the first batch out of the queue. */
export async function openRestore(options: RestoringOptions, settingOptions: SettingOptions = {}) {
  const setting = await openSetting(settingOptions);
  const restoring = await bringBack(setting, options);
  return { setting, restoring, restoreThem: () => run(setting, restorePhoneNumbers, restoring.batch) };
}

/** A restore whose numbers are out of the queue, and its step that puts the first batch back onto the connector. */
export async function openAssociation(
  options: Omit<RestoringOptions, 'state'>,
  switches: Partial<ChimeSwitches> = {},
) {
  const setting = await openSetting({ switches });
  const restoring = await bringBack(setting, { ...options, state: 'unassigned' });
  return { setting, restoring, associate: () => run(setting, associatePhoneNumbers, restoring.batch) };
}

/** A restore under way, and its step that looks whether everything is back; it may have looked before. */
export async function openVerification(options: RestoringOptions, switches: Partial<ChimeSwitches> = {}) {
  const setting = await openSetting({ switches });
  const restoring = await bringBack(setting, options);
  const verify = (looks?: number) => {
    const check =
      looks === undefined ? {} : { check: { verdict: 'notYet', counts: nothing, looks } as const };
    return run(setting, verifyRestore, { ...restoring.restorable, ...check });
  };
  return { setting, restoring, verify };
}

/** Runs the step at the door for a request, for `by` (default: our restore). */
export function inspectTeardown(setting: Setting, request: unknown, by: Execution = restore) {
  return run(setting, connect, { request, execution: by });
}

/** Changes the numbers of a batch in the ledger, the first if not said otherwise; and what else is in it. */
export async function rewrite(
  { edge }: Setting,
  { batch }: Pick<Begun, 'batch'>,
  change: (number: LedgerNumber, index: number) => LedgerNumber,
  others: Partial<Omit<Batch, 'numbers'>> = {},
  index = 0,
): Promise<void> {
  const table = connectLedger(edge);
  const address = { ...batch, batch: index };
  const before = await readBatch(table)(address);
  await saveBatch(table)(address, { ...before, ...others, numbers: before.numbers.map(change) });
}

/** Removes what a batch says of when its release began: as if none of it had been touched. */
export async function untouch({ edge }: Setting, { batch }: Pick<Begun, 'batch'>, index = 0): Promise<void> {
  const table = connectLedger(edge);
  const address = { ...batch, batch: index };
  const { begunAt: _begun, ...untouched } = await readBatch(table)(address);
  await saveBatch(table)(address, untouched);
}

/** Which of its numbers the connector really has, in order. */
export function onConnector(
  { chime }: Setting,
  { e164s, voiceConnectorId }: { e164s: readonly string[]; voiceConnectorId: string },
) {
  return e164s.map((e164) => chime.state.number(e164)?.holder?.value === voiceConnectorId);
}

/** Every position of one switch with every position of another. */
export function combined<A extends keyof ChimeSwitches, B extends keyof ChimeSwitches>(a: A, b: B) {
  return switchPositions[a].flatMap((one) =>
    switchPositions[b].map((other) => ({ [a]: one, [b]: other })),
  ) as {
    [Name in A | B]: ChimeSwitches[Name];
  }[];
}

/** A teardown of three numbers in its window, held by an execution of which Step Functions may know nothing yet. */
export async function underWay(options: Partial<BeginOptions> = {}) {
  const setting = await openSetting();
  const begun = await begin(setting, {
    numbers: 3,
    state: 'queued',
    phase: 'window',
    holder: stranger,
    ...options,
  });
  return { setting, begun };
}

export function restoreIt(setting: Setting, { voiceConnectorId }: Begun) {
  return inspectTeardown(setting, { voiceConnectorId });
}

/** A running execution; what comes back tells how it was stopped, and who held the teardown at that moment. */
export function stoppable(setting: Setting, arn: string, { voiceConnectorId }: Begun) {
  const stops: Promise<object>[] = [];
  const { promise: result, resolve } = Promise.withResolvers<{
    status: 'ABORTED';
    history: [];
    transitions: 0;
  }>();
  setting.states.add({
    arn,
    result,
    abort: (reason = {}) => {
      const seen = teardownOf(setting, voiceConnectorId);
      stops.push(seen.then((teardown) => ({ ...reason, holder: teardown?.holder, phase: teardown?.phase })));
      resolve({ status: 'ABORTED', history: [], transitions: 0 });
    },
  });
  return () => Promise.all(stops);
}
