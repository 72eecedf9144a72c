import { expect, it } from "vitest";
import { isWhole, mayJudge } from "./waking";

it.each([
  ["all of it", 3, 3, true],
  ["all but what players round away", 2.7, 2.95, true],
  ["only its second half", 1.5, 3, false],
  ["only its beginning", 2, 2, false],
])("%s is the whole clip or not", (_, heard_s, furthest_s, expected) => {
  expect(isWhole(heard_s, furthest_s, 3)).toBe(expected);
});

it.each([
  ["accept", 2, false, false],
  ["accept", 3, true, true],
  ["reject", 0, false, false],
  ["reject", 0.6, false, true],
  ["unsure", 0.6, false, true],
  ["unsure", 0.2, true, true],
] as const)("%s after %d s, to the end: %s", (verdict, heard_s, to_end, expected) => {
  expect(mayJudge(verdict, { heard_s, to_end, duration_s: 3 })).toBe(expected);
});
