import { describe, expect, it } from '@jest/globals';
import { connect } from '../../../lambda/close-teardown.ts';
import { onLambda } from '../../../lambda/edge.ts';
import type { Closed, Interrupted, Interruption } from '../../../lambda/journey.ts';
import { digitsOfANumber } from '../../lambda/setting.ts';
import { begin, execution, openSetting, type Setting, teardownOf } from '../../lambda/teardown-setting.ts';
import { inputsThatTellNothing, reasons } from './events.ts';

describe('An event about an execution that has ended changes nothing where the input of the execution is', () => {
  it.each(inputsThatTellNothing)('%s', async (_what, input) => {
    const { setting, voiceConnectorId } = await held();
    const items = await setting.ledger.items();

    const answer = await tell(setting, { status: 'ABORTED', input: about(voiceConnectorId, input) });

    expect(answer).toMatchObject({ outcome: 'interrupted', error: 'ABORTED' });
    expect(await setting.ledger.items()).toEqual(items);
    expect(setting.chime.requests).toEqual([]);
  });
});

describe('An execution that has ended leaves its teardown interrupted, in words that the ledger can hold, whatever it says', () => {
  it.each(reasons)('%s', async (_what, how, told) => {
    const { setting, voiceConnectorId } = await held();
    const input = JSON.stringify({ voiceConnectorId });

    const { cause = '', error = '' } = (await tell(setting, { ...how, input })) as {
      cause?: string;
      error?: string;
    };

    const teardown = await teardownOf(setting, voiceConnectorId);
    expect(teardown).toMatchObject({ phase: 'interrupted', cause, error });
    expect(teardown).not.toHaveProperty('holder');
    expect(cause).toContain(told);
    expect(error).not.toBe('');
    expect([cause.length <= 4_000, error.length <= 256]).toEqual([true, true]);
    expect(cause + error).not.toMatch(digitsOfANumber);
    expect(setting.chime.requests).toEqual([]);
  });
});

async function held() {
  const setting = await openSetting();
  return { setting, ...(await begin(setting, { numbers: 1, state: 'queued', phase: 'window' })) };
}

/** The input with the connector filled in. */
function about(voiceConnectorId: string, input: unknown): unknown {
  return typeof input === 'string' ? input.replaceAll('<connector>', voiceConnectorId) : input;
}

/** Tells Close teardown as the rule does: the detail of the event as it is. */
async function tell(
  { edge }: Setting,
  how: Readonly<Record<string, unknown>>,
): Promise<Closed['answer'] | Interrupted['answer']> {
  const detail = { executionArn: execution.id, stateMachineArn: execution.stateMachine, ...how };
  return (await onLambda(connect, () => edge)(detail as unknown as Interruption, {} as never)).answer;
}
