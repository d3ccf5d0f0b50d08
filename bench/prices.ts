/**
 * What AWS asks for the parts that a teardown uses, and what that comes to. List prices of us-east-1 as of November 2026,
 * without free tiers; to be checked on the pricing pages before anybody quotes them.
 */

interface Price {
  readonly usDollars: number;
  /** Of how many units that is the price. */
  readonly per: number;
  readonly of: string;
  readonly source: string;
}

export const prices = {
  transitions: {
    usDollars: 0.025,
    per: 1_000,
    of: 'state transitions of a Step Functions Standard workflow, retries among them',
    source: 'https://aws.amazon.com/step-functions/pricing/',
  },
  invocations: {
    usDollars: 0.2,
    per: 1_000_000,
    of: 'requests to Lambda',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  gbSeconds: {
    usDollars: 0.0000133334,
    per: 1,
    of: 'GB-second of Lambda on arm64',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  writeUnits: {
    usDollars: 0.625,
    per: 1_000_000,
    of: 'write request units of DynamoDB, on demand',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  readUnits: {
    usDollars: 0.125,
    per: 1_000_000,
    of: 'read request units of DynamoDB, on demand',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  events: {
    usDollars: 1,
    per: 1_000_000,
    of: 'custom events on an EventBridge bus',
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
} as const satisfies Record<string, Price>;

/** A local number in the United States, a month, in dollars. */
export const numberAMonth: Price = {
  usDollars: 1,
  per: 1,
  of: 'local number in the United States, a month',
  source: 'https://aws.amazon.com/chime/chime-sdk/pricing/',
};

/** How much of each is used. */
export type Usage = Readonly<Record<keyof typeof prices, number>>;

export const nothingUsed: Usage = {
  transitions: 0,
  invocations: 0,
  gbSeconds: 0,
  writeUnits: 0,
  readUnits: 0,
  events: 0,
};

/** Each part times its price, added up, in dollars. */
export function costOf(usage: Usage): number {
  return (Object.keys(prices) as (keyof Usage)[])
    .map((part) => (usage[part] / prices[part].per) * prices[part].usDollars)
    .reduce((sum, dollars) => sum + dollars, 0);
}

/** Memory of each function, in GB (`lib/step-function.ts`). */
const memoryGb = 0.5;

/** What a function uses that runs for `ms`: Lambda counts whole milliseconds. */
export function gbSecondsOf(ms: number): number {
  return (Math.ceil(ms) / 1_000) * memoryGb;
}

/** What a function by itself uses that works for `ms`, called anew every quarter of an hour: it may not last longer. */
export function oneFunction(ms: number): Usage {
  const invocations = Math.max(1, Math.ceil(ms / (15 * 60_000)));
  return { ...nothingUsed, invocations, gbSeconds: gbSecondsOf(ms) };
}
