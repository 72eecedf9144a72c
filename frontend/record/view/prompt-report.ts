import { html } from "lit";
import type { Prompt, ReportReason } from "../../api/types";
import { promptText } from "../../clips/clip-view";
import type { ReportQuestion } from "../../lib/report-dialog";
import { t } from "../../lib/text";

/** What is wrong with `prompt`, as its speaker is asked. */
export function promptReport(prompt: Prompt, language: string): ReportQuestion<ReportReason> {
  return {
    title: t("What is wrong with this prompt?"),
    about: html`<p lang=${language} dir="auto"><strong>${promptText(prompt)}</strong></p>`,
    reasons: [
      ["mistake", t("It has a mistake")],
      ["unreadable", t("It cannot be read aloud")],
      ["wrong_language", t("It is in another language")],
      ["offensive", t("It is offensive")],
      ["other", t("Something else")],
    ],
  };
}
