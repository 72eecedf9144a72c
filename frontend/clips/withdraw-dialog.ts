import { html, nothing, type TemplateResult } from "lit";
import { Problem } from "../api/problem";
import { foresee, withdrawAll, type ClipScope, type Foreseen, type Receipt } from "../api/withdrawals";
import { ChoirElement } from "../lib/element";
import { t, tn } from "../lib/text";
import { uuid4 } from "../lib/uuid";
import { keepReceipt } from "./receipts";

/**
 * `<choir-withdraw-dialog>`: says in plain words what taking clips back does, asks for a clear
 * yes, and does it. Fires `withdrawn`, when `receipt` says what happened.
 */
export class WithdrawDialog extends ChoirElement {
  static override properties = {
    name: { state: true },
    foreseen: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  /** What the clips are called: a clip's text, a campaign's name. */
  declare name: string;
  declare foreseen: Foreseen | null;
  declare problem: string;
  declare busy: boolean;
  receipt: Receipt | null = null;
  #scope: ClipScope = { clips: [] };
  /** One id for all attempts, so that a second one after a lost answer is the same withdrawal. */
  #id = "";

  constructor() {
    super();
    this.name = "";
    this.foreseen = null;
    this.problem = "";
    this.busy = false;
  }

  /** Opens it; what would happen is asked of the server first. Throws a `Problem`. */
  async ask(scope: ClipScope, name = ""): Promise<void> {
    this.foreseen = await foresee(scope);
    this.#scope = scope;
    this.#id = uuid4();
    this.name = name;
    this.problem = "";
    await this.updateComplete;
    const reason = this.querySelector("textarea");
    if (reason) reason.value = "";
    this.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="withdraw-title">
        <h2 id="withdraw-title">${this.#title()}</h2>
        ${this.name ? html`<p class="row-title">${this.name}</p>` : nothing}
        <ul>
          <li>${this.#erasedLine()}</li>
          ${this.#heldLine()}
          <li>${this.#releaseLine()}</li>
          ${"everything" in this.#scope ? html`<li>${t("What you said about your voice is deleted, too.")}</li>` : nothing}
          ${"clips" in this.#scope ? nothing : html`<li>${t("Your consent ends there. You can give it again at any time.")}</li>`}
          <li>${t("The fact that a clip was withdrawn is kept, its sound is not.")}</li>
        </ul>
        <details>
          <summary>${t("Say why, if you like")}</summary>
          <label class="field">
            <span class="muted small">${t("The campaign’s curators may read it. It is kept without your name, so please write none.")}</span>
            <textarea name="reason" rows="2" maxlength="500"></textarea>
          </label>
        </details>
        <p role="alert" class=${this.problem ? "hint" : nothing}>${this.problem}</p>
        <form method="dialog" class="actions">
          <button
            class="button"
            data-look="danger"
            data-action="confirm"
            ?disabled=${this.busy}
            @click=${this.#confirm}
          >
            ${this.#isOne() ? t("Take it back") : t("Take them back")}
          </button>
          <button class="button" data-action="keep" autofocus>
            ${this.#isOne() ? t("Keep it") : t("Keep them")}
          </button>
        </form>
      </dialog>
    `;
  }

  #isOne(): boolean {
    return "clips" in this.#scope && this.foreseen?.num_clips === 1;
  }

  #title(): string {
    if (this.#isOne()) return t("Take this clip back?");
    return tn("Take {count} clip back?", "Take {count} clips back?", this.foreseen?.num_clips ?? 0);
  }

  #erasedLine(): string {
    if (this.#isOne()) return t("Its audio is erased here, for good.");
    return t("Their audio is erased here, for good: the originals and all that was made of them.");
  }

  /** What the law wants kept is not erased at once, and nobody is told that it were. */
  #heldLine(): TemplateResult | typeof nothing {
    const held = this.foreseen?.num_held ?? 0;
    if (held === 0) return nothing;
    const said = tn(
      "{count} of them is under a legal hold: it is erased when that is lifted, and nobody uses it until then.",
      "{count} of them are under a legal hold: they are erased when that is lifted, and nobody uses them until then.",
      held,
    );
    return html`<li>${this.#isOne() ? t("It is under a legal hold: it is erased when that is lifted, and nobody uses it until then.") : said}</li>`;
  }

  #releaseLine(): string {
    const releases = this.foreseen?.releases ?? [];
    if (releases.length === 0) {
      return this.#isOne()
        ? t("It leaves the review queue and will be in no release.")
        : t("They leave the review queue and will be in no release.");
    }
    const names = { releases: releases.map(({ name }) => name).join(", ") };
    return this.#isOne()
      ? t("It leaves these releases, and their next download no longer holds it: {releases}.", names)
      : t("They leave these releases, whose next download no longer holds them: {releases}.", names);
  }

  async #confirm(event: Event): Promise<void> {
    event.preventDefault(); // it stays open until the server has said that it is done
    this.busy = true;
    try {
      const reason = this.querySelector("textarea")?.value.trim() ?? "";
      this.receipt = await withdrawAll(this.#id, this.#scope, reason);
      keepReceipt(this.receipt);
      this.querySelector("dialog")?.close();
      this.dispatchEvent(new Event("withdrawn"));
    } catch (error) {
      this.problem = Problem.of(error).message;
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("choir-withdraw-dialog", WithdrawDialog);

declare global {
  interface HTMLElementTagNameMap {
    "choir-withdraw-dialog": WithdrawDialog;
  }
}
