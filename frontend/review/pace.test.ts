import { expect, it } from "vitest";
import { Pace } from "./pace";

function judged(count: number, every_ms: number): Pace {
  const pace = new Pace();
  for (let i = 0; i < count; i++) pace.count(i * every_ms);
  return pace;
}

it.each([
  ["says nothing after a few", 4, 30_000, 120_000, null],
  ["says nothing within the first minute", 6, 5_000, 30_000, null],
  ["is told per hour", 60, 6_000, 360_000, 600],
  ["forgets what is long ago", 10, 1_000, 3_600_000, null],
])("the pace %s", (_, count, every_ms, now_ms, expected) => {
  expect(judged(count, every_ms).perHour(now_ms)).toBe(expected);
});

it("counts down when a verdict is taken back", () => {
  const pace = judged(3, 1_000);
  pace.discount();
  expect(pace.judged).toBe(2);
});
