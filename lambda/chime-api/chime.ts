/**
 * The older API, for accounts that AWS still lets call it (setting `chimeApi: "chime"`): the same names as
 * `./chime-sdk-voice.ts`, picked by the import condition `chime` when the functions are bundled.
 */
export {
  BatchDeletePhoneNumberCommand,
  ChimeClient,
  DeleteVoiceConnectorCommand,
  DisassociatePhoneNumbersFromVoiceConnectorCommand,
  GetPhoneNumberCommand,
  GetVoiceConnectorCommand,
  ListPhoneNumbersCommand,
} from '@aws-sdk/client-chime';

/** Numbers per page of ListPhoneNumbers: the older API takes one fewer than the current one. */
export const pageSize = 99;
