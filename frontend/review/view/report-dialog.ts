import { html, type TemplateResult } from "lit";
import type { ClipReportReason } from "../../api/types";
import { t } from "../../lib/text";

const LONGEST_NOTE = 500;

function reasons(): readonly [ClipReportReason, string][] {
  return [
    ["offensive", t("It is offensive")],
    ["private", t("It tells something private")],
    ["wrong_language", t("It is in another language")],
    ["not_a_person", t("It is no live human voice")],
    ["prompt", t("Its prompt is wrong")],
    ["other", t("Something else")],
  ];
}

/** Asks why nobody should hear the clip. `send` gets the answer; closing sends nothing. */
export function reportDialog(
  send: (reason: ClipReportReason, note: string) => void,
  onclose: () => void,
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    const form = new FormData(event.target as HTMLFormElement, event.submitter);
    if (form.get("answer") !== "send") return;
    send(form.get("reason") as ClipReportReason, (form.get("note") as string).trim());
  };
  return html`
    <dialog class="report" aria-labelledby="report-title" @close=${onclose}>
      <form method="dialog" class="form" @submit=${submit}>
        <h2 id="report-title">${t("What is wrong with this clip?")}</h2>
        <p>${t("It goes out of circulation at once, until a curator has looked at it.")}</p>
        <fieldset class="choices">
          <legend class="visually-hidden">${t("Reason")}</legend>
          ${reasons().map(
            ([value, label], i) => html`
              <label class="choice">
                <input type="radio" name="reason" value=${value} ?checked=${i === 0} />
                ${label}
              </label>
            `,
          )}
        </fieldset>
        <div class="field field-wide">
          <label for="report-note">${t("A word more, if you like")}</label>
          <textarea id="report-note" name="note" rows="2" maxlength=${LONGEST_NOTE}></textarea>
        </div>
        <div class="actions">
          <button class="button" data-look="primary" name="answer" value="send">${t("Report it")}</button>
          <button class="button" name="answer" value="cancel" formnovalidate>${t("Cancel")}</button>
        </div>
      </form>
    </dialog>
  `;
}
