import { expect, it } from "vitest";
import { answer, nextQuestion, takeAnswerBack } from "./cards";

const question = (code: string, ...options: string[]) => ({
  code, label: code, options: options.map((option) => ({ code: option, label: option })),
});
const QUESTIONS = [
  question("speech", "speech_yes", "speech_no"),
  question("keyword", "keyword_no", "keyword_once"),
];

it.each([
  [[], "speech"],
  [["speech_yes"], "keyword"],
  [["speech_yes", "keyword_once"], null],
  [["speech_no"], null],
  [["noise"], "speech"],
] as const)("after %j comes %s", (tags, expected) => {
  expect(nextQuestion(QUESTIONS, new Set(tags))?.code ?? null).toBe(expected);
});

it("holds one answer to a question, and takes the last one back", () => {
  const tags = new Set(["noise", "speech_no"]);
  answer(QUESTIONS[0]!, "speech_yes", tags);
  answer(QUESTIONS[1]!, "keyword_no", tags);
  expect([...tags]).toEqual(["noise", "speech_yes", "keyword_no"]);
  expect(takeAnswerBack(QUESTIONS, tags)).toBe(true);
  expect([...tags]).toEqual(["noise", "speech_yes"]);
  expect(takeAnswerBack(QUESTIONS, tags) && takeAnswerBack(QUESTIONS, tags)).toBe(false);
});
