import { html, nothing, type TemplateResult } from "lit";
import { normalisePhrase, recover } from "../api/identity";
import { Problem } from "../api/problem";
import { ChoirElement } from "../lib/element";
import { phraseOfFragment } from "../lib/phrase-link";
import { t } from "../lib/text";

const WORDS = 12;

/** `<choir-recover clips-url="…" withdraw-url="…">`: twelve words in exchange for one's clips. */
export class ChoirRecover extends ChoirElement {
  static override properties = {
    clipsUrl: { type: String, attribute: "clips-url" },
    withdrawUrl: { type: String, attribute: "withdraw-url" },
    problem: { state: true },
    busy: { state: true },
  };

  declare clipsUrl: string;
  declare withdrawUrl: string;
  declare problem: string;
  declare busy: boolean;

  constructor() {
    super();
    this.clipsUrl = "/";
    this.withdrawUrl = "/";
    this.problem = "";
    this.busy = false;
  }

  protected override connected(): void {
    void this.#takeFragment();
    this.scope.listen(window, "hashchange", () => void this.#takeFragment());
  }

  /**
   * A code that was scanned brings the words in the address: they move into the form, and leave
   * the address and with it the history. They are not sent by themselves: whoever opens somebody
   * else's link is not made that person before they say so.
   */
  async #takeFragment(): Promise<void> {
    const phrase = phraseOfFragment(location.hash);
    if (incomplete(phrase)) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    await this.updateComplete;
    const field = this.querySelector("textarea");
    if (field) field.value = phrase;
    this.problem = "";
    void this.focusOn("button");
  }

  protected override render(): TemplateResult {
    return html`
      <form class="card form" @submit=${this.#submit} novalidate>
        <label for="phrase">${t("Recovery phrase")}</label>
        <textarea
          id="phrase"
          name="phrase"
          rows="3"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          aria-describedby="phrase-help phrase-problem"
          aria-invalid=${this.problem ? "true" : nothing}
        ></textarea>
        <p class="muted small" id="phrase-help">${t("Twelve words, with spaces between them.")}</p>
        <p class=${this.problem ? "hint" : nothing} id="phrase-problem" role="alert">
          ${this.problem}
        </p>
        <div class="actions">
          <button class="button" data-look="primary" ?disabled=${this.busy}>
            ${t("Find my clips")}
          </button>
          <button class="button" value="withdraw" ?disabled=${this.busy}>${t("Take clips back")}</button>
        </div>
      </form>
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const withdraws = (event.submitter as HTMLButtonElement | null)?.value === "withdraw";
    const phrase = this.querySelector("textarea")?.value ?? "";
    this.problem = incomplete(phrase);
    if (this.problem) return this.focusOn("textarea");
    this.busy = true;
    try {
      // Whoever only came to take clips back may sit at somebody else's device: it keeps nothing.
      await recover(phrase, { keep: !withdraws });
      location.assign(withdraws ? this.withdrawUrl : this.clipsUrl);
    } catch (error) {
      this.problem = Problem.of(error).message;
      void this.focusOn("textarea");
    } finally {
      this.busy = false;
    }
  }
}

function incomplete(phrase: string): string {
  const count = normalisePhrase(phrase).split(" ").filter(Boolean).length;
  return count === WORDS ? "" : t("The phrase has {wanted} words; these are {count}.", { wanted: WORDS, count });
}

customElements.define("choir-recover", ChoirRecover);
