import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { getClips } from "../api/client";
import { restoreSpeaker } from "../api/identity";
import { getMyClips, getSummary, type Filters, type MyClip, type Summary } from "../api/my-clips";
import { Problem } from "../api/problem";
import { getSpeakers, type AccountSpeaker } from "../api/speakers";
import type { Page } from "../api/types";
import { pauseClips, resumeClips, type Receipt } from "../api/withdrawals";
import { ChoirElement } from "../lib/element";
import { Poller } from "../lib/poller";
import { t, tn } from "../lib/text";
import { clipRow, type RowActions } from "./clip-row";
import { erasedMeanwhile, isUnsettled, promptText } from "./clip-view";
import { filtersOf, filterView, searchOf } from "./filter-view";
import { keptReceipts } from "./receipts";
import { receiptsView } from "./receipts-view";
import { summaryView } from "./summary-view";
import type { WithdrawDialog } from "./withdraw-dialog";

/**
 * `<choir-my-clips account>`: a speaker's clips, what became of each, and the way to take one
 * back. `account` is there when somebody is signed in, who may have several speakers.
 */
export class ChoirMyClips extends ChoirElement {
  static override properties = {
    account: { type: Boolean },
    page: { state: true },
    summary: { state: true },
    filters: { state: true },
    chosen: { state: true },
    message: { state: true },
    receipt: { state: true },
    problem: { state: true },
  };

  declare account: boolean;
  declare page: Page<MyClip> | null;
  declare summary: Summary | null;
  declare filters: Filters;
  /** The clips of this page that are ticked, by id. */
  declare chosen: ReadonlySet<string>;
  /** What has just happened, for eyes and screen readers. */
  declare message: string;
  /** Of the last withdrawal of this visit. */
  declare receipt: Receipt | null;
  declare problem: string;
  #speakers: readonly AccountSpeaker[] = [];
  #number = 1;
  #poller: Poller | null = null;

  constructor() {
    super();
    this.account = false;
    this.page = null;
    this.summary = null;
    this.filters = filtersOf("");
    this.chosen = new Set();
    this.message = "";
    this.receipt = null;
    this.problem = "";
  }

  protected override connected(): void {
    this.filters = filtersOf(location.search);
    this.#poller = new Poller(this.scope, () => this.#ask(), () => this.#unsettled().length > 0);
    void this.#orSay(async () => {
      await restoreSpeaker();
      if (this.account) this.#speakers = await getSpeakers();
      await Promise.all([this.#sumUp(), this.#go(1)]);
    });
  }

  protected override render(): TemplateResult {
    return html`
      <p role="status" tabindex="-1" class=${this.message ? "message" : nothing}>${this.message}${this.#receiptLink()}</p>
      <p role="alert" class=${this.problem ? "hint" : nothing}>${this.problem}</p>
      ${this.#body()}
      ${receiptsView(keptReceipts())}
      <choir-withdraw-dialog @withdrawn=${this.#withdrawn}></choir-withdraw-dialog>
    `;
  }

