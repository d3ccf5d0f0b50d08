/**
 * The current API, and the default: everything that the adapter (../chime) takes from an SDK, and nothing else.
 * `./chime.ts` offers the same names from the older API; `package.json` ("imports", `#chime-api`) says which is used.
 */
export {
  AssociatePhoneNumbersWithVoiceConnectorCommand,
  BatchDeletePhoneNumberCommand,
  BatchUpdatePhoneNumberCommand,
  ChimeSDKVoiceClient as ChimeClient,
  DeleteVoiceConnectorCommand,
  DisassociatePhoneNumbersFromVoiceConnectorCommand,
  GetPhoneNumberCommand,
  GetVoiceConnectorCommand,
  GetVoiceConnectorEmergencyCallingConfigurationCommand,
  GetVoiceConnectorExternalSystemsConfigurationCommand,
  GetVoiceConnectorGroupCommand,
  GetVoiceConnectorLoggingConfigurationCommand,
  GetVoiceConnectorOriginationCommand,
  GetVoiceConnectorProxyCommand,
  GetVoiceConnectorStreamingConfigurationCommand,
  GetVoiceConnectorTerminationCommand,
  ListPhoneNumbersCommand,
  ListSipRulesCommand,
  ListTagsForResourceCommand,
  ListVoiceConnectorGroupsCommand,
  ListVoiceConnectorTerminationCredentialsCommand,
  RestorePhoneNumberCommand,
  UpdateVoiceConnectorGroupCommand,
} from '@aws-sdk/client-chime-sdk-voice';

/** Items per page of a list: the API's own most (`ResultMax` of its model). */
export const pageSize = 100;
