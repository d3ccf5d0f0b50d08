/**
 * The current API, and the default: everything that the adapter (../chime.ts) takes from an SDK, and nothing else.
 * `./chime.ts` offers the same names from the older API; `package.json` ("imports", `#chime-api`) says which is used.
 */
export {
  BatchDeletePhoneNumberCommand,
  ChimeSDKVoiceClient as ChimeClient,
  DeleteVoiceConnectorCommand,
  DisassociatePhoneNumbersFromVoiceConnectorCommand,
  GetPhoneNumberCommand,
  GetVoiceConnectorCommand,
  ListPhoneNumbersCommand,
} from '@aws-sdk/client-chime-sdk-voice';

/** Numbers per page of ListPhoneNumbers: the API's own most (`ResultMax` of its model). */
export const pageSize = 100;
