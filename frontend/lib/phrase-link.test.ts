import { expect, test } from "vitest";
import { phraseLink, phraseOfFragment } from "./phrase-link";

const PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow";

test("a phrase survives the way into an address and back", () => {
  const link = new URL(phraseLink("https://choir.example", PHRASE));
  expect(phraseOfFragment(link.hash)).toBe(PHRASE);
});

test("the words stand in the fragment alone, which is sent to nobody", () => {
  const link = new URL(phraseLink("https://choir.example", PHRASE));
  expect(link.pathname + link.search).toBe("/me/recover/");
});

test.each([
  ["", ""],
  ["#", ""],
  ["#main", "main"],
  ["#one%20two+three", "one two three"],
  ["#one-%", ""],
])("the fragment %j holds the phrase %j", (hash, phrase) => {
  expect(phraseOfFragment(hash)).toBe(phrase);
});
