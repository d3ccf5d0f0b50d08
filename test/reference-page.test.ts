import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Blocker, WarningCode } from '../lambda/plan.ts';
import { type Played, restore, restoreInWindow, stopIn, tearDown, worldWith } from './flow/setting.ts';
import { situations } from './flow/situations.ts';
import { blocksOf } from './lib/page-commands.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/reference.md', import.meta.url)), 'utf8');

/** Every warning; one that is missing here does not compile. */
const warnings: Record<WarningCode, true> = {
  ...{
    CallsStop: true,
    NoWindow: true,
    PortOutUnseen: true,
    EmergencyCalling: true,
    DefaultCallingNumber: true,
  },
  ...{ CredentialsGo: true, StreamingGoes: true, LeavesGroups: true, CallsOverridden: true, Unchecked: true },
  ...{ Unreadable: true, Reclaimed: true, OffConnector: true },
};

describe('The reference shows', () => {
  it('what each refusal says', async () => {
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
    said.push(await refusalOfRestore(await worldWith(3)));
    const finished = await worldWith(3);
    await tearDown(finished);
    said.push(await refusalOfRestore(finished));

    const shown = blocksOf(section('## Refusals, word for word'), 'text')[0]?.trimEnd().split('\n');
    expect(shown?.sort()).toEqual([...new Set(said)].sort());
  });

  it('what a restore answers', async () => {
    const world = await worldWith(3);

    const { restored } = await restoreInWindow(world);

    const [shown = ''] = blocksOf(section('## What a run answers'), 'json');
    expect(JSON.parse(shown)).toEqual(restored.output);
  });

  it('how a teardown stands, field by field', async () => {
    const world = await worldWith(3);
    await stopIn(world, 'Wait until the last day');

    const { output } = await tearDown(world, { dryRun: true });

    const { teardown: status } = output as { teardown: object };
    const [, told = ''] = /it adds `teardown`: ([\s\S]*?)\.\n/.exec(section('## What a run answers')) ?? [];
    const fields = [...told.matchAll(/`(\w+)`/g)].map(([, field]) => field);
    expect(fields.sort()).toEqual(Object.keys(status).sort());
  });

  it('every warning', () => {
    const codes = [...section('## Warnings').matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);
    expect(codes.sort()).toEqual(Object.keys(warnings).sort());
  });
});

/** What stands under a heading, up to the next one. */
function section(heading: string): string {
  const [, text] = page.split(`${heading}\n`);
  if (text === undefined) throw new Error(`The page has no heading "${heading}".`);
  return text.split(/^## /m)[0] ?? '';
}

/** The blockers as a plan tells them, of a run that is asked for by `request`. */
async function blockersOf(world: Played, request: Record<string, unknown> = {}): Promise<Blocker[]> {
  const { output, history } = await tearDown(world, { ...request, dryRun: true });
  const refusal = history.find(
    ({ type, state }) => type === 'StateExited' && state?.name === 'Inspect voice connector',
  )?.state?.output as { blockers?: Blocker[] } | undefined;
  return (output as { plan: { blockers: Blocker[] } } | undefined)?.plan.blockers ?? refusal?.blockers ?? [];
}

async function refusalOfRestore(world: Played): Promise<string> {
  const { cause } = await restore(world);
  return String(cause);
}

/** An execution has another name each time. */
function inOneLine({ code, message, wayOut }: Blocker): string {
  return `${code}: ${message} ${wayOut}`.replace(/(:execution:\w+):[0-9a-f-]{36}/g, '$1:…');
}