  #receiptLink(): TemplateResult | typeof nothing {
    return this.receipt ? html` <a href=${this.receipt.url}>${t("The receipt")}</a>` : nothing;
  }

  #body(): TemplateResult {
    const { page, summary } = this;
    if (!page || !summary) {
      return this.problem ? html`` : html`<p class="muted">${t("One moment…")}</p>`;
    }
    if (page.count === 0 && searchOf(this.filters) === "") {
      return html`<p class="empty">${t("No clips yet. Once you have recorded, they are here.")}</p>`;
    }
    const choices = { summary, speakers: this.#speakers };
    return html`
      ${summaryView(summary)} ${filterView(this.filters, choices, (filters) => this.#sift(filters))}
      ${page.count === 0 ? html`<p class="empty" data-none>${t("There is no clip here.")}</p>` : this.#list(page)}
    `;
  }

  #list(page: Page<MyClip>): TemplateResult {
    return html`
      <div class="list-head">
        <p class="muted" role="status">${tn("{count} clip", "{count} clips", page.count)}</p>
        <a href="/me/withdraw/">${t("Take back or pause all of them")}</a>
      </div>
      <ul class="rows">
        ${repeat(page.results, (clip) => clip.id, (clip) => clipRow(clip, this.#speakerOf(clip), this.#actionsOn(clip)))}
      </ul>
      ${this.chosen.size > 0 ? this.#chosenBar(page) : nothing}
      ${this.#pager(page)}
    `;
  }

  #speakerOf(clip: MyClip): string {
    if (this.#speakers.length < 2) return "";
    return this.#speakers.find(({ id }) => id === clip.speaker)?.label ?? "";
  }

  #actionsOn(clip: MyClip): RowActions {
    return {
      isChosen: this.chosen.has(clip.id),
      choose: (isChosen) => this.#choose([clip], isChosen),
      takeBack: () => this.#askFor({ clips: [clip.id] }, promptText(clip.prompt)),
    };
  }

  #choose(clips: readonly MyClip[], isChosen: boolean): void {
    const chosen = new Set(this.chosen);
    for (const { id } of clips) {
      if (isChosen) chosen.add(id);
      else chosen.delete(id);
    }
    this.chosen = chosen;
  }

  /** What can be done with all that is ticked; it stays in sight while somebody ticks. */
  #chosenBar(page: Page<MyClip>): TemplateResult {
    const all = page.results.filter(({ withdrawable }) => withdrawable);
    const scope = { clips: [...this.chosen] };
    const picked = all.filter(({ id }) => this.chosen.has(id));
    const button = (action: string, label: string, work: () => void): TemplateResult => html`
      <button type="button" class="button" data-look="small" data-action=${action} @click=${work}>${label}</button>
    `;
    return html`
      <div class="chosen-bar" role="group" aria-label=${t("The clips that you have chosen")}>
        <strong>${tn("{count} chosen", "{count} chosen", this.chosen.size)}</strong>
        ${button("withdraw-chosen", t("Take them back…"), () => this.#askFor(scope))}
        ${picked.some(({ state }) => state !== "paused") ? button("pause", t("Pause"), () => this.#pause()) : nothing}
        ${picked.some(({ state }) => state === "paused") ? button("resume", t("Resume"), () => this.#resume()) : nothing}
        ${picked.length < all.length ? button("choose-all", t("Choose all of this page"), () => this.#choose(all, true)) : nothing}
        ${button("choose-none", t("Choose none"), () => this.#choose(all, false))}
      </div>
    `;
  }

  #pager(page: Page<MyClip>): TemplateResult | typeof nothing {
    if (!page.next && !page.previous) return nothing;
    const button = (label: string, step: number, there: string | null): TemplateResult => html`
      <button type="button" class="button" ?disabled=${!there} @click=${() => this.#turn(step)}>
        ${label}
      </button>
    `;
    return html`
      <nav class="actions" aria-label=${t("Pages")}>
        ${button(t("Newer"), -1, page.previous)} ${button(t("Older"), 1, page.next)}
      </nav>
    `;
  }

  #turn(step: number): void {
    void this.#orSay(() => this.#go(this.#number + step));
  }

  #sift(filters: Filters): void {
    this.filters = filters;
    history.replaceState(history.state, "", location.pathname + searchOf(filters));
    void this.#orSay(async () => {
      await Promise.all([this.#go(1), this.#sumUp()]);
    });
  }

  async #go(number: number): Promise<void> {
    const { filters } = this;
    const page = await getMyClips(number, filters);
    // Somebody who chooses quickly gets what they chose last.
    if (filters !== this.filters) return;
    this.page = page;
    this.chosen = new Set();
    this.#number = number;
    this.#poller?.wake();
  }

  async #sumUp(): Promise<void> {
    const { filters } = this;
    const summary = await getSummary(filters);
    if (filters === this.filters) this.summary = summary;
  }

  #askFor(scope: { clips: string[] }, name = ""): void {
    void this.#orSay(async () => this.querySelector("choir-withdraw-dialog")?.ask(scope, name));
  }

  async #withdrawn(event: Event): Promise<void> {
    const { name, receipt } = event.currentTarget as WithdrawDialog;
    if (!receipt) return;
    const { num_clips } = receipt;
    this.receipt = receipt;
    const said = name ? t("Taken back: “{text}”", { text: name }) : "";
    await this.#changed(said || tn("{count} clip is taken back.", "{count} clips are taken back.", num_clips));
  }

  #pause(): void {
    void this.#orSay(async () => {
      const { num_clips } = await pauseClips({ clips: [...this.chosen] });
      this.receipt = null;
      await this.#changed(tn("{count} clip is paused.", "{count} clips are paused.", num_clips));
    });
  }

  #resume(): void {
    void this.#orSay(async () => {
      const { num_clips } = await resumeClips({ clips: [...this.chosen] });
      this.receipt = null;
      await this.#changed(tn("{count} clip circulates again.", "{count} clips circulate again.", num_clips));
    });
  }

  /** Says what was done, and shows the list as it is now. */
  async #changed(message: string): Promise<void> {
    this.message = message;
    this.chosen = new Set();
    // The button that had the focus is gone.
    void this.focusOn("[role=status]");
    await this.#orSay(async () => {
      await Promise.all([this.#go(this.#number), this.#sumUp()]);
    });
  }

  #unsettled(): string[] {
    return (this.page?.results ?? []).filter(isUnsettled).map((clip) => clip.id);
  }

  async #ask(): Promise<boolean> {
    const before = this.#unsettled();
    await this.#orSay(async () => {
      const told = (await getClips(before)).results;
      this.#merge([...told, ...erasedMeanwhile(this.page?.results ?? [], before, told)]);
      if (this.#unsettled().length !== before.length) await this.#sumUp();
    });
    return this.#unsettled().length !== before.length;
  }

  #merge(clips: readonly MyClip[]): void {
    if (!this.page) return;
    const byId = new Map(clips.map((clip) => [clip.id, clip]));
    const results = this.page.results.map((clip) => ({ ...clip, ...byId.get(clip.id) }));
    this.page = { ...this.page, results };
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

customElements.define("choir-my-clips", ChoirMyClips);
