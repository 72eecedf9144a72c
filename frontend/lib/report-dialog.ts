import { html, type TemplateResult } from "lit";
import { t } from "./text";

const LONGEST_NOTE = 500;

/** What a report is asked for with: a title, what it is about, and the reasons to choose from. */
export interface ReportQuestion<Reason extends string> {
  title: string;
  about: TemplateResult;
  reasons: readonly (readonly [Reason, string])[];
}

/** Asks what is wrong. `send` gets the answer; closing without one sends nothing. */
export function reportDialog<Reason extends string>(
  { title, about, reasons }: ReportQuestion<Reason>,
  send: (reason: Reason, note: string) => void,
  onclose: () => void,
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    const form = new FormData(event.target as HTMLFormElement, event.submitter);
    if (form.get("answer") !== "send") return;
    send(form.get("reason") as Reason, (form.get("note") as string).trim());
  };
  return html`
    <dialog class="report" aria-labelledby="report-title" @close=${onclose}>
      <form method="dialog" class="form" @submit=${submit}>
        <h2 id="report-title">${title}</h2>
        ${about}
        <fieldset class="choices">
          <legend class="visually-hidden">${t("Reason")}</legend>
          ${reasons.map(
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
