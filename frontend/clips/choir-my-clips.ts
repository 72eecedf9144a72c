import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { getClips, withdrawClip } from "../api/client";
import { restoreSpeaker } from "../api/identity";
import { getMyClips, getSummary, type Filters, type MyClip, type Summary } from "../api/my-clips";
import { Problem } from "../api/problem";
import { getSpeakers, type AccountSpeaker } from "../api/speakers";
import type { Page } from "../api/types";
import { ChoirElement } from "../lib/element";
import { Poller } from "../lib/poller";
import { t, tn } from "../lib/text";
import { clipRow } from "./clip-row";
import { isUnsettled, promptText } from "./clip-view";
import { filtersOf, filterView, searchOf } from "./filter-view";
import { summaryView } from "./summary-view";

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
    message: { state: true },
    problem: { state: true },
  };

  declare account: boolean;
  declare page: Page<MyClip> | null;
  declare summary: Summary | null;
  declare filters: Filters;
  /** What has just happened, for eyes and screen readers. */
  declare message: string;
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
    this.message = "";
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
      <p role="status" tabindex="-1" class=${this.message ? "message" : nothing}>${this.message}</p>
      <p role="alert" class=${this.problem ? "hint" : nothing}>${this.problem}</p>
      ${this.#body()}
      <choir-withdraw-dialog @confirmed=${this.#withdraw}></choir-withdraw-dialog>
    `;
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
      <p class="muted" role="status">${tn("{count} clip", "{count} clips", page.count)}</p>
      <ul class="rows">
        ${repeat(page.results, (clip) => clip.id, (clip) => clipRow(clip, this.#speakerOf(clip), () => this.#askFor(clip)))}
      </ul>
      ${this.#pager(page)}
    `;
  }

  #speakerOf(clip: MyClip): string {
    if (this.#speakers.length < 2) return "";
    return this.#speakers.find(({ id }) => id === clip.speaker)?.label ?? "";
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
    this.#number = number;
    this.#poller?.wake();
  }

  async #sumUp(): Promise<void> {
    const { filters } = this;
    const summary = await getSummary(filters);
    if (filters === this.filters) this.summary = summary;
  }

  #askFor(clip: MyClip): void {
    void this.querySelector("choir-withdraw-dialog")?.ask(clip);
  }

  async #withdraw(event: Event & { currentTarget: EventTarget | null }): Promise<void> {
    const clip = (event.currentTarget as { clip?: MyClip } | null)?.clip;
    if (!clip) return;
    await this.#orSay(async () => {
      this.#merge([await withdrawClip(clip.id)]);
      this.message = t("Taken back: “{text}”", { text: promptText(clip.prompt) });
      this.#poller?.wake();
      // The button that had the focus is gone.
      void this.focusOn("[role=status]");
      await this.#sumUp();
    });
  }

  #unsettled(): string[] {
    return (this.page?.results ?? []).filter(isUnsettled).map((clip) => clip.id);
  }

  async #ask(): Promise<boolean> {
    const before = this.#unsettled();
    await this.#orSay(async () => {
      this.#merge((await getClips(before)).results);
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
