import { html, nothing, type TemplateResult } from "lit";
import { castVote, nextReview } from "../api/client";
import { Problem } from "../api/problem";
import type { ReviewCase, Verdict } from "../api/types";
import { promptText } from "../clips/clip-view";
import { actionButton, keysOf, type Action } from "../lib/actions";
import { ChoirElement } from "../lib/element";
import { percent, seconds } from "../lib/format";
import { icons } from "../lib/icons";
import { listenForKeys } from "../lib/keys";
import { t, tn } from "../lib/text";

/** What the reviewer has in front of them. A verdict counts only after listening to the end. */
type State =
  | { name: "loading" }
  | { name: "empty" }
  | { name: "listening"; case: ReviewCase }
  | { name: "judging"; case: ReviewCase }
  | { name: "problem"; message: string };

/** `<choir-review campaign="slug">`: one clip after the other, heard and judged. */
export class ChoirReview extends ChoirElement {
  static override properties = {
    campaign: { type: String },
    state: { state: true },
    judged: { state: true },
    notice: { state: true },
  };

  declare campaign: string;
  declare state: State;
  declare judged: number;
  declare notice: string;

  constructor() {
    super();
    this.campaign = "";
    this.state = { name: "loading" };
    this.judged = 0;
    this.notice = "";
  }

  protected override connected(): void {
    listenForKeys(this.scope, () => this.#keys());
    void this.#next();
  }

  protected override willUpdate(): void {
    this.dataset["state"] = this.state.name;
  }

  protected override render(): TemplateResult {
    return html`
      ${this.#screen()}
      <p class=${this.notice ? "hint" : nothing} role="alert">${this.notice}</p>
      <p class="muted" role="status">
        ${this.judged > 0
          ? tn("{count} clip judged in this session", "{count} clips judged in this session", this.judged)
          : nothing}
      </p>
    `;
  }

  #screen(): TemplateResult {
    const { state } = this;
    switch (state.name) {
      case "loading":
        return html`<p class="muted">${t("One moment…")}</p>`;
      case "empty":
        return this.#endScreen(t("Nothing waits for you"), t("New clips come as people record them."));
      case "problem":
        return this.#endScreen(t("That did not work"), state.message);
      default:
        return this.#caseScreen(state.case, state.name === "judging");
    }
  }

  #endScreen(title: string, text: string): TemplateResult {
    const again: Action = {
      name: "next", label: t("Look again"), look: "primary", run: () => void this.#next(),
    };
    return html`
      <section class="card">
        <h2>${title}</h2>
        <p>${text}</p>
        <div class="actions">${actionButton(again)}</div>
      </section>
    `;
  }

  #caseScreen(item: ReviewCase, heard: boolean): TemplateResult {
    const { clip } = item;
    return html`
      <section class="card stage" aria-labelledby="prompt" data-case=${item.id}>
        <p class="instruction">
          ${clip.prompt?.kind === "noise" ? t("Is this only the room?") : t("Does the recording say this?")}
        </p>
        <p class="prompt" id="prompt">${promptText(clip.prompt)}</p>
        <choir-player
          .src=${clip.audio_url}
          shortcut="P"
          @heard=${() => this.#heard(item)}
          @unplayable=${() => (this.notice = t("This recording cannot be played. Judge it as unsure."))}
        ></choir-player>
        <p class="muted">${seconds(clip.duration_s)}</p>
        ${this.#machineView(item)}
        <fieldset class="actions verdicts" ?disabled=${!heard}>
          <legend class="visually-hidden">${t("Your verdict")}</legend>
          ${this.#verdicts().map(actionButton)}
        </fieldset>
        ${heard ? nothing : html`<p class="muted small">${t("Listen to the end first.")}</p>`}
      </section>
    `;
  }

  #machineView({ pre_score }: ReviewCase): TemplateResult | typeof nothing {
    if (!pre_score) return nothing;
    const match = pre_score.match === null ? t("no score") : percent(pre_score.match);
    return html`
      <dl class="machine">
        <div><dt>${t("The machine’s match")}</dt><dd>${match}</dd></div>
        <div><dt>${t("It heard")}</dt><dd>${pre_score.heard || t("nothing")}</dd></div>
      </dl>
    `;
  }

  #verdicts(): Action[] {
    const vote = (verdict: Verdict) => () => void this.#vote(verdict);
    return [
      { name: "accept", label: t("Accept"), key: "A", icon: icons.check, look: "primary", run: vote("accept") },
      { name: "reject", label: t("Reject"), key: "R", icon: icons.cross, run: vote("reject") },
      { name: "unsure", label: t("Unsure"), key: "U", icon: icons.unsure, run: vote("unsure") },
    ];
  }

  #keys(): Record<string, () => void> {
    // Never a stop: a key that meets the clip's own beginning must not silence it.
    const play = (): void => void this.querySelector("choir-player")?.replay();
    const verdicts = this.state.name === "judging" ? keysOf(this.#verdicts()) : {};
    return { p: play, " ": play, ...verdicts };
  }

  #heard(item: ReviewCase): void {
    if (this.state.name !== "listening" || this.state.case.id !== item.id) return;
    this.state = { name: "judging", case: item };
  }

  async #next(): Promise<void> {
    this.state = { name: "loading" };
    try {
      const item = await nextReview(this.campaign);
      this.state = item ? { name: "listening", case: item } : { name: "empty" };
    } catch (error) {
      this.state = { name: "problem", message: Problem.of(error).message };
    }
    await this.updateComplete;
    await this.querySelector("choir-player")?.replay();
  }

  async #vote(verdict: Verdict): Promise<void> {
    if (this.state.name !== "judging") return;
    const item = this.state.case;
    this.state = { name: "loading" };
    this.notice = "";
    try {
      await castVote(item.id, verdict);
      this.judged += 1;
    } catch (error) {
      const problem = Problem.of(error);
      this.notice = problem.message;
      // A vote that never arrived can be cast again; one that was refused cannot.
      if (problem.status === 0 || problem.status >= 500) {
        this.state = { name: "judging", case: item };
        return;
      }
    }
    await this.#next();
  }
}

customElements.define("choir-review", ChoirReview);
