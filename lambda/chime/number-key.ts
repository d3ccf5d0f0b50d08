/** One key for every form in which a number is named: `+1206…`, `%2B1206…`, `1206…`. */
export function numberKey(idOrE164: string): string {
  const decoded = idOrE164.replace(/%25/gi, '%').replace(/%2B/gi, '+');
  return decoded.startsWith('+') ? decoded : `+${decoded}`;
}
