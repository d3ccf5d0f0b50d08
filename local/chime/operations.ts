/** The operations that local Chime answers, by AWS's name, and whether they change anything. */
const operations = {
  GetVoiceConnector: { changing: false },
  ListVoiceConnectors: { changing: false },
  DeleteVoiceConnector: { changing: true },
  AssociatePhoneNumbersWithVoiceConnector: { changing: true },
  DisassociatePhoneNumbersFromVoiceConnector: { changing: true },
  GetVoiceConnectorTermination: { changing: false },
  ListVoiceConnectorTerminationCredentials: { changing: false },
  GetVoiceConnectorOrigination: { changing: false },
  GetVoiceConnectorStreamingConfiguration: { changing: false },
  GetVoiceConnectorEmergencyCallingConfiguration: { changing: false },
  GetVoiceConnectorLoggingConfiguration: { changing: false },
  GetVoiceConnectorProxy: { changing: false },
  GetVoiceConnectorExternalSystemsConfiguration: { changing: false },
  ListTagsForResource: { changing: false },
  ListVoiceConnectorGroups: { changing: false },
  GetVoiceConnectorGroup: { changing: false },
  UpdateVoiceConnectorGroup: { changing: true },
  ListSipRules: { changing: false },
  GetPhoneNumber: { changing: false },
  ListPhoneNumbers: { changing: false },
  DeletePhoneNumber: { changing: true },
  BatchDeletePhoneNumber: { changing: true },
  RestorePhoneNumber: { changing: true },
  UpdatePhoneNumber: { changing: true },
  BatchUpdatePhoneNumber: { changing: true },
  /** A request that no route answers (also one with an empty id): 404, and nothing happens. */
  Unknown: { changing: false },
} as const;

export type Operation = keyof typeof operations;

export const operationNames = Object.keys(operations) as readonly Operation[];

/** Whether a successful call of this operation may leave the account different. */
export function isChanging(operation: Operation): boolean {
  return operations[operation].changing;
}
