/** No answer holds a take back longer than this: a mistaken header must not mean never. */
const LONGEST_MS = 3_600_000;

/**
 * How long to wait by the header Retry-After (RFC 9110, section 10.2.3: seconds, or a date), at
 * most an hour; null where it is missing or malformed. A date counts from the answer's own Date,
 * because a phone's clock may be wrong.
 */
export function retryAfter_ms(headers: Headers, now_ms: number): number | null {
  const value = headers.get("Retry-After")?.trim() ?? "";
  if (/^\d+$/.test(value)) return bounded(Number(value) * 1000);
  // Date.parse takes nearly anything for a date, so the form is asked for: HTTP's is always in GMT.
  const until = value.endsWith("GMT") ? Date.parse(value) : NaN;
  if (Number.isNaN(until)) return null;
  const sent = Date.parse(headers.get("Date") ?? "");
  return bounded(until - (Number.isNaN(sent) ? now_ms : sent));
}

function bounded(delay_ms: number): number {
  return Math.min(LONGEST_MS, Math.max(0, delay_ms));
}
