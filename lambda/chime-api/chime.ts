/**
 * The older API, for accounts that AWS still lets call it (setting `chimeApi: "chime"`): the same names as
 * `./chime-sdk-voice.ts`, picked by the import condition `chime` when the functions are bundled.
 */
export {
  AssociatePhoneNumbersWithVoiceConnectorCommand,
  BatchDeletePhoneNumberCommand,
  BatchUpdatePhoneNumberCommand,
  ChimeClient,
  DeleteVoiceConnectorCommand,
  DisassociatePhoneNumbersFromVoiceConnectorCommand,
  GetPhoneNumberCommand,
  GetVoiceConnectorCommand,
  GetVoiceConnectorEmergencyCallingConfigurationCommand,
  GetVoiceConnectorGroupCommand,
  GetVoiceConnectorLoggingConfigurationCommand,
  GetVoiceConnectorOriginationCommand,
  GetVoiceConnectorProxyCommand,
  GetVoiceConnectorStreamingConfigurationCommand,
  GetVoiceConnectorTerminationCommand,
  ListPhoneNumbersCommand,
  ListSipRulesCommand,
  ListVoiceConnectorGroupsCommand,
  ListVoiceConnectorTerminationCredentialsCommand,
  RestorePhoneNumberCommand,
  UpdateVoiceConnectorGroupCommand,
} from '@aws-sdk/client-chime';

/** What the older API does not have: tags of connectors, and what a connector of Amazon Connect is integrated with. */
export const ListTagsForResourceCommand = undefined;
export const GetVoiceConnectorExternalSystemsConfigurationCommand = undefined;

/** Items per page of a list: the older API takes one fewer than the current one. */
export const pageSize = 99;
