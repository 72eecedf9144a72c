import { html, nothing, type TemplateResult } from "lit";
import { storedPhrase } from "../api/identity";
import { ChoirElement } from "./element";
import { t } from "./text";

/** `<choir-phrase>`: the recovery phrase kept on this device, hidden until asked for. */
export class ChoirPhrase extends ChoirElement {
  static override properties = {
    copied: { state: true },
  };

  declare copied: boolean;

  constructor() {
    super();
    this.copied = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    const phrase = storedPhrase();
    if (!phrase) return nothing;
    return html`
      <details class="phrase">
        <summary>${t("Show my recovery phrase")}</summary>
        <p>
          ${t("With these words you reach your clips from any device. Nobody can find them out for you: write them down.")}
        </p>
        <p class="phrase-words" translate="no">${phrase}</p>
        <button type="button" class="button" @click=${() => this.#copy(phrase)}>
          ${this.copied ? t("Copied") : t("Copy")}
        </button>
      </details>
    `;
  }

  async #copy(phrase: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(phrase);
      this.copied = true;
    } catch {
      // Refused, or no clipboard here: the words are selected for copying by hand.
      const words = this.querySelector(".phrase-words");
      if (words) getSelection()?.selectAllChildren(words);
    }
  }
}

customElements.define("choir-phrase", ChoirPhrase);
