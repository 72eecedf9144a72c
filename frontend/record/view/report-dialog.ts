import { html, type TemplateResult } from "lit";
import type { Prompt, ReportReason } from "../../api/types";
import { promptText } from "../../clips/clip-view";
import { t } from "../../lib/text";

const LONGEST_NOTE = 500;

function reasons(): readonly [ReportReason, string][] {
  return [
    ["mistake", t("It has a mistake")],
    ["unreadable", t("It cannot be read aloud")],
    ["wrong_language", t("It is in another language")],
    ["offensive", t("It is offensive")],
    ["other", t("Something else")],
  ];
}

/** Asks what is wrong with `prompt`. `send` gets the answer; closing without one sends nothing. */
export function reportDialog(
  prompt: Prompt,
  language: string,
  send: (reason: ReportReason, note: string) => void,
  onclose: () => void,
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    const form = new FormData(event.target as HTMLFormElement, event.submitter);
    if (form.get("answer") !== "send") return;
    send(form.get("reason") as ReportReason, (form.get("note") as string).trim());
  };
  return html`
    <dialog class="report" aria-labelledby="report-title" @close=${onclose}>
      <form method="dialog" class="form" @submit=${submit}>
        <h2 id="report-title">${t("What is wrong with this prompt?")}</h2>
        <p lang=${language} dir="auto"><strong>${promptText(prompt)}</strong></p>
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
          <button class="button" data-look="primary" name="answer" value="send">
            ${t("Report it")}
          </button>
          <button class="button" name="answer" value="cancel" formnovalidate>${t("Cancel")}</button>
        </div>
      </form>
    </dialog>
  `;
}
