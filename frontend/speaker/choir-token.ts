import { html, nothing, type TemplateResult } from "lit";
import { ChoirElement } from "../lib/element";
import { t } from "../lib/text";

/** `<choir-token><pre><code>…</code></pre></choir-token>`: a secret shown once, and its copying. */
export class ChoirToken extends ChoirElement {
  static override properties = { said: { state: true } };

  declare said: string;
  readonly #token: string;

  constructor() {
    super();
    this.said = "";
    this.#token = this.querySelector("code")?.textContent ?? "";
  }

  protected override render(): TemplateResult {
    return html`
      <pre class="table-scroll" tabindex="0" translate="no"><code>${this.#token}</code></pre>
      <div class="actions">
        <button type="button" class="button" data-action="copy" @click=${this.#copy}>
          ${t("Copy")}
        </button>
        <span class=${this.said ? "muted small" : nothing} role="status">${this.said}</span>
      </div>
    `;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#token);
      this.said = t("Copied.");
    } catch {
      // Refused, or no clipboard here: it is selected for copying by hand.
      const shown = this.querySelector("code");
      if (shown) getSelection()?.selectAllChildren(shown);
      this.said = t("It is selected: copy it by hand.");
    }
  }
}

customElements.define("choir-token", ChoirToken);
