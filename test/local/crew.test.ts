import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { carryOut } from '../../local/crew.ts';

const directory = mkdtempSync(join(tmpdir(), 'teardown-crew-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('Each order is answered once, by processes that are replaced after so many orders', async () => {
  const answers = new Map<number, Answer>();
  await carryOut<number, Answer>([1, 2, 3, 4, 5], {
    ...{ worker: doubling(), ordersPerProcess: 2, processes: 1 },
    onAnswer: (order, answer) => {
      answers.set(order, answer);
      return true;
    },
  });

  expect([...answers].map(([order, { twice }]) => [order, twice])).toEqual([
    [1, 2],
    [2, 4],
    [3, 6],
    [4, 8],
    [5, 10],
  ]);
  expect(new Set([...answers.values()].map(({ process }) => process)).size).toBe(3);
});

test('No more orders are handed out once an answer was enough', async () => {
  const asked: number[] = [];
  await carryOut<number, Answer>([1, 2, 3], {
    ...{ worker: doubling(), ordersPerProcess: 9, processes: 1 },
    onAnswer: (order) => {
      asked.push(order);
      return order < 2;
    },
  });

  expect(asked).toEqual([1, 2]);
});

test('A process that dies over an order is an error that names the order', async () => {
  const worker = workerOf('process.on("message", () => process.exit(3));');
  const options = { worker, ordersPerProcess: 9, processes: 1, onAnswer: () => true };

  await expect(carryOut([{ seed: 7 }], options)).rejects.toThrow('A process ended with 3 over {"seed":7}.');
});

interface Answer {
  readonly twice: number;
  /** Its id. */
  readonly process: number;
}

function doubling(): URL {
  return workerOf(
    'process.on("message", (order) => process.send({ twice: 2 * order, process: process.pid }));',
  );
}

function workerOf(code: string): URL {
  const path = join(mkdtempSync(join(directory, 'worker-')), 'worker.mjs');
  writeFileSync(path, code);
  return pathToFileURL(path);
}
