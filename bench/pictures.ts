/** The pictures of the page: how time and cost grow with the numbers. */
import type { Contender } from './case.ts';
import type { Measured } from './measured.ts';
import { lineChart, type Series } from './plot.ts';
import { numberAMonth } from './prices.ts';
import { rate } from './words.ts';

type Value = (one: Measured) => number | null;

const xLabel = 'phone numbers of the connector';

/** Seconds until everything was queued; who never came so far has no point. */
export function timePicture(all: readonly Measured[]): string {
  const value: Value = ({ secondsUntilQueued }) => secondsUntilQueued;
  return lineChart({
    title: 'Until every number is in the deletion queue',
    xLabel,
    series: [
      ...lines(all, value, ['script', 'construct', 'ours', 'floor'], null),
      ...lines(all, value, ['ours', 'floor'], 2),
    ],
    yTick: secondsTick,
  });
}

/** Dollars of one teardown, beside what its numbers cost in a month. */
export function costPicture(all: readonly Measured[]): string {
  const finished: Value = ({ costDollars, isFinished }) => (isFinished ? costDollars : null);
  const sizes = [...new Set(all.map(({ numbers }) => numbers))];
  return lineChart({
    title: 'What a teardown costs, and what its numbers cost a month',
    xLabel,
    series: [
      {
        name: 'the numbers, a month',
        look: 'numbers',
        points: sizes.map((numbers) => [numbers, numbers * numberAMonth.usDollars]),
      },
      ...lines(all, finished, ['ours'], 2),
      ...lines(all, finished, ['ours', 'script', 'floor'], null),
    ],
    yTick: dollarsTick,
  });
}

function lines(
  all: readonly Measured[],
  value: Value,
  who: readonly Contender[],
  perSecond: number | null,
): Series[] {
  return who
    .map((contender): Series => {
      const points = all
        .filter((one) => one.contender === contender && one.perSecond === perSecond)
        .flatMap((one): (readonly [number, number])[] => {
          const y = value(one);
          return y === null ? [] : [[one.numbers, y]];
        });
      return {
        name: `${contender}, ${rate(perSecond)}`,
        look: contender,
        isDashed: perSecond !== null,
        points,
      };
    })
    .filter(({ points }) => points.length > 0);
}

function dollarsTick(dollars: number): string {
  return `$${dollars.toLocaleString('en-US', { maximumFractionDigits: 9 })}`;
}

function secondsTick(seconds: number): string {
  return `${seconds.toLocaleString('en-US')} s`;
}
