import { expect, test } from "vitest";
import { tagOf } from "./languages";

const KNOWN = [
  { tag: "de", name: "German" },
  { tag: "sw", name: "Swahili" },
];

test.each([
  ["German", "de"],
  ["  swahili ", "sw"],
  ["de-AT", "de-at"],
  ["nds", "nds"],
  ["sr-Latn", "sr-latn"],
  ["Klingonese", null],
  ["not a tag", null],
  ["", null],
])("%j means the language %j", (typed, tag) => {
  expect(tagOf(typed, KNOWN)).toBe(tag);
});
