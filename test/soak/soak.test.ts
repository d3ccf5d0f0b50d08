import { describe, expect, it } from '@jest/globals';
import { switchPositions } from '../../local/chime/switches.ts';
import { calmDay, type Day, type Place } from '../../soak/day.ts';
import { dayOf } from '../../soak/draw-day.ts';
import { play } from '../../soak/play.ts';
import { allPlaces, roadTo } from '../../soak/road.ts';

const name = ({ machine, state }: Place): string => `${machine}: ${state}`;

describe('A day of the soak', () => {
  it('is the same for the same seed and run, and another for others', () => {
    expect(dayOf(1, 7)).toEqual(dayOf(1, 7));
    expect(dayOf(1, 8)).not.toEqual(dayOf(1, 7));
    expect(dayOf(2, 7)).not.toEqual(dayOf(1, 7));
  });

  it('meets every pair of positions of the switches, within 2,000 days', () => {
    const days = Array.from({ length: 2_000 }, (_, run) => Object.entries(dayOf(1, run).switches));
    const pairs = (positions: readonly [string, unknown][]) =>
      positions.flatMap((a, i) => positions.slice(i + 1).map((b) => JSON.stringify([a, b])));
    const met = new Set(days.flatMap(pairs));
    const all = Object.entries(switchPositions);
    const expected = all.flatMap(([a, ofA], i) =>
      all.slice(i + 1).flatMap(([b, ofB]) =>
        ofA.flatMap((x) =>
          ofB.map((y) =>
            JSON.stringify([
              [a, x],
              [b, y],
            ]),
          ),
        ),
      ),
    );
    expect(expected.filter((pair) => !met.has(pair))).toEqual([]);
  });

  it('comes out the same every time', async () => {
    const day: Day = {
      ...calmDay,
      odds: { replyLost: 0.2, numberErrors: 0.2, ledgerThrottle: 0.1 },
      mishaps: [{ at: { effect: 9, side: 'after' }, what: { kind: 'die' } }],
    };
    const first = await play(day, 'same');
    expect(first.faults.replyLost).toBeGreaterThan(0);
    expect(await play(day, 'same')).toEqual(first);
  });
});

describe('An execution that is stopped', () => {
  it.each(allPlaces.map((place) => ({ place, where: name(place) })))(
    'in "$where" leaves nothing that the operator cannot finish',
    async ({ place, where }) => {
      const { mishaps, ...road } = roadTo(place);
      const day: Day = {
        ...calmDay,
        ...road,
        switches: { ...calmDay.switches, ...road.switches },
        mishaps: [...mishaps, { at: { ...place, nth: 1 }, what: { kind: 'stop' } }],
      };

      const { violations, interrupted } = await play(day, 'stopped');

      expect(interrupted[where]).toBe(1);
      expect(violations).toEqual([]);
    },
  );
});

describe('The first days of the soak', () => {
  it.each(Array.from({ length: 10 }, (_, run) => ({ run })))(
    'come to a good end (npm run soak -- --seed 5 --run $run)',
    async ({ run }) => {
      const day = dayOf(5, run);
      expect((await play(day, `5/${run}`)).violations).toEqual([]);
    },
  );
});
