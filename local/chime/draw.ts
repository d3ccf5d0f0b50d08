import { createHash } from 'node:crypto';

/** Everything that looks random here comes from a hash, so that a seed says all there is to say about a run. */
export function digest(...parts: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** A number in [0, 1) that depends on the parts alone. */
export function draw(...parts: readonly (string | number)[]): number {
  return digest(...parts).readUIntBE(0, 6) / 2 ** 48;
}

/** A connector id as AWS forms it: 22 characters of `[a-z0-9]`. */
export function connectorIdFrom(...parts: readonly (string | number)[]): string {
  return BigInt(`0x${digest(...parts).toString('hex')}`)
    .toString(36)
    .padStart(22, '0')
    .slice(-22);
}

export function uuidFrom(...parts: readonly (string | number)[]): string {
  const hex = digest(...parts).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
