import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { clipAudioUrl, getClips, getClipsPage, withdrawClip } from "../api/client";
import { restoreSpeaker } from "../api/identity";
import { Problem } from "../api/problem";
import type { Clip, Page } from "../api/types";
import { ChoirElement } from "../lib/element";
import { moment } from "../lib/format";
import { Poller } from "../lib/poller";
import { t, tn } from "../lib/text";
import { isUnsettled, matchText, promptText, stateBadge } from "./clip-view";

/** `<choir-my-clips>`: a speaker's clips, what became of each, and the way to take one back. */
export class ChoirMyClips extends ChoirElement {
  static override properties = {
    page: { state: true },
    message: { state: true },
    problem: { state: true },
  };

  declare page: Page<Clip> | null;
  /** What has just happened, for eyes and screen readers. */
  declare message: string;
  declare problem: string;
  #number = 1;
  #poller: Poller | null = null;

  constructor() {
    super();
    this.page = null;
    this.message = "";
    this.problem = "";
  }

  protected override connected(): void {
    this.#poller = new Poller(this.scope, () => this.#ask(), () => this.#unsettled().length > 0);
    void this.#orSay(async () => {
      await restoreSpeaker();
      await this.#go(1);
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
    if (!this.page) return this.problem ? html`` : html`<p class="muted">${t("One moment…")}</p>`;
    if (this.page.count === 0) {
      return html`<p class="empty">${t("No clips yet. Once you have recorded, they are here.")}</p>`;
    }
    return html`
      <p class="muted">${tn("{count} clip", "{count} clips", this.page.count)}</p>
      <ul class="rows">
        ${repeat(this.page.results, (clip) => clip.id, (clip) => this.#row(clip))}
      </ul>
      ${this.#pager(this.page)}
    `;
  }

  #row(clip: Clip): TemplateResult {
    const erased = clip.state === "withdrawn" || clip.state === "erased";
    return html`
      <li class="row" data-clip=${clip.id} data-state=${clip.state}>
        <span class="row-title">${promptText(clip.prompt)}</span>
        <span class="row-facts">
          ${stateBadge(clip)} ${matchText(clip)}
          <time class="muted" datetime=${clip.uploaded_at}>${moment(clip.uploaded_at)}</time>
          ${clip.releases.map((release) => html`<span class="tag">${release}</span>`)}
          ${clip.problem ? html`<span class="reason">${clip.problem}</span>` : nothing}
        </span>
        <span class="row-actions">
          ${erased ? nothing : html`<choir-player .src=${clipAudioUrl(clip.id)}></choir-player>`}
          ${clip.withdrawable ? this.#withdrawButton(clip) : nothing}
        </span>
      </li>
    `;
  }

  #withdrawButton(clip: Clip): TemplateResult {
    return html`
      <button
        type="button"
        class="button"
        data-look="quiet"
        data-action="withdraw"
        @click=${() => this.querySelector("choir-withdraw-dialog")?.ask(clip)}
      >
        ${t("Take back")}
      </button>
    `;
  }

  #pager(page: Page<Clip>): TemplateResult | typeof nothing {
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

  async #go(number: number): Promise<void> {
    this.page = await getClipsPage(number);
    this.#number = number;
    this.#poller?.wake();
  }

  async #withdraw(event: Event & { currentTarget: EventTarget | null }): Promise<void> {
    const clip = (event.currentTarget as { clip?: Clip } | null)?.clip;
    if (!clip) return;
    await this.#orSay(async () => {
      this.#merge([await withdrawClip(clip.id)]);
      this.message = t("Taken back: “{text}”", { text: promptText(clip.prompt) });
      this.#poller?.wake();
      // The button that had the focus is gone.
      void this.focusOn("[role=status]");
    });
  }

  #unsettled(): string[] {
    return (this.page?.results ?? []).filter(isUnsettled).map((clip) => clip.id);
  }

  async #ask(): Promise<boolean> {
    const before = this.#unsettled();
    await this.#orSay(async () => this.#merge((await getClips(before)).results));
    return this.#unsettled().length !== before.length;
  }

  #merge(clips: readonly Clip[]): void {
    if (!this.page) return;
    const byId = new Map(clips.map((clip) => [clip.id, clip]));
    const results = this.page.results.map((clip) => byId.get(clip.id) ?? clip);
    this.page = { ...this.page, results };
  }

  async #orSay(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.problem = "";
    } catch (error) {
      const problem = Problem.of(error);
      // Who has never recorded has no clips: that is no fault.
      if (problem.code === "speaker_unknown") this.page = emptyPage();
      else this.problem = problem.message;
    }
  }
}

function emptyPage(): Page<Clip> {
  return { count: 0, next: null, previous: null, results: [] };
}

customElements.define("choir-my-clips", ChoirMyClips);
