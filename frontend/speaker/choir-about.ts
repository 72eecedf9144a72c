import { html, nothing, type TemplateResult } from "lit";
import { restoreSpeaker } from "../api/identity";
import { Problem } from "../api/problem";
import { deleteAbout, getAbout, putAbout, type About, type Answers, type Chosen } from "../api/speakers";
import { ChoirElement } from "../lib/element";
import { t, tn } from "../lib/text";
import "./choir-languages";
import "./forget-dialog";

const NOTHING: Answers = {
  age_band: "",
  gender: "",
  accent: "",
  first_languages: [],
  environment: "",
  device: "",
};

/**
 * `<choir-about campaign="slug">`: what speakers may say about their voice, why they are asked,
 * and the way to delete it. With a `campaign` it is the question after a set, which can be put
 * off; without, it is the page. Fires `done` when it was answered or declined.
 */
export class ChoirAbout extends ChoirElement {
  static override properties = {
    campaign: { type: String },
    about: { state: true },
    message: { state: true },
    problem: { state: true },
    busy: { state: true },
    declined: { state: true },
  };

  declare campaign: string;
  declare about: About | null;
  /** What has just happened, for eyes and screen readers. */
  declare message: string;
  declare problem: string;
  declare busy: boolean;
  declare declined: boolean;

  constructor() {
    super();
    this.campaign = "";
    this.about = null;
    this.message = "";
    this.problem = "";
    this.busy = false;
    this.declined = false;
  }

  protected override connected(): void {
    void this.#orSay(async () => {
      await restoreSpeaker();
      this.about = await getAbout();
    });
  }

  protected override render(): TemplateResult {
    const { about } = this;
    return html`
      <p role="status" tabindex="-1" class=${this.message ? "message" : nothing}>${this.message}</p>
      <p role="alert" class=${this.problem ? "hint" : nothing}>${this.problem}</p>
      ${about && !this.declined ? this.#form(about) : nothing}
      <choir-forget-dialog @confirmed=${this.#forget}></choir-forget-dialog>
    `;
  }

  #form(about: About): TemplateResult {
    return html`
      <form class="card form about" aria-labelledby="about-title" @submit=${this.#submit}>
        <div class="section">
          <h2 id="about-title">${t("About your voice")}</h2>
          <p>
            ${t("All of this is optional. It shows whose voices a data set lacks, so that what is built from it understands more people.")}
          </p>
        </div>
        <div class="about-fields">
          ${this.#choice(about, "age_band", t("Age"))} ${this.#choice(about, "gender", t("Gender"))}
          <div class="field field-wide">
            <choir-languages .tags=${about.first_languages}></choir-languages>
          </div>
          <p class="field field-wide">
            <label for="about-accent">${t("Accent")}</label>
            <input
              id="about-accent"
              name="accent"
              maxlength="80"
              autocomplete="off"
              aria-describedby="about-accent-help"
              .value=${about.accent}
            />
            <span class="muted small" id="about-accent-help">
              ${t("In your own words, such as: Viennese; grew up in Lagos.")}
            </span>
          </p>
          ${this.#choice(about, "environment", t("Where you usually record"))}
          ${this.#choice(about, "device", t("What you speak into"))}
        </div>
        ${this.#whoSees(about)} ${this.#buttons(about)}
      </form>
    `;
  }

  #choice(about: About, name: Chosen, label: string): TemplateResult {
    const id = `about-${name}`;
    return html`
      <p class="field">
        <label for=${id}>${label}</label>
        <select id=${id} name=${name}>
          <option value="" ?selected=${about[name] === ""}>${t("No answer")}</option>
          ${about.choices[name].map(
            ({ value, label }) =>
              html`<option value=${value} ?selected=${about[name] === value}>${label}</option>`,
          )}
        </select>
      </p>
    `;
  }

  #whoSees(about: About): TemplateResult {
    return html`
      <details class="about-who">
        <summary>${t("Who sees this?")}</summary>
        <ul>
          <li>${t("It is kept with each clip as it was on that day, under your pseudonym, never under a name.")}</li>
          <li>${t("Reviewers do not see it. Researchers who download a data set may.")}</li>
          <li>${t("It holds for your clips of the last 24 hours and for those to come.")}</li>
          <li>${t("You can change or delete it at any time; deleted, it is gone from all your clips here.")}</li>
          ${about.clips > 0
            ? html`<li>${tn("{count} clip of yours carries an answer now.", "{count} clips of yours carry an answer now.", about.clips)}</li>`
            : nothing}
        </ul>
      </details>
    `;
  }

  #buttons(about: About): TemplateResult {
    const isKnown = about.clips > 0 || saysSomething(about);
    return html`
      <div class="actions">
        <button class="button" data-look="primary" data-action="save" ?disabled=${this.busy}>
          ${t("Save")}
        </button>
        ${this.campaign && !isKnown
          ? html`<button type="button" class="button" data-action="decline" ?disabled=${this.busy} @click=${this.#decline}>
              ${t("Rather not")}
            </button>`
          : nothing}
        ${isKnown
          ? html`<button type="button" class="button" data-look="quiet" data-action="forget" @click=${() => this.querySelector("choir-forget-dialog")?.ask(about.clips)}>
              ${t("Delete all of it")}
            </button>`
          : nothing}
      </div>
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const languages = this.querySelector("choir-languages");
    if (!languages?.takeTyped()) return;
    const fields = new FormData(event.target as HTMLFormElement);
    const given = Object.fromEntries(fields) as Partial<Answers>;
    await this.#orSay(async () => {
      this.about = await putAbout({ ...NOTHING, ...given, first_languages: [...languages.tags] });
      this.message = t("Saved. Thank you.");
      this.#finish();
    });
  }

  async #decline(): Promise<void> {
    await this.#orSay(async () => {
      await putAbout({});
      this.declined = true;
      this.message = t("That is fine. You find it under “You”, should you change your mind.");
      this.#finish();
    });
  }

  async #forget(): Promise<void> {
    await this.#orSay(async () => {
      await deleteAbout();
      this.about = await getAbout();
      this.message = t("Deleted, here and from all of your clips.");
      this.#finish();
    });
  }

  #finish(): void {
    void this.focusOn("[role=status]");
    this.dispatchEvent(new Event("done"));
  }

  async #orSay(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = "";
    this.message = "";
    try {
      await work();
    } catch (error) {
      const problem = Problem.of(error);
      this.problem =
        problem.code === "speaker_unknown"
          ? t("There is nobody here yet to say anything about. Record a set first, or use your recovery phrase.")
          : problem.message;
    } finally {
      this.busy = false;
    }
  }
}

function saysSomething(about: About): boolean {
  return Object.keys(NOTHING).some((name) => about[name as keyof Answers].length > 0);
}

customElements.define("choir-about", ChoirAbout);

declare global {
  interface HTMLElementTagNameMap {
    "choir-about": ChoirAbout;
  }
}
