import { html } from "lit";
import type { ClipReportReason } from "../../api/types";
import type { ReportQuestion } from "../../lib/report-dialog";
import { t } from "../../lib/text";

/** Why nobody should hear the clip, as its reviewer is asked. */
export function clipReport(): ReportQuestion<ClipReportReason> {
  const told = t("It goes out of circulation at once, until a curator has looked at it.");
  return {
    title: t("What is wrong with this clip?"),
    about: html`<p>${told}</p>`,
    reasons: [
      ["offensive", t("It is offensive")],
      ["private", t("It tells something private")],
      ["wrong_language", t("It is in another language")],
      ["not_a_person", t("It is no live human voice")],
      ["prompt", t("Its prompt is wrong")],
      ["other", t("Something else")],
    ],
  };
}
