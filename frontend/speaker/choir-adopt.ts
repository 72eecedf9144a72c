import { html, nothing, type TemplateResult } from "lit";
import { forgetPhrase, storedPhrase } from "../api/identity";
import { Problem } from "../api/problem";
import { adoptSpeaker } from "../api/speakers";
import { ChoirElement } from "../lib/element";
import { t } from "../lib/text";

/**
 * `<choir-adopt>`: offers to take whoever recorded here without an account into the account that
 * is signed in now. Nothing happens before a yes. Fires `adopted`, up the page, when it is given.
 */
export class ChoirAdopt extends ChoirElement {
  static override properties = {
    phrase: { state: true },
    adopted: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  /** The words this device held, shown once more when it forgets them. */
  declare phrase: string;
  declare adopted: boolean;
  declare problem: string;
  declare busy: boolean;

  constructor() {
    super();
    this.phrase = "";
    this.adopted = false;
    this.problem = "";
    this.busy = false;
  }

  protected override render(): TemplateResult {
    return html`
      <section class="card" aria-labelledby="adopt-title">
        ${this.adopted ? this.#done() : this.#offer()}
      </section>
    `;
  }

  #offer(): TemplateResult {
    return html`
      <h2 id="adopt-title">${t("Somebody recorded here without an account")}</h2>
      <p>
        ${t("Is that you, or somebody whose recordings you look after? Then add them to your account: it leads back to their clips from any device. Their recordings stay theirs, apart from those of your other speakers.")}
      </p>
      <form class="form" @submit=${this.#submit}>
        <p class="field">
          <label for="adopt-label">${t("Name, for your eyes only")}</label>
          <input id="adopt-label" name="label" maxlength="60" autocomplete="off" placeholder=${t("Me, Grandma, …")} />
        </p>
        <p class=${this.problem ? "hint" : nothing} role="alert">${this.problem}</p>
        <div class="actions">
          <button class="button" data-look="primary" data-action="adopt" ?disabled=${this.busy}>
            ${t("Add to my account")}
          </button>
        </div>
      </form>
      <p class="muted small">
        ${t("If it is not: leave this as it is. They come back by their recovery phrase.")}
      </p>
    `;
  }

  #done(): TemplateResult {
    return html`
      <h2 id="adopt-title" tabindex="-1">${t("Added to your account")}</h2>
      ${this.phrase
        ? html`
            <p>
              ${t("This browser no longer keeps the recovery phrase, so that signing out is enough. The words still work: keep them if you like. They are shown here once more.")}
            </p>
            <choir-phrase .phrase=${this.phrase}></choir-phrase>
          `
        : nothing}
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    this.busy = true;
    this.problem = "";
    try {
      const label = this.querySelector("input")?.value.trim() ?? "";
      await adoptSpeaker(label);
      this.phrase = storedPhrase() ?? "";
      // Left here, it would bring the speaker back for whoever comes after the sign-out.
      forgetPhrase();
      this.adopted = true;
      void this.focusOn("h2");
      this.dispatchEvent(new Event("adopted", { bubbles: true }));
    } catch (error) {
      this.problem = Problem.of(error).message;
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("choir-adopt", ChoirAdopt);
