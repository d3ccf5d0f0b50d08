import * as v from 'valibot';

/** What can be set when the app is deployed: CDK context, on the command line or in cdk.json. */
export interface Settings {
  /** Which API the functions call: the current one, or the older one for accounts that AWS still lets call it. */
  readonly chimeApi: 'chime-sdk-voice' | 'chime';
  /** How many numbers may be released without their count being stated in the request. */
  readonly maxPhoneNumbers: number;
  /** For how many days there must have been no calls, 1 to 14 (CloudWatch lists no older metrics); 0: not looked at. */
  readonly quietDays: number;
  /** Key of the tag that protects a connector, whatever its value. */
  readonly protectionTag: string;
  /** Whether a run must say which plan was approved. */
  readonly requireApprovedPlan: boolean;
  /** How many batches are released or restored at the same time, 1 to 40 (the most that an inline Map runs); a restore takes two out of the queue at least. */
  readonly batchConcurrency: number;
  /** For how many days the ledger keeps a teardown after its end, 0 to 3650; 0: for ever. Unfinished ones always stay. */
  readonly ledgerRetentionDays: number;
  /** Who is told by e-mail of notices and alarms; nobody where it is not set. */
  readonly notifyEmail?: string;
}

/** What holds where a setting is not given. */
export const defaultSettings: Settings = {
  chimeApi: 'chime-sdk-voice',
  maxPhoneNumbers: 1_000,
  quietDays: 14,
  protectionTag: 'teardown-protection',
  requireApprovedPlan: false,
  // No rate is published for these operations, and callers that know nothing of one another waste what they collide on.
  batchConcurrency: 1,
  ledgerRetentionDays: 365,
};

/** A whole number, as JSON (cdk.json) or as text (`--context key=value`). */
const wholeNumber = (least: number, most: number) => {
  const wanted = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))], wanted),
    v.safeInteger(wanted),
    v.minValue(least, wanted),
    v.maxValue(most, wanted),
  );
};

/** Yes or no, as JSON (cdk.json) or as text (`--context key=value`). */
const flag = v.pipe(
  v.union([v.boolean(), v.picklist(['true', 'false'])], 'must be true or false'),
  v.transform((value) => value === true || value === 'true'),
);

/** A tag's key as it can stand in an IAM condition; the prefix `aws:` belongs to AWS. */
const tagKey = v.pipe(
  v.string('must be the key of a tag'),
  v.regex(
    /^(?!aws:)[A-Za-z0-9_.:/=+@-]{1,128}$/i,
    'must be 1 to 128 letters, digits or _ . : / = + @ -, and not begin with "aws:"',
  ),
);

/** An address, not a check that mail arrives there: SNS asks the addressee to confirm. */
const emailAddress = v.pipe(
  v.string('must be an e-mail address'),
  v.maxLength(254, 'must be an e-mail address'),
  v.regex(/^[^\s@<>",;]+@[^\s@<>",;.]+(\.[^\s@<>",;.]+)+$/, 'must be an e-mail address'),
);

const schemas = {
  chimeApi: v.picklist(['chime-sdk-voice', 'chime'], 'must be "chime-sdk-voice" or "chime"'),
  maxPhoneNumbers: wholeNumber(0, 1_000_000),
  quietDays: wholeNumber(0, 14),
  protectionTag: tagKey,
  requireApprovedPlan: flag,
  batchConcurrency: wholeNumber(1, 40),
  ledgerRetentionDays: wholeNumber(0, 3_650),
  notifyEmail: emailAddress,
} satisfies Record<keyof Settings, v.GenericSchema<unknown>>;

/** What to do about a setting at fault, where it comes from CDK context. */
const correctContext = (key: string): string =>
  `correct it in cdk.json or on the command line (--context ${key}=…)`;

/**
 * Reads the settings; a key that is not set has its default.
 *
 * @param read what the context holds under a key, e.g. `(key) => app.node.tryGetContext(key)`
 * @param remedy what to do about a key at fault; by default, where context is set
 * @throws Error naming every key at fault, its value and the remedy
 */
export function readSettings(read: (key: string) => unknown, remedy = correctContext): Settings {
  const faults: string[] = [];
  const one = <K extends keyof Settings>(key: K): unknown => {
    const value = read(key);
    if (value === undefined || value === null) return defaultSettings[key];
    const result = v.safeParse(schemas[key] as v.GenericSchema<unknown>, value);
    if (result.success) return result.output;
    const wanted = result.issues[0]?.message;
    faults.push(`${key} ${wanted}, not ${JSON.stringify(value)}: ${remedy(key)}`);
    return undefined;
  };
  const keys = Object.keys(schemas) as (keyof Settings)[];
  const settings = keys.map((key) => [key, one(key)] as const).filter(([, value]) => value !== undefined);
  if (faults.length > 0) throw new Error(`Settings: ${faults.join('; ')}.`);
  return Object.fromEntries(settings) as unknown as Settings;
}
