import { html, nothing, type TemplateResult } from "lit";
import { restoreSpeaker } from "../api/identity";
import { getSummary, type Summary } from "../api/my-clips";
import { Problem } from "../api/problem";
import { getSpeakers, type AccountSpeaker } from "../api/speakers";
import { pauseClips, resumeClips, type ClipScope } from "../api/withdrawals";
import { ChoirElement } from "../lib/element";
import { t, tn } from "../lib/text";
import { filtersOf } from "./filter-view";
import { keptReceipts } from "./receipts";
import { receiptsView } from "./receipts-view";

/** `<choir-take-back account>`: everything, a campaign or one speaker's: back, or paused. */
export class ChoirTakeBack extends ChoirElement {
  static override properties = {
    account: { type: Boolean },
    summary: { state: true },
    message: { state: true },
    problem: { state: true },
  };

  declare account: boolean;
  declare summary: Summary | null;
  declare message: string;
  declare problem: string;
  #speakers: readonly AccountSpeaker[] = [];

  constructor() {
    super();
    this.account = false;
    this.summary = null;
    this.message = "";
    this.problem = "";
  }

  protected override connected(): void {
    void this.#orSay(async () => {
      await restoreSpeaker();
      if (this.account) this.#speakers = await getSpeakers();
      await this.#sumUp();
    });
  }

  async #sumUp(): Promise<void> {
    this.summary = await getSummary(filtersOf(""));
  }

  protected override render(): TemplateResult {
    return html`
      <p role="status" tabindex="-1" class=${this.message ? "message" : nothing}>${this.message}</p>
      <p role="alert" class=${this.problem ? "hint" : nothing}>${this.problem}</p>
      ${this.summary ? this.#choices(this.summary) : this.#waiting()}
      ${receiptsView(keptReceipts())}
      <choir-withdraw-dialog @withdrawn=${this.#leave}></choir-withdraw-dialog>
    `;
  }

  #waiting(): TemplateResult | typeof nothing {
    return this.problem ? nothing : html`<p class="muted">${t("One moment…")}</p>`;
  }

  #choices({ shelves, campaigns }: Summary): TemplateResult {
    const { waiting, used, not_used, paused } = shelves;
    const total = waiting + used + not_used + paused;
    if (total === 0) return html`<p class="empty">${t("You lend no clip any more.")}</p>`;
    const several = this.#speakers.length > 1;
    return html`
      ${this.#everything(total, paused)}
      ${campaigns.length > 1 || several
        ? html`<h2>${t("Or a part of it")}</h2>
            <ul class="rows">
              ${campaigns.length > 1 ? campaigns.map(({ slug, name, mine }) => this.#row(name, mine, { campaign: slug })) : nothing}
              ${several ? this.#speakers.map(({ id, label }) => this.#row(label || t("Speaker without a name"), null, { speaker: id })) : nothing}
            </ul>`
        : nothing}
      <p>
        ${t("Only some of them?")}
        <a href="/me/clips/">${t("Choose them in My clips")}</a>
      </p>
    `;
  }

  #everything(total: number, paused: number): TemplateResult {
    const all: ClipScope = { everything: true };
    return html`
      <section class="card" aria-labelledby="all-title">
        <h2 id="all-title">${t("Everything")}</h2>
        <p>${tn("You lend {count} clip.", "You lend {count} clips.", total)} ${this.#pausedText(paused)}</p>
        <div class="actions">
          <button type="button" class="button" data-look="danger" data-action="withdraw" @click=${() => this.#askFor(all)}>
            ${t("Take everything back…")}
          </button>
          ${paused < total
            ? html`<button type="button" class="button" data-action="pause" @click=${() => this.#pause(all)}>${t("Pause all")}</button>`
            : nothing}
          ${paused > 0
            ? html`<button type="button" class="button" data-action="resume" @click=${() => this.#resume(all)}>${t("Resume all")}</button>`
            : nothing}
        </div>
        <p class="muted small">${t("A pause erases nothing: the clips leave review and downloads until you resume.")}</p>
      </section>
    `;
  }

  #pausedText(paused: number): string {
    return paused === 0 ? "" : tn("{count} of them is paused.", "{count} of them are paused.", paused);
  }

  #row(name: string, count: number | null, scope: ClipScope): TemplateResult {
    return html`
      <li class="row">
        <span class="row-title">${name}</span>
        <span class="row-facts muted">${count === null ? nothing : tn("{count} clip", "{count} clips", count)}</span>
        <span class="row-actions">
          <button type="button" class="button" data-look="quiet" data-action="pause" @click=${() => this.#pause(scope)}>
            ${t("Pause")}<span class="visually-hidden">: ${name}</span>
          </button>
          <button type="button" class="button" data-action="withdraw" @click=${() => this.#askFor(scope, name)}>
            ${t("Take back…")}<span class="visually-hidden">: ${name}</span>
          </button>
        </span>
      </li>
    `;
  }

  #askFor(scope: ClipScope, name = ""): void {
    void this.#orSay(async () => this.querySelector("choir-withdraw-dialog")?.ask(scope, name));
  }

  #leave(): void {
    const receipt = this.querySelector("choir-withdraw-dialog")?.receipt;
    if (receipt) location.assign(receipt.url);
  }

  #pause(scope: ClipScope): void {
    void this.#circulate(async () => {
      const { num_clips } = await pauseClips(scope);
      return tn("{count} clip is paused.", "{count} clips are paused.", num_clips);
    });
  }

  #resume(scope: ClipScope): void {
    void this.#circulate(async () => {
      const { num_clips } = await resumeClips(scope);
      return tn("{count} clip circulates again.", "{count} clips circulate again.", num_clips);
    });
  }

  async #circulate(work: () => Promise<string>): Promise<void> {
    await this.#orSay(async () => {
      this.message = await work();
      await this.#sumUp();
      await this.focusOn("[role=status]");
    });
  }

  async #orSay(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.problem = "";
    } catch (error) {
      this.problem = Problem.of(error).message;
    }
  }
}

customElements.define("choir-take-back", ChoirTakeBack);
