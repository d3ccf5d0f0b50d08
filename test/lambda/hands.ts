import type { Account } from '../../local/chime/account.ts';

/** What somebody does to a number beside a run. */
export type Hand = (account: Account, e164: string) => void;

/** Takes it off its connector. */
export function freed(account: Account, e164: string): void {
  account.disassociate(e164);
}

/** Deletes it: it is in the deletion queue. */
export function queued(account: Account, e164: string): void {
  account.disassociate(e164);
  account.queue(e164);
}

/** Deletes it, and the service fails to release it. */
export function stuck(account: Account, e164: string): void {
  queued(account, e164);
  account.setStatus(e164, 'ReleaseFailed');
}

/** Gives it to another connector. */
export function given(account: Account, e164: string): void {
  account.associate(e164, account.addConnector().voiceConnectorId);
}

/** Has it purged: it is gone for good. */
export function purged(account: Account, e164: string): void {
  account.removeNumber(e164);
}
