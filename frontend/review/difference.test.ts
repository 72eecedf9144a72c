import { expect, it } from "vitest";
import { difference, saysTheSame } from "./difference";

const MARKS = { same: "", missing: "-", extra: "+" } as const;
const marked = (prompt: string, heard: string): string =>
  difference(prompt, heard).map(({ kind, text }) => `${MARKS[kind]}${text}`).join("|");

it.each([
  ["Switch on the light.", "switch on the light", "switch on the light"],
  ["switch on the light", "switch off the lights", "switch|-on|+off|the|-light|+lights"],
  ["yes", "", "-yes"],
  ["", "good morning", "+good morning"],
  ["hey choir", "hey hey choir", "hey|+hey|choir"],
  ["Füße heben", "füße heben bitte", "füße heben|+bitte"],
])("what differs between %j and %j is marked", (prompt, heard, expected) => {
  expect(marked(prompt, heard)).toBe(expected);
});

it("knows when nothing differs", () => {
  expect(saysTheSame(difference("Yes!", "yes"))).toBe(true);
  expect(saysTheSame(difference("yes", "yes yes"))).toBe(false);
});
