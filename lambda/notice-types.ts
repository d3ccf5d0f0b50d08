/** The names that the notices have on the event bus: what rules match, and the workflows announce. */

/** The `source` of every notice, and of the requests that the app's rules listen for. */
export const noticeSource = 'voice-connector-teardown';

/** The `detail-type` of each notice. */
export const noticeTypes = [
  'Teardown Refused',
  'Teardown Window Opened',
  'Teardown Last Day',
  'Teardown Completed',
  'Teardown Failed',
  'Teardown Interrupted',
  'Connector Restored',
] as const;
/** One of them. */
export type NoticeType = (typeof noticeTypes)[number];
