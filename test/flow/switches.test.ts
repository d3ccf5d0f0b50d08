import { describe, expect, it } from '@jest/globals';
import { type ChimeSwitches, defaultSwitches, switchPositions } from '../../local/chime/switches.ts';
import {
  changingCalls,
  expectAllGone,
  furnish,
  restoreInWindow,
  serviceState,
  tearDown,
  worldWith,
} from './setting.ts';

type Names = keyof ChimeSwitches;
const names = Object.keys(switchPositions) as Names[];
const defaults = { name: 'every switch', position: 'the default', switches: defaultSwitches };
/** One switch moved at a time; its first position is the default. */
const singles = names.flatMap((name) =>
  switchPositions[name].slice(1).map((position) => ({
    name,
    position,
    switches: { ...defaultSwitches, [name]: position },
  })),
);

describe('Whatever the service turns out to do', () => {
  it.each([defaults, ...singles])(
    '($name: $position) a teardown comes to its end, also when replies get lost',
    async ({ switches }) => {
      const world = await worldWith(60, { switches, faults: { replyLost: 0.2, numberErrors: 0.05 } });

      const result = await tearDown(world);

      expect(result.output).toMatchObject({ outcome: 'deleted', phoneNumbers: 60 });
      await expectAllGone(world);
    },
  );

  it.each(pairwise().map((switches, row) => ({ row, switches })))(
    '(every pair of positions, row $row) it can be taken back in the window, and done again to its end',
    async ({ row, switches }) => {
      const world = await worldWith(12, {
        switches,
        seed: row,
        faults: { replyLost: 0.2, numberErrors: 0.05 },
      });
      furnish(world);
      const before = serviceState(world);

      const { restored } = await restoreInWindow(world);
      const after = serviceState(world);
      await world.clock.sleep(1_000);
      const deleted = await tearDown(world);

      expect(restored.output).toMatchObject({ outcome: 'restored', restored: 12 });
      expect(after).toEqual(before);
      expect(deleted.output).toMatchObject({ outcome: 'deleted', phoneNumbers: 12 });
      await expectAllGone(world);
    },
  );

  it.each(
    switchPositions.blockedDelete.flatMap((blockedDelete) =>
      switchPositions.errorHeader.map((errorHeader) => ({ blockedDelete, errorHeader })),
    ),
  )(
    'a delete blocked by a number that slipped in ($blockedDelete, header $errorHeader) waits until that is off again',
    async (switches) => {
      const world = await worldWith(3, { switches });
      const newcomer = '+12065559999';
      world.chime.hooks.beforeEffect = ({ operation }) => {
        if (operation !== 'DeleteVoiceConnector') return;
        world.chime.hooks.beforeEffect = undefined;
        world.chime.state.addNumber({ e164: newcomer, connectorId: world.voiceConnectorId });
        world.clock.outside(() =>
          world.clock.setTimeout(() => world.chime.state.disassociate(newcomer), 600_000),
        );
      };

      const { output } = await tearDown(world);

      expect(output).toMatchObject({ outcome: 'deleted' });
      expect(changingCalls(world).flatMap(({ target }) => target)).not.toContain(newcomer);
      expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 1, queued: 0 });
    },
  );

  it('is tried in every pair of positions', () => {
    const rows = pairwise();
    expect(names.length).toBeGreaterThan(2);
    for (const [a, b] of pairsOfNames()) {
      for (const first of switchPositions[a]) {
        for (const second of switchPositions[b]) {
          expect(rows.some((row) => row[a] === first && row[b] === second)).toBe(true);
        }
      }
    }
  });
});

function pairsOfNames(): [Names, Names][] {
  return names.flatMap((a, i) => names.slice(i + 1).map((b): [Names, Names] => [a, b]));
}

/** A small set of settings in which every two positions meet: greedily, one row after the other. */
function pairwise(): ChimeSwitches[] {
  const open = new Set<string>();
  const key = (a: Names, first: unknown, b: Names, second: unknown) => JSON.stringify([a, first, b, second]);
  for (const [a, b] of pairsOfNames()) {
    for (const first of switchPositions[a])
      for (const second of switchPositions[b]) open.add(key(a, first, b, second));
  }
  const rows: ChimeSwitches[] = [];
  while (open.size > 0) {
    const [a, first, b, second] = JSON.parse([...open][0] as string);
    const row: Record<string, unknown> = { [a]: first, [b]: second };
    for (const name of names) {
      if (name in row) continue;
      const gain = (position: unknown) =>
        Object.entries(row).filter(
          ([other, its]) =>
            open.has(key(other as Names, its, name, position)) ||
            open.has(key(name, position, other as Names, its)),
        ).length;
      row[name] = [...switchPositions[name]].sort((one, other) => gain(other) - gain(one))[0];
    }
    for (const [x, y] of pairsOfNames()) open.delete(key(x, row[x], y, row[y]));
    rows.push(row as unknown as ChimeSwitches);
  }
  return rows;
}
