import * as v from 'valibot';

/** What can be set when the app is deployed: CDK context, on the command line or in cdk.json. */
export interface Settings {
  /** Which API the functions call: the current one, or the older one for accounts that AWS still lets call it. */
  readonly chimeApi: 'chime-sdk-voice' | 'chime';
  /** How many numbers may be released without their count being stated in the request. */
  readonly maxPhoneNumbers: number;
  /** How many batches are released at the same time, 1 to 40 (the most that an inline Map runs). */
  readonly batchConcurrency: number;
}

export const defaultSettings: Settings = {
  chimeApi: 'chime-sdk-voice',
  maxPhoneNumbers: 1_000,
  // No rate is published for these operations: two callers at a time are gentle, and as quick as most limits allow.
  batchConcurrency: 2,
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

const schemas = {
  chimeApi: v.picklist(['chime-sdk-voice', 'chime'], 'must be "chime-sdk-voice" or "chime"'),
  maxPhoneNumbers: wholeNumber(0, 1_000_000),
  batchConcurrency: wholeNumber(1, 40),
} satisfies Record<keyof Settings, v.GenericSchema<unknown>>;

/**
 * Reads the settings; a key that is not set has its default.
 *
 * @param read what the context holds under a key, e.g. `(key) => app.node.tryGetContext(key)`
 * @throws Error naming every key at fault, its value and the remedy
 */
export function readSettings(read: (key: string) => unknown): Settings {
  const faults: string[] = [];
  const one = <K extends keyof Settings>(key: K): unknown => {
    const value = read(key);
    if (value === undefined || value === null) return defaultSettings[key];
    const result = v.safeParse(schemas[key] as v.GenericSchema<unknown>, value);
    if (result.success) return result.output;
    const wanted = result.issues[0]?.message;
    faults.push(
      `${key} ${wanted}, not ${JSON.stringify(value)}: correct it in cdk.json or on the command line (--context ${key}=…)`,
    );
    return undefined;
  };
  const settings = {
    chimeApi: one('chimeApi'),
    maxPhoneNumbers: one('maxPhoneNumbers'),
    batchConcurrency: one('batchConcurrency'),
  };
  if (faults.length > 0) throw new Error(`Settings: ${faults.join('; ')}.`);
  return settings as Settings;
}
