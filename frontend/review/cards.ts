/** One question a card, as in the tagger of the Mycroft Open Dataset: the place in their order. */

import type { ReviewQuestion } from "../api/types";

/** After this answer there is nothing more to ask: who does not speak has no age. */
const LAST_ANSWERS: ReadonlySet<string> = new Set(["speech_no"]);

function answerTo(question: ReviewQuestion, tags: ReadonlySet<string>): string | undefined {
  return question.options.find(({ code }) => tags.has(code))?.code;
}

/** The first question without an answer; null when the verdict is next. */
export function nextQuestion(
  questions: readonly ReviewQuestion[],
  tags: ReadonlySet<string>,
): ReviewQuestion | null {
  for (const question of questions) {
    const answer = answerTo(question, tags);
    if (answer === undefined) return question;
    if (LAST_ANSWERS.has(answer)) return null;
  }
  return null;
}

/** Answers `question`: of its options only one holds. */
export function answer(question: ReviewQuestion, code: string, tags: Set<string>): void {
  for (const option of question.options) tags.delete(option.code);
  tags.add(code);
}

/** Takes the last answer back; returns whether there was one. */
export function takeAnswerBack(questions: readonly ReviewQuestion[], tags: Set<string>): boolean {
  const last = questions.findLast((question) => answerTo(question, tags) !== undefined);
  for (const option of last?.options ?? []) tags.delete(option.code);
  return last !== undefined;
}
