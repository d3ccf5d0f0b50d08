/**
 * Seven or more digits in a row (with `+` or its encoding) that are no part of a longer word such as a connector id, nor
 * the account in an ARN.
 */
const plainNumber = /(?<![A-Za-z0-9])(?!(?<=:)\d{12}:)(?:\+|%2B|%252B)?\d{7,15}(?![A-Za-z0-9])/gi;
/** A number in the North American way of writing: (206) 555-0100, 206-555-0100, +1 206.555.0100. */
const spacedNumber =
  /(?<![A-Za-z0-9])(?:\+?1[ .-]?)?(?:\(\d{3}\)[ .-]?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![A-Za-z0-9])/g;

/**
 * A text without the phone numbers in it: all but the last four digits of each become `…`.
 *
 * AWS's messages quote numbers, its model marks them as sensitive, and Step Functions history and logs keep what
 * they see: so everything that AWS says passes through here before it goes anywhere.
 */
export function maskNumbers(text: string): string {
  return text.replace(plainNumber, lastFour).replace(spacedNumber, lastFour);
}

/** The last four digits of one phone number, as an operator may see them. */
export function lastFour(number: string): string {
  return `…${number.slice(-4)}`;
}
