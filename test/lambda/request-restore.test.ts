import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/request-restore.ts';
import { textOf } from './board-setting.ts';
import { changes, digitsOfANumber } from './setting.ts';
import { openSetting, restoreMachine, type Setting } from './teardown-setting.ts';

const widgetContext = { dashboardName: 'Retirement', accountId: '111122223333', theme: 'dark' };

describe('The restore that the board asks for', () => {
  it('is started: exactly that machine, for exactly that connector', async () => {
    const setting = await openSetting();
    const page = await press(setting, { voiceConnectorId: 'abc-1', widgetContext });
    expect(started(setting)).toEqual([
      [restoreMachine, { voiceConnectorId: 'abc-1', requestedBy: 'teardown board, account 111122223333' }],
    ]);
    const [{ name } = { name: '' }] = setting.states.started;
    const arn = `${restoreMachine.replace(':stateMachine:', ':execution:')}:${name}`;
    expect(textOf(page)).toContain(`The restore of abc-1 has been started: ${arn}.`);
  });

  it('touches nothing else: neither the account nor the ledger', async () => {
    const setting = await openSetting();
    await press(setting, { voiceConnectorId: 'abc-1', widgetContext });
    expect(setting.wire.calls).toEqual([]);
    expect(setting.chime.requests).toEqual([]);
    expect(changes(setting.chime)).toEqual([]);
  });

  it('has a name of its own each time, so that only a call that is sent again starts nothing anew', async () => {
    const setting = await openSetting();
    await press(setting, { voiceConnectorId: 'abc-1' });
    await press(setting, { voiceConnectorId: 'abc-1' });
    const names = setting.states.started.map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^board-[0-9a-f-]{36}$/);
  });

  it.each([
    [undefined],
    [null],
    [{ accountId: 111122223333 }],
    [{ accountId: '<b>' }],
    [{ accountId: '1111222233334' }],
  ])('is asked for by the board, where the account is not one: %j', async (context) => {
    const setting = await openSetting();
    await press(setting, { voiceConnectorId: 'abc-1', widgetContext: context });
    expect(started(setting)).toEqual([
      [restoreMachine, { voiceConnectorId: 'abc-1', requestedBy: 'teardown board' }],
    ]);
  });
});

describe('The answer', () => {
  it('looks like what came of it: good news, or bad', async () => {
    const setting = await openSetting();
    expect(await press(setting, { voiceConnectorId: 'abc-1' })).toContain('class="notice good"');
    expect(await press(setting, {})).toContain('class="notice bad"');
    await setting.states.close();
    expect(await press(setting, { voiceConnectorId: 'abc-1' })).toContain('class="notice bad"');
  });
});

describe('Nothing is started', () => {
  it.each([
    [''],
    ['a'.repeat(129)],
    ['abc_1'],
    ['abc 1'],
    ['abc-1\n'],
    ['<script>'],
    ['+12065550100'],
    [12],
    [null],
    [['abc-1']],
    [{ id: 'abc-1' }],
    [undefined],
  ])('for an id that cannot be one: %j', async (voiceConnectorId) => {
    const setting = await openSetting();
    const page = await press(setting, { voiceConnectorId, widgetContext });
    expect(textOf(page)).toBe(
      'Nothing was started: the request must be one voiceConnectorId, 1 to 128 letters, digits or hyphens.',
    );
    expect(page).not.toMatch(digitsOfANumber);
    expect(setting.states.started).toEqual([]);
  });

  it.each([[null], [undefined], ['abc-1'], [['abc-1']], [{}], [7]])(
    'for an event that is no request: %j',
    async (event) => {
      const setting = await openSetting();
      expect(textOf(await press(setting, event))).toContain('Nothing was started');
      expect(setting.states.started).toEqual([]);
    },
  );

  it.each([
    [{ stateMachineArn: 'arn:aws:states:us-east-1:111122223333:stateMachine:Teardown' }],
    [{ requestedBy: 'somebody' }],
    [{ dryRun: false }],
    [{ describe: true }],
    [{ '<script>': 1 }],
  ])('where the event asks for anything else: %j', async (more) => {
    const setting = await openSetting();
    const page = await press(setting, { voiceConnectorId: 'abc-1', ...more });
    expect(textOf(page)).toContain('Nothing was started');
    expect(page).not.toContain('<script>');
    expect(setting.states.started).toEqual([]);
  });

  it('where Step Functions does not take it, which is a sentence with the way out', async () => {
    const setting = await openSetting();
    await setting.states.close();
    const page = await press(setting, { voiceConnectorId: 'abc-1' });
    expect(textOf(page)).toMatch(
      /^The restore of abc-1 was not started \(ServiceUnreachable\)\. Try again, or start its state machine/,
    );
  });
});

function press({ clock, edge }: Setting, event: unknown): Promise<string> {
  return clock.busy(() => connect(edge)(event));
}

/** The machines that were started, each with its input. */
function started({ states }: Setting): [string, unknown][] {
  return states.started.map(({ stateMachineArn, input }) => [stateMachineArn, JSON.parse(input)]);
}
