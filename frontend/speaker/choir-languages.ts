import { html, nothing, type TemplateResult } from "lit";
import { ChoirElement } from "../lib/element";
import { icons } from "../lib/icons";
import { t } from "../lib/text";
import { knownLanguages, languageName, likelyLanguages, tagOf, type Language } from "./languages";

const MOST = 8;

/**
 * `<choir-languages>`: first languages, added by name or tag, each to be taken out again. `tags`
 * is what is chosen; `changed` is fired with every change.
 */
export class ChoirLanguages extends ChoirElement {
  static override properties = {
    tags: { attribute: false },
    problem: { state: true },
    said: { state: true },
  };

  declare tags: readonly string[];
  declare problem: string;
  declare said: string;
  #known: Language[] = [];

  constructor() {
    super();
    this.tags = [];
    this.problem = "";
    this.said = "";
  }

  protected override connected(): void {
    this.#known = knownLanguages();
  }

  /** Takes what was typed and not yet added; false when it is no language. */
  takeTyped(): boolean {
    const field = this.querySelector("input");
    return !field?.value.trim() || this.#add(field.value);
  }

  protected override render(): TemplateResult {
    const suggested = likelyLanguages().filter((tag) => !this.tags.includes(tag));
    return html`
      <label for="about-language">${t("First languages")}</label>
      ${this.tags.length > 0 ? html`<ul class="chips">${this.tags.map((tag) => this.#chip(tag))}</ul>` : nothing}
      <div class="actions">
        <input
          id="about-language"
          list="about-languages"
          autocomplete="off"
          aria-describedby="about-language-help about-language-problem"
          aria-invalid=${this.problem ? "true" : nothing}
          ?disabled=${this.tags.length >= MOST}
          @keydown=${this.#onKey}
          @input=${() => (this.problem = "")}
          @change=${this.#onPick}
        />
        <button type="button" class="button" data-action="add-language" @click=${() => this.takeTyped()}>
          ${t("Add")}
        </button>
        ${suggested.map((tag) => this.#suggestion(tag))}
      </div>
      <datalist id="about-languages">
        ${this.#known.map(({ name }) => html`<option value=${name}></option>`)}
      </datalist>
      <p class="muted small" id="about-language-help">
        ${t("Those you grew up with, by name, or by a tag such as de-AT.")}
      </p>
      <p class=${this.problem ? "hint" : nothing} id="about-language-problem" role="alert">${this.problem}</p>
      <p class="visually-hidden" role="status">${this.said}</p>
    `;
  }

  #chip(tag: string): TemplateResult {
    const name = languageName(tag);
    return html`
      <li class="chip">
        <span>${name}</span>
        <button type="button" aria-label=${t("Take out {name}", { name })} @click=${() => this.#remove(tag)}>
          ${icons.cross}
        </button>
      </li>
    `;
  }

  #suggestion(tag: string): TemplateResult {
    return html`
      <button type="button" class="button" data-look="small" @click=${() => this.#add(tag)}>
        + ${languageName(tag)}
      </button>
    `;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    // Enter adds the language; it does not send the form around it.
    event.preventDefault();
    this.takeTyped();
  }

  #onPick(event: Event): void {
    // Chosen from the list: its exact name is enough, with no further tap.
    const typed = (event.target as HTMLInputElement).value;
    if (this.#known.some(({ name }) => name === typed)) this.#add(typed);
  }

  #add(typed: string): boolean {
    const tag = tagOf(typed, this.#known);
    this.problem = tag
      ? ""
      : t("“{typed}” is no language that we know. Try another name for it, or its tag.", { typed });
    if (!tag) return false;
    const field = this.querySelector("input");
    if (field) field.value = "";
    if (!this.tags.includes(tag)) this.#change([...this.tags, tag]);
    this.said = t("{name} added", { name: languageName(tag) });
    return true;
  }

  #remove(tag: string): void {
    this.#change(this.tags.filter((each) => each !== tag));
    this.said = t("{name} taken out", { name: languageName(tag) });
    // The button that had the focus is gone.
    void this.focusOn("input");
  }

  #change(tags: string[]): void {
    this.tags = tags;
    this.dispatchEvent(new Event("changed"));
  }
}

customElements.define("choir-languages", ChoirLanguages);

declare global {
  interface HTMLElementTagNameMap {
    "choir-languages": ChoirLanguages;
  }
}
