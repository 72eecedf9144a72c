import { html, type TemplateResult } from "lit";
import { promptText } from "../clips/clip-view";
import { ChoirElement } from "../lib/element";
import { t } from "../lib/text";
import type { QueuedTake } from "../upload/store";

/** `<choir-discard-dialog>`: asks for a clear yes. Fires `confirmed` when it is given. */
export class DiscardDialog extends ChoirElement {
  static override properties = { take: { state: true } };

  declare take: QueuedTake | null;

  constructor() {
    super();
    this.take = null;
  }

  async ask(take: QueuedTake): Promise<void> {
    this.take = take;
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="discard-title">
        <h2 id="discard-title">${t("Discard this take?")}</h2>
        <p class="row-title">${this.take ? promptText(this.take.prompt) : ""}</p>
        <p>${t("It was never sent and exists only on this device. Once discarded, it is gone for good.")}</p>
        <form method="dialog" class="actions">
          <button class="button" data-look="danger" data-action="confirm" @click=${this.#confirm}>
            ${t("Discard it")}
          </button>
          <button class="button" data-action="keep" autofocus>${t("Keep it")}</button>
        </form>
      </dialog>
    `;
  }

  #confirm(): void {
    this.dispatchEvent(new Event("confirmed"));
  }
}

customElements.define("choir-discard-dialog", DiscardDialog);
