import { describe, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { connect as associatePhoneNumbers } from '../../lambda/associate-phone-numbers.ts';
import { connect as closeTeardown } from '../../lambda/close-teardown.ts';
import { connect as disassociatePhoneNumbers } from '../../lambda/disassociate-phone-numbers.ts';
import { type Edge, onLambda, type Step } from '../../lambda/edge.ts';
import { connect as inspectTeardown } from '../../lambda/inspect-teardown.ts';
import { connect as inspectVoiceConnector } from '../../lambda/inspect-voice-connector.ts';
import type { Restorable } from '../../lambda/journey.ts';
import { connect as queuePhoneNumbers } from '../../lambda/queue-phone-numbers.ts';
import { connect as rejoinGroups } from '../../lambda/rejoin-groups.ts';
import { connect as requestNames } from '../../lambda/request-names.ts';
import { connect as restorePhoneNumbers } from '../../lambda/restore-phone-numbers.ts';
import { connect as verifyRestore } from '../../lambda/verify-restore.ts';
import type { Operation } from '../../local/chime/operations.ts';
import { restore } from './restore-setting.ts';
import { at, errorOf } from './setting.ts';
import { execution, openSetting, over, type Setting } from './teardown-setting.ts';

const context = { functionName: 'Step', awsRequestId: 'request' } as Context;

describe('No step of a restore tells a number:', () => {
  it('not where all goes well', async () => {
    const { setting, call, restorable, batch, told } = await queued();
    await call(restorePhoneNumbers, batch);
    await call(associatePhoneNumbers, batch);
    await call(requestNames, batch);
    const verified = { ...restorable, check: await call(verifyRestore, restorable) };
    const check = await call(rejoinGroups, verified);
    const state = { ...restorable, check };
    expect(await call(closeTeardown, { outcome: 'restored', execution: restore, state })).toMatchObject({
      answer: { outcome: 'restored', restored: 3 },
    });
    expect(setting.log.length).toBeGreaterThan(8);
    expectSilence(setting, told);
  });

  it('not where the service refuses single numbers, and says which', async () => {
    const { setting, call, restorable, batch, told, e164s } = await queued();
    const message = `Number ${at(e164s, 0)} (${at(e164s, 0).replace('+', '%2B')}) is on hold.`;
    setting.chime.faults.set({
      permanent: [
        { operation: 'RestorePhoneNumber', e164: at(e164s, 0), code: 'Forbidden', message },
        {
          operation: 'AssociatePhoneNumbersWithVoiceConnector',
          e164: at(e164s, 1),
          code: 'Forbidden',
          message: `Number ${at(e164s, 1)} is on hold.`,
        },
      ],
    });
    for (const step of [restorePhoneNumbers, associatePhoneNumbers, requestNames]) await call(step, batch);
    const check = await call(verifyRestore, { ...restorable });
    expect(check).toMatchObject({ verdict: 'incomplete' });
    const state = { ...restorable, check };
    const closing = await call(closeTeardown, { outcome: 'incomplete', execution: restore, state });
    expect(JSON.stringify(closing)).toContain('…0100');
    expectSilence(setting, told);
  });

  const refused: [Operation, string][] = [
    ['RestorePhoneNumber', 'Restore'],
    ['AssociatePhoneNumbersWithVoiceConnector', 'Associate'],
    ['BatchUpdatePhoneNumber', 'RequestNames'],
    ['ListPhoneNumbers', 'Verify'],
  ];

  it.each(refused)('not where the service refuses a whole call (%s)', async (operation) => {
    const { setting, call, restorable, batch, told, e164s } = await queued();
    const message = `Not for ${e164s.join(', ')} nor ${at(e164s, 2).slice(1)}.`;
    const fault = { status: 403, code: 'AccessDenied', message };
    const nth = setting.chime.calls()[operation] + 1;
    setting.chime.faults.set({ script: [{ operation, nth, fault }] });
    const errors: Error[] = [];
    for (const step of [restorePhoneNumbers, associatePhoneNumbers, requestNames])
      await call(step, batch).catch((error: Error) => errors.push(error));
    await call(verifyRestore, restorable).catch((error: Error) => errors.push(error));
    expect(errors.map(({ name }) => name)).toEqual(['AccessDeniedException']);
    const [error] = errors;
    expect(error?.message).toContain('…0102');
    expectSilence(setting, [...told, error?.message, error?.stack]);
    expect(setting.log.join('\n')).toContain('Step failed');
  });

  it('not where the request holds some', async () => {
    const setting = await openSetting();
    const told: unknown[] = [];
    const request = { voiceConnectorId: '+12065550100', reason: 7, '+12065550101': '+12065550102' };
    const refused = await caller(setting, told)(inspectTeardown, { request, execution: restore });
    expect(refused).toMatchObject({ verdict: 'refused' });
    expectSilence(setting, told);
  });

  it('not where the ledger does not answer', async () => {
    const { setting, call, batch, told } = await queued();
    setting.wire.refuse = ({ operation }) => operation === 'PutItem';
    const error = await errorOf(call(restorePhoneNumbers, batch));
    expect(error.name).toBe('ServiceFailureException');
    expectSilence(setting, [...told, error.message, error.stack]);
  });
});

/** Calls the handlers as Lambda does, and notes what they answer. */
function caller({ clock, edge }: Setting, told: unknown[]) {
  return async <Input, Output>(
    connect: (edge: Edge) => Step<Input, Output>,
    input: Input,
  ): Promise<Output> => {
    const output = await clock.busy(() => onLambda(connect, () => edge)(input, context));
    told.push(output);
    return output;
  };
}

/** A teardown whose numbers, with all of their names, are in the queue, and which a restore has taken over. */
async function queued() {
  const setting = await openSetting({ switches: { restoredNames: 'dropped' } });
  const { voiceConnectorId, e164s } = setting.chime.seedConnector({ numbers: 3, name: 'Trunk' });
  for (const e164 of e164s) setting.chime.state.rename(e164, { name: 'Desk', callingName: 'Acme' });
  const told: unknown[] = [];
  const call = caller(setting, told);
  const inspected = await call(inspectVoiceConnector, { request: { voiceConnectorId }, execution });
  if (inspected.verdict !== 'release') throw new Error('It is released.');
  const batch = { execution, voiceConnectorId, generation: inspected.generation, batch: 0, pace: 0 };
  await call(disassociatePhoneNumbers, batch);
  await call(queuePhoneNumbers, batch);
  await over(setting, execution.id);
  await setting.clock.sleep(5 * 60_000);
  const restorable = await call(inspectTeardown, { request: { voiceConnectorId }, execution: restore });
  if (restorable.verdict !== 'restore') throw new Error('It is restored.');
  return {
    setting,
    call,
    told,
    e164s,
    restorable: restorable as Restorable,
    batch: { ...batch, execution: restore },
  };
}

function expectSilence({ log }: Setting, told: readonly unknown[]): void {
  expect(log).not.toEqual([]);
  for (const text of [JSON.stringify(told), ...log]) expect(text).not.toMatch(/1?206555\d{4}/);
}
