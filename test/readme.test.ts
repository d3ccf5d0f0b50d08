import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Blocker } from '../lambda/plan.ts';
import { type Played, restore, tearDown, worldWith } from './flow/setting.ts';
import { plannedTrunk, situations } from './flow/situations.ts';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');

describe('The README shows', () => {
  it('the plan that a dry run answers', async () => {
    const world = await worldWith(3);
    plannedTrunk(world);

    const { output } = await tearDown(world, { dryRun: true });

    expect(JSON.parse(blockAfter('answers, for a connector with three numbers,'))).toEqual(output);
  });

  it('what each refusal of a teardown says', async () => {
    const said: string[] = [];
    for (const { code, numbers, options = {}, request, build } of situations) {
      const world = await worldWith(numbers, options);
      await build?.(world);
      const blockers = await blockersOf(world, request);
      said.push(...blockers.filter((each) => each.code === code).map(inOneLine));
    }
    const connect = await worldWith(0);
    const { voiceConnectorId } = connect.chime.seedConnector({
      numbers: 3,
      integrationType: 'CONNECT_CALL_TRANSFER_CONNECTOR',
    });
    said.push(...(await blockersOf(connect, { voiceConnectorId })).map(inOneLine));
    const untouched = await worldWith(3);
    said.push(await refusalOfRestore(untouched, untouched.voiceConnectorId));
    const finished = await worldWith(3);
    await tearDown(finished);
    said.push(await refusalOfRestore(finished, finished.voiceConnectorId));

    expect(blockAfter('what each of them says').split('\n').sort()).toEqual([...new Set(said)].sort());
  });

  it('what a restore answers', async () => {
    const world = await worldWith(3);
    let restoring: ReturnType<typeof restore> | undefined;
    const run = world.start(
      { voiceConnectorId: world.voiceConnectorId },
      {
        onEvent: ({ type, state }) => {
          if (type === 'StateEntered' && state?.name === 'Wait until the last day')
            queueMicrotask(() => {
              restoring = restore(world);
            });
        },
      },
    );
    await run.result;

    expect(JSON.parse(blockAfter('A restore that brought everything back answers'))).toEqual(
      (await restoring)?.output,
    );
  });
});

/** The blockers as a plan tells them, of a run that is asked for by `request`. */
async function blockersOf(world: Played, request: Record<string, unknown> = {}): Promise<Blocker[]> {
  const { output, history } = await tearDown(world, { ...request, dryRun: true });
  const refusal = history.find(
    ({ type, state }) => type === 'StateExited' && state?.name === 'Inspect voice connector',
  )?.state?.output as { blockers?: Blocker[] } | undefined;
  return (output as { plan: { blockers: Blocker[] } } | undefined)?.plan.blockers ?? refusal?.blockers ?? [];
}

async function refusalOfRestore(world: Played, voiceConnectorId: string): Promise<string> {
  const { cause } = await restore(world, { voiceConnectorId });
  return String(cause);
}

/** An execution has another name each time. */
function inOneLine({ code, message, wayOut }: Blocker): string {
  return `${code}: ${message} ${wayOut}`.replace(/(:execution:\w+):[0-9a-f-]{36}/g, '$1:…');
}

/** The code block that follows a sentence. */
function blockAfter(sentence: string): string {
  const at = readme.indexOf(sentence);
  if (at < 0) throw new Error(`The README does not say "${sentence}".`);
  const [, block] = /```\w+\n([\s\S]*?)\n```/.exec(readme.slice(at)) ?? [];
  if (block === undefined) throw new Error(`No block of code follows "${sentence}".`);
  return block;
}
