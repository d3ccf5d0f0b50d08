import { describe, expect, it } from '@jest/globals';
import { numberKey } from '../../lambda/chime/number-key.ts';
import { firstSurvey } from '../../lambda/inspection/first-survey.ts';
import type { Batch } from '../../lambda/ledger/teardown.ts';
import { fingerprintOf } from '../../lambda/plan.ts';
import type { NumberView } from '../../lambda/ports.ts';
import { at } from './setting.ts';

const here = [{ name: 'VoiceConnectorId', value: 'abc' }];

describe('The first survey of a connector', () => {
  it('hands each batch on as soon as it is full, and keeps none', async () => {
    const events: string[] = [];
    const { e164s, pages } = numbersIn(1_201, (page) => events.push(`page ${page}`));
    const { kept, found } = await look(pages, ({ index }) => events.push(`batch ${index}`));

    expect(kept.map(({ index, numbers }) => [index, numbers.length])).toEqual([
      [0, 500],
      [1, 500],
      [2, 201],
    ]);
    expect(events.indexOf('batch 0')).toBeLessThan(events.indexOf('page 6'));
    expect(found).toMatchObject({
      phoneNumbers: 1_201,
      putBack: 0,
      warnings: [],
      batches: [],
      batchesToRelease: 3,
    });
    expect(found.fingerprint).toBe(fingerprintOf('abc', e164s));
    expect(found.work.map(({ disassociate, queue }) => [disassociate, queue])).toEqual([
      [500, 500],
      [500, 500],
      [201, 201],
    ]);
  });

  it('hands on nothing where there is nothing', async () => {
    const { kept, found } = await look(numbersIn(0).pages);
    expect([kept, found.phoneNumbers, found.batchesToRelease]).toEqual([[], 0, 0]);
  });

  it('counts a number once that comes twice, as the list shifts', async () => {
    const [one, two] = [view('+12065550100'), view('+12065550101')];
    const { kept, found } = await look(
      pagesOf([
        [one, two],
        [two, one],
      ]),
    );
    expect(found.phoneNumbers).toBe(2);
    expect(kept.flatMap(({ numbers }) => numbers.map(({ e164 }) => e164))).toEqual([one.e164, two.e164]);
  });

  it('reads a number of which the list does not say that it is on the connector, and leaves it out if it is not', async () => {
    const [stays, goes] = [view('+12065550100'), view('+12065550101')];
    const listed = [stays, goes].map((each) => ({ ...each, associations: [] }));
    const read: string[] = [];
    const getNumber = async ({ e164 }: { e164: string }) => {
      read.push(e164);
      return e164 === stays.e164 ? stays : { ...goes, associations: [] };
    };
    const { kept, found } = await look(pagesOf([listed]), undefined, getNumber);
    expect(read).toEqual([stays.e164, goes.e164]);
    expect(found.phoneNumbers).toBe(1);
    expect(at(kept, 0).numbers).toEqual([{ id: stays.id, e164: stays.e164, state: 'attached' }]);
  });

  it('keeps the names of numbers, and knows its numbers in every form', async () => {
    const named = { ...view('+12065550100'), name: 'Desk', callingName: 'ACME' };
    const { kept, found } = await look(pagesOf([[named]]));
    expect(at(kept, 0).numbers).toMatchObject([{ name: 'Desk', callingName: 'ACME' }]);
    expect(['+12065550100', '%2B12065550100', '+12065550101'].map(found.has)).toEqual([true, true, false]);
  });

  it('counts the numbers that the service is still busy with, by status', async () => {
    const statuses = ['Assigned', 'PortinInProgress', 'AcquireInProgress', 'PortinInProgress'];
    const page = statuses.map((status, i) => ({ ...view(`+1206555010${i}`), status }));
    const { found } = await look(pagesOf([page]));
    expect([...found.inFlight]).toEqual([
      ['PortinInProgress', 2],
      ['AcquireInProgress', 1],
    ]);
  });
});

function view(e164: string): NumberView {
  return { id: e164.slice(1), e164, key: numberKey(e164), status: 'Assigned', associations: here };
}

function numbersIn(count: number, onPage: (page: number) => void = () => undefined) {
  const e164s = Array.from({ length: count }, (_, i) => `+1206${String(5_550_100 + i)}`);
  async function* pages() {
    for (let first = 0; first < count; first += 100) {
      onPage(first / 100);
      yield e164s.slice(first, first + 100).map(view);
    }
  }
  return { e164s, pages: pages() };
}

async function* pagesOf(pages: readonly (readonly NumberView[])[]) {
  yield* pages;
}

async function look(
  pages: AsyncIterable<readonly NumberView[]>,
  onBatch: (batch: Batch) => void = () => undefined,
  getNumber: (number: { e164: string }) => Promise<NumberView | undefined> = async () => undefined,
) {
  const kept: Batch[] = [];
  const found = await firstSurvey({ getNumber }, 'abc', pages, async (batch) => {
    onBatch(batch);
    kept.push(batch);
  });
  return { kept, found };
}
