import { html, type TemplateResult } from "lit";
import type { Clip } from "../api/types";
import { ChoirElement } from "../lib/element";
import { t } from "../lib/text";
import { promptText } from "./clip-view";

/**
 * `<choir-withdraw-dialog>`: says what a withdrawal does and asks for a clear yes. Fires
 * `confirmed` when it is given.
 */
export class WithdrawDialog extends ChoirElement {
  static override properties = { clip: { state: true } };

  declare clip: Clip | null;

  constructor() {
    super();
    this.clip = null;
  }

  async ask(clip: Clip): Promise<void> {
    this.clip = clip;
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="withdraw-title">
        <h2 id="withdraw-title">${t("Take this clip back?")}</h2>
        <p class="row-title">${promptText(this.clip?.prompt ?? null)}</p>
        <ul>
          <li>${t("Its audio is erased here, for good.")}</li>
          <li>${this.#releaseLine()}</li>
          <li>${t("The fact that a clip was withdrawn is kept, its sound is not.")}</li>
        </ul>
        <form method="dialog" class="actions">
          <button class="button" data-look="danger" data-action="confirm" @click=${this.#confirm}>
            ${t("Take it back")}
          </button>
          <button class="button" data-action="keep" autofocus>${t("Keep it")}</button>
        </form>
      </dialog>
    `;
  }

  #releaseLine(): string {
    const releases = this.clip?.releases ?? [];
    if (releases.length === 0) return t("It leaves the review queue and will be in no release.");
    return t("It leaves these releases, and their next download no longer holds it: {releases}.", {
      releases: releases.join(", "),
    });
  }

  #confirm(): void {
    this.dispatchEvent(new Event("confirmed"));
  }
}

customElements.define("choir-withdraw-dialog", WithdrawDialog);

declare global {
  interface HTMLElementTagNameMap {
    "choir-withdraw-dialog": WithdrawDialog;
  }
}
