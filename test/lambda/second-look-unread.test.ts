import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/delete-voice-connector.ts';
import type { ScriptableFault } from '../../local/chime/faults.ts';
import { errorOf, run } from './setting.ts';
import { begin, openSetting } from './teardown-setting.ts';

describe('The numbers of a connector that is about to be deleted', () => {
  it.each<[ScriptableFault, string]>([
    ['throttle', 'ThrottledClientException'],
    [{ status: 403, code: 'Forbidden', message: 'No.' }, 'ForbiddenException'],
  ])('are not taken for none where they cannot be listed (%j)', async (fault, name) => {
    const { setting, remove } = await open(fault);
    expect((await errorOf(remove())).name).toBe(name);
    expect(setting.chime.calls().DeleteVoiceConnector).toBe(0);
    expect(setting.chime.remaining().connectors).toBe(1);
  });
});

/** A connector that is about to be deleted, with a fault at each listing of numbers. */
async function open(fault: ScriptableFault) {
  const setting = await openSetting();
  const begun = await begin(setting, { numbers: 0 });
  const script = Array.from({ length: 10 }, (_, i) => ({
    ...{ operation: 'ListPhoneNumbers' as const, nth: i + 1, fault },
  }));
  setting.chime.faults.set({ script });
  return { setting, remove: () => run(setting, connect, begun.inspected) };
}
