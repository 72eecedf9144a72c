import { html, nothing, type TemplateResult } from "lit";
import { cutRelease } from "../api/client";
import { Problem } from "../api/problem";
import { ChoirElement } from "../lib/element";
import { t } from "../lib/text";

/** `<choir-cut-release campaign="slug">`: freezes what is eligible now as a release. */
export class ChoirCutRelease extends ChoirElement {
  static override properties = {
    campaign: { type: String },
    validation: { state: true },
    testing: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  declare campaign: string;
  declare validation: number;
  declare testing: number;
  declare problem: string;
  declare busy: boolean;

  constructor() {
    super();
    this.campaign = "";
    this.validation = 10;
    this.testing = 10;
    this.problem = "";
    this.busy = false;
  }

  protected override render(): TemplateResult {
    const training = 100 - this.validation - this.testing;
    return html`
      <form class="form" @submit=${this.#submit}>
        <div class="fields">
          ${this.#field("validation", t("Validation, %"), this.validation)}
          ${this.#field("testing", t("Testing, %"), this.testing)}
          <p class="field">
            <span class="label">${t("Training, %")}</span>
            <output for="validation testing">${training}</output>
          </p>
        </div>
        <p class=${this.problem ? "hint" : nothing} role="alert">${this.problem}</p>
        <div class="actions">
          <button class="button" data-look="primary" ?disabled=${this.busy || training < 0}>
            ${this.busy ? t("Cutting…") : t("Cut the release")}
          </button>
        </div>
      </form>
    `;
  }

  #field(name: "validation" | "testing", label: string, value: number): TemplateResult {
    const set = (event: Event): void => {
      this[name] = Number((event.target as HTMLInputElement).value);
    };
    return html`
      <p class="field">
        <label for=${name}>${label}</label>
        <input id=${name} type="number" min="0" max="50" required .value=${String(value)} @input=${set} />
      </p>
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    this.busy = true;
    this.problem = "";
    try {
      const release = await cutRelease(this.campaign, this.validation, this.testing);
      location.assign(`/releases/${release.id}/`);
    } catch (error) {
      this.problem = Problem.of(error).message;
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("choir-cut-release", ChoirCutRelease);
