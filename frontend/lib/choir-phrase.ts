import { html, nothing, type SVGTemplateResult, type TemplateResult } from "lit";
import { storedPhrase } from "../api/identity";
import { ChoirElement } from "./element";
import { printPhrase } from "./phrase-card";
import { phraseLink } from "./phrase-link";
import { qrCode } from "./qr";
import { t } from "./text";

/**
 * `<choir-phrase>`: the recovery phrase kept on this device, hidden until asked for; or the
 * `phrase` given as a property, shown at once. To copy, to print, and to take along as a code.
 */
export class ChoirPhrase extends ChoirElement {
  static override properties = {
    phrase: { attribute: false },
    said: { state: true },
    code: { state: true },
  };

  declare phrase: string;
  /** What has just happened, for eyes and screen readers. */
  declare said: string;
  declare code: SVGTemplateResult | null;

  constructor() {
    super();
    this.phrase = "";
    this.said = "";
    this.code = null;
  }

  protected override connected(): void {
    // An account that takes the speaker in lets this device forget the words.
    this.scope.listen(document, "adopted", () => this.requestUpdate());
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("phrase")) this.code = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.phrase) return html`<div class="phrase">${this.#body(this.phrase)}</div>`;
    const phrase = storedPhrase();
    if (!phrase) return nothing;
    return html`
      <details class="phrase">
        <summary>${t("Show my recovery phrase")}</summary>
        ${this.#body(phrase)}
      </details>
    `;
  }

  #body(phrase: string): TemplateResult {
    return html`
      <p>
        ${t("With these words you reach your clips from any device. Nobody can find them out for you: write them down, or print them.")}
      </p>
      <p class="phrase-words" translate="no">${phrase}</p>
      <div class="actions">
        <button type="button" class="button" data-action="copy" @click=${() => this.#copy(phrase)}>
          ${t("Copy")}
        </button>
        <button type="button" class="button" data-action="print" @click=${() => this.#print(phrase)}>
          ${t("Print")}
        </button>
        <button
          type="button"
          class="button"
          data-action="code"
          aria-expanded=${this.code !== null}
          @click=${() => this.#toggleCode(phrase)}
        >
          ${this.code ? t("Hide the code") : t("Show as a code")}
        </button>
      </div>
      <p class=${this.said ? "muted small" : nothing} role="status">${this.said}</p>
      ${this.code ? html`<div class="phrase-code">${this.code}</div>` : nothing}
    `;
  }

  async #copy(phrase: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(phrase);
      this.said = t("Copied. Paste it where only you will find it.");
    } catch {
      // Refused, or no clipboard here: the words are selected for copying by hand.
      const words = this.querySelector(".phrase-words");
      if (words) getSelection()?.selectAllChildren(words);
      this.said = t("The words are selected: copy them by hand.");
    }
  }

  async #print(phrase: string): Promise<void> {
    printPhrase(this.scope, phrase, await this.#codeOf(phrase));
  }

  async #toggleCode(phrase: string): Promise<void> {
    this.code = this.code ? null : await this.#codeOf(phrase);
    this.said = this.code
      ? t("Scan it with your other device: it opens the page where the words are filled in.")
      : "";
  }

  #codeOf(phrase: string): Promise<SVGTemplateResult> {
    return qrCode(phraseLink(location.origin, phrase), t("Code with your recovery phrase"));
  }
}

customElements.define("choir-phrase", ChoirPhrase);

declare global {
  interface HTMLElementTagNameMap {
    "choir-phrase": ChoirPhrase;
  }
}
