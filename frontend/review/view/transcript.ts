import { html, nothing, type TemplateResult } from "lit";
import { t } from "../../lib/text";
import type { PreparedCase } from "../prepared";

const LONGEST = 2_000;

/** What is really said, written down. `accept` saves it with the verdict. */
export function transcriptView(
  prepared: PreparedCase,
  write: (text: string | null) => void,
  accept: () => void,
): TemplateResult | typeof nothing {
  const { item, transcript } = prepared;
  if (transcript === null) return nothing;
  const heard = item.machine?.heard ?? "";
  const type = (event: InputEvent): void => write((event.target as HTMLTextAreaElement).value);
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      accept();
    } else if (event.key === "Escape") (event.target as HTMLElement).blur();
  };
  const offer = (label: string, text: string): TemplateResult | typeof nothing =>
    text === "" || text === transcript
      ? nothing
      : html`<button type="button" class="button" data-look="small" @click=${() => write(text)}>${label}</button>`;
  return html`
    <section class="transcript">
      <label for="transcript">${t("What is said, word for word")}</label>
      <textarea
        id="transcript"
        rows="2"
        maxlength=${LONGEST}
        lang=${item.clip.language}
        dir="auto"
        aria-describedby="transcript-help"
        .value=${transcript}
        @input=${type}
        @keydown=${press}
      ></textarea>
      <div class="offers">
        ${offer(t("Write what the machine heard"), heard)}
        ${offer(t("Write the prompt"), item.clip.prompt?.text ?? "")}
        ${item.clip.prompt
          ? html`<button type="button" class="button" data-look="small" @click=${() => write(null)}>${t("Leave it")}</button>`
          : nothing}
      </div>
      <p class="muted small" id="transcript-help">
        ${t("Ctrl and Enter accept the clip with these words. Escape leaves the field.")}
      </p>
    </section>
  `;
}
