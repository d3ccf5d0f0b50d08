/** The parts of a connector's configuration that a reply carries as they were set. */
export const configurationParts = [
  'termination',
  'origination',
  'streamingConfiguration',
  'emergencyCallingConfiguration',
  'loggingConfiguration',
  'proxy',
  'externalSystemsConfiguration',
] as const;
export type ConfigurationPart = (typeof configurationParts)[number];

/** What is set of a connector's configuration; each part is the JSON of its reply. */
export interface Configuration extends Readonly<Partial<Record<ConfigurationPart, object>>> {
  /** User names; passwords are never shown. */
  readonly terminationCredentials?: readonly string[];
}

/** Parts to set; `undefined` removes one, and what is left out stays. */
export type ConfigurationChange = { readonly [Part in keyof Configuration]: Configuration[Part] | undefined };

export function merge(configuration: Configuration, change: ConfigurationChange): Configuration {
  const parts = Object.entries({ ...configuration, ...change });
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
}
