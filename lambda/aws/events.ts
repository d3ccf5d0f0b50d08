/** The only file that puts events on the event bus. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Edge } from '../edge.ts';
import { ServiceError } from '../errors.ts';
import { noticeSource } from '../notice-types.ts';
import type { EventsPort } from '../ports.ts';
import { mapped } from './aws-error.ts';
import { clientSettings } from './client-settings.ts';

/** The client. */
export function connectEvents(edge: Edge): EventBridgeClient {
  return new EventBridgeClient(clientSettings(edge, edge.events));
}

/** PutEvents answers 200 also where it has not taken the event: then that is the error. */
export const publish =
  (client: EventBridgeClient): EventsPort['publish'] =>
  async ({ detailType, detail }) => {
    const entry = { Source: noticeSource, DetailType: detailType, Detail: JSON.stringify(detail) };
    const command = new PutEventsCommand({ Entries: [entry] });
    const { FailedEntryCount = 0, Entries } = await mapped(
      () => client.send(command),
      `announcing "${detailType}"`,
    );
    if (FailedEntryCount === 0) return;
    const { ErrorCode = 'ServiceFailure', ErrorMessage = 'no message' } = Entries?.[0] ?? {};
    throw new ServiceError(ErrorCode, `announcing "${detailType}": ${ErrorMessage}`);
  };
