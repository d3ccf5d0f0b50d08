const E164 = /^\+?[1-9]\d{1,14}$/;

/** Whether the text fits AWS's pattern for `E164PhoneNumber` (the `+` may be missing; `%2B…` does not fit). */
export function isE164(text: string): boolean {
  return E164.test(text);
}

/** The E.164 number that a `PhoneNumberId` stands for, in whichever form it is written; undefined if it is none. */
export function e164Of(phoneNumberId: string): string | undefined {
  const plain = phoneNumberId.replace(/^%2B/i, '+');
  if (!isE164(plain)) return undefined;
  return plain.startsWith('+') ? plain : `+${plain}`;
}
