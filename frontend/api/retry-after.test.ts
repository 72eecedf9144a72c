import { describe, expect, it } from "vitest";
import { retryAfter_ms } from "./retry-after";

const NOON = Date.parse("Sat, 21 Nov 2026 12:00:00 GMT");

const read = (headers: Record<string, string>): number | null =>
  retryAfter_ms(new Headers(headers), NOON);

describe("Retry-After", () => {
  it.each([
    ["7", 7_000],
    ["0", 0],
    [" 120 ", 120_000],
    ["86400", 3_600_000],
    ["Sat, 21 Nov 2026 12:00:30 GMT", 30_000],
    ["Sat, 21 Nov 2026 11:00:00 GMT", 0],
    ["soon", null],
    ["", null],
    ["-5", null],
    ["1.5", null],
  ])("%j", (value, expected) => {
    expect(read({ "Retry-After": value })).toBe(expected);
  });

  it("is absent where there is no header", () => {
    expect(read({})).toBeNull();
  });

  it("counts a date from the server's clock, not from the phone's", () => {
    const date = "Sat, 21 Nov 2026 18:00:00 GMT";
    expect(read({ "Retry-After": "Sat, 21 Nov 2026 18:00:10 GMT", Date: date })).toBe(10_000);
  });
});
