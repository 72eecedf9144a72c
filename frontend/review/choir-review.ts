import { html, nothing, type TemplateResult } from "lit";
import type { ReviewMode, ReviewQuestion, Verdict } from "../api/types";
import { promptText } from "../clips/clip-view";
import { actionButton, keysOf, type Action } from "../lib/actions";
import { ChoirElement } from "../lib/element";
import { icons } from "../lib/icons";
import { listenForKeys } from "../lib/keys";
import { reportDialog } from "../lib/report-dialog";
import { t } from "../lib/text";
import { answer, nextQuestion, takeAnswerBack } from "./cards";
import "./choir-waveform";
import { Desk } from "./desk";
import * as preferences from "./preferences";
import type { PreparedCase } from "./prepared";
import { promptView } from "./view/case";
import { guidelinesDialog, helpDialog } from "./view/dialogs";
import { keyLines } from "./view/key-lines";
import { machineView } from "./view/machine";
import { clipReport } from "./view/clip-report";
import { endScreen, feedbackView, paceView, unsentView } from "./view/screens";
import { cardView, openProposals, tagsView } from "./view/tags";
import { transcriptView } from "./view/transcript";
import { transportView, type Transport } from "./view/transport";
import { verdictsView, whyAsleep } from "./view/verdicts";

const STEP_S = 0.5;

/** `<choir-review campaign="slug">`: one clip after the other, heard and judged. */
export class ChoirReview extends ChoirElement {
  static override properties = {
    campaign: { type: String },
    dialog: { state: true },
  };

  declare campaign: string;
  declare dialog: "help" | "guidelines" | "report" | null;
  desk!: Desk;

  constructor() {
    super();
    this.campaign = "";
    this.dialog = null;
  }

  protected override connected(): void {
    this.desk = new Desk(this.campaign, this.scope, () => this.requestUpdate());
    listenForKeys(this.scope, () => this.#keys());
    // A page may only make sound after a gesture; any will do.
    for (const type of ["keydown", "pointerdown"]) {
      this.scope.listen(document, type, () => this.desk.wake());
    }
  }

  protected override willUpdate(): void {
    const { desk } = this;
    Object.assign(this.dataset, {
      state: desk.state,
      mode: this.#mode,
      loaded: desk.num_loaded,
      heard: desk.current?.sound.heard.to_end ?? false,
      unsent: desk.outbox.waiting,
    });
  }

  protected override render(): TemplateResult {
    return html`
      ${unsentView(this.desk)}
      <p class=${this.desk.notice ? "hint" : nothing} role="status">${this.desk.notice}</p>
      ${this.#screen()} ${this.#openDialog()}
    `;
  }

  protected override updated(): void {
    const dialog = this.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    if (this.desk.feedback && document.activeElement === document.body) {
      this.querySelector<HTMLElement>('[data-action="go-on"]')?.focus();
    }
  }

  #screen(): TemplateResult {
    const { desk } = this;
    if (desk.current) return this.#caseScreen(desk.current);
    const again: Action = {
      name: "next", label: t("Look again"), look: "primary", run: () => desk.lookAgain(),
    };
    const actions = desk.can_undo ? [again, this.#undoAction()] : [again];
    if (desk.state === "empty") {
      const text = t("New clips come as people record them; they appear here by themselves.");
      const thanks = desk.pace.judged > 0 ? `${t("Thank you for listening.")} ${text}` : text;
      return html`${paceView(desk)}${endScreen(t("Nothing waits for you"), thanks, actions)}`;
    }
    if (desk.state === "problem") {
      return endScreen(t("That did not work"), desk.problem?.message ?? "", actions);
    }
    return html`<p class="muted">${t("One moment…")}</p>`;
  }

  #caseScreen(prepared: PreparedCase): TemplateResult {
    const { desk } = this;
    const { item } = prepared;
    const card = this.#mode === "cards" ? this.#card(prepared) : null;
    return html`
      <div class="desk-head">${paceView(desk)}<div class="desk-tools">${this.#headActions().map(actionButton)}</div></div>
      <section class="card desk" aria-labelledby="prompt" data-case=${item.id} data-kind=${item.clip.prompt?.kind ?? nothing}>
        <div class="asked">${promptView(prepared)}</div>
        <p class="visually-hidden" role="status">${t("Now: {prompt}", { prompt: item.clip.prompt ? promptText(item.clip.prompt) : t("No prompt") })}</p>
        ${prepared.is_loaded
          ? html`<choir-waveform 
              .prepared=${prepared}
              .picture=${prepared.spectrogram}
              .position_s=${prepared.sound.position_s}
            ></choir-waveform>`
          : html`<p class="sound-view muted">${t("One moment…")}</p>`}
        ${transportView(prepared, desk.rate, this.#transport(prepared))}
        ${this.#said(prepared, card)}
        ${desk.feedback ? feedbackView(desk, () => desk.goOn()) : nothing}
        ${desk.feedback || card ? nothing : verdictsView(desk, (verdict) => this.#judge(verdict))}
        <div class="stage-tools">${this.#caseActions().map(actionButton)}</div>
      </section>
    `;
  }

  /** What is said of the clip; where there is no prompt, the words are what is asked for. */
  #said(prepared: PreparedCase, card: TemplateResult | null): TemplateResult {
    const asked = this.#mode === "cards" ? card : this.#tags(prepared);
    const machine = machineView(prepared.item);
    const words = transcriptView(prepared, (text) => this.#write(prepared, text), () => this.#judge("accept"));
    const parts = prepared.item.clip.prompt || card ? [asked, machine, words] : [machine, words, asked];
    return html`<div class="said">${parts}</div>`;
  }

  get #mode(): ReviewMode {
    const { policy } = this.desk;
    if (!policy || policy.questions.length === 0) return "desk";
    return preferences.storedMode() ?? policy.mode_default;
  }

  #tags(prepared: PreparedCase): TemplateResult | typeof nothing {
    const { policy } = this.desk;
    if (!policy) return nothing;
    const take = (): void => this.#takeProposals(prepared);
    return tagsView(policy, prepared, (code) => this.#toggleTag(prepared, code), take);
  }

  #card(prepared: PreparedCase): TemplateResult | null {
    const { policy } = this.desk;
    return policy && cardView(policy, prepared, (question, code) => this.#choose(question, code));
  }

  #choose(question: ReviewQuestion, code: string): void {
    const { current } = this.desk;
    if (!current) return;
    if (current.sound.heard.heard_s === 0) return this.desk.say(t("Listen first."));
    answer(question, code, current.tags);
    this.desk.say("");
  }

  #toggleTag({ tags }: PreparedCase, code: string): void {
    if (!tags.delete(code)) tags.add(code);
    this.requestUpdate();
  }

  #takeProposals(prepared: PreparedCase): void {
    for (const code of openProposals(prepared)) prepared.tags.add(code);
    this.requestUpdate();
  }

  #write(prepared: PreparedCase, text: string | null): void {
    prepared.transcript = text;
    this.requestUpdate();
  }

  #openTranscript(): void {
    const { current } = this.desk;
    if (!current) return;
    current.transcript ??= "";
    this.requestUpdate();
    void this.focusOn("#transcript");
  }

  #judge(verdict: Verdict): void {
    const why = whyAsleep(this.desk, verdict);
    if (why) return this.desk.say(why);
    // Whoever wrote is done with writing, and their keys are the desk's again.
    if (document.activeElement instanceof HTMLTextAreaElement) document.activeElement.blur();
    this.desk.judge(verdict);
  }

  #undo(): void {
    const { policy, current } = this.desk;
    const is_on_cards = this.#mode === "cards" && policy && current;
    if (is_on_cards && takeAnswerBack(policy.questions, current.tags)) this.requestUpdate();
    else this.desk.undo();
  }

  #transport({ sound }: PreparedCase): Transport {
    const { desk } = this;
    return {
      toggle: () => sound.toggle(),
      replay: () => void sound.replay(),
      loop: () => (sound.is_looping = !sound.is_looping),
      slower: () => desk.setRate(preferences.stepRate(desk.rate, -1)),
      faster: () => desk.setRate(preferences.stepRate(desk.rate, 1)),
      clear: () => sound.select(0, 0),
    };
  }

  #undoAction(): Action {
    return {
      name: "undo", label: t("Undo"), key: "Z", icon: icons.undo, run: () => this.#undo(),
    };
  }

  #headActions(): Action[] {
    const open = (dialog: "help" | "guidelines") => () => (this.dialog = dialog);
    const actions: Action[] = [
      { name: "guidelines", label: t("How to judge"), key: "G", icon: icons.book, look: "quiet", run: open("guidelines") },
      { name: "help", label: t("Keys"), key: "?", icon: icons.unsure, look: "quiet", run: open("help") },
    ];
    if (!this.desk.policy?.questions.length) return actions;
    const label = this.#mode === "cards" ? t("All at once") : t("One question a card");
    return [
      { name: "mode", label, key: "C", icon: icons.cards, look: "quiet", run: () => this.#switchMode() },
      ...actions,
    ];
  }

  #switchMode(): void {
    preferences.rememberMode(this.#mode === "cards" ? "desk" : "cards");
    this.requestUpdate();
  }

  #caseActions(): Action[] {
    return [
      this.#undoAction(),
      { name: "skip", label: t("Skip"), key: "S", icon: icons.skip, run: () => this.desk.skip() },
      { name: "transcript", label: t("Correct the words"), key: "T", icon: icons.pencil, run: () => this.#openTranscript() },
      { name: "report", label: t("Report"), key: "!", icon: icons.flag, run: () => (this.dialog = "report") },
    ];
  }

  #openDialog(): TemplateResult | typeof nothing {
    const close = (): void => {
      this.dialog = null;
    };
    if (this.dialog === "help") return helpDialog(keyLines(), (name) => this.#flip(name), close);
    if (this.dialog === "guidelines") {
      return guidelinesDialog(this.desk.policy?.guidelines ?? "", close);
    }
    if (this.dialog !== "report") return nothing;
    return reportDialog(clipReport(), (reason, note) => this.desk.report(reason, note), close);
  }

  #flip(name: preferences.ReviewSwitch): void {
    const on = !preferences.isOn(name);
    preferences.turn(name, on);
    if (name === "even_volume") this.desk.even_volume = on;
    this.requestUpdate();
  }

  #keys(): Record<string, () => void> {
    const { desk } = this;
    const help = (): void => void (this.dialog = "help");
    if (!preferences.isOn("single_keys")) return {};
    if (desk.feedback) return { enter: () => desk.goOn(), " ": () => desk.goOn() };
    const { current } = desk;
    const undo = { z: () => this.#undo(), backspace: () => this.#undo() };
    if (!current) return { ...undo, "?": help };
    return {
      ...keysOf([...this.#headActions(), ...this.#caseActions()]),
      ...undo,
      ...this.#soundKeys(current),
      ...this.#verdictKeys(),
      ...(this.#mode === "cards" ? this.#answerKeys(current) : this.#tagKeys(current)),
    };
  }

  #soundKeys(current: PreparedCase): Record<string, () => void> {
    const { sound } = current;
    const run = this.#transport(current);
    const { start_s = 0, end_s = sound.duration_s } = sound.region ?? {};
    return {
      " ": run.toggle, k: run.toggle, p: run.replay, l: run.loop,
      "[": run.slower, ",": run.slower, "]": run.faster, ".": run.faster,
      arrowleft: () => sound.seek(sound.position_s - STEP_S),
      arrowright: () => sound.seek(sound.position_s + STEP_S),
      i: () => sound.select(sound.position_s, Math.max(end_s, sound.position_s)),
      o: () => sound.select(Math.min(start_s, sound.position_s), sound.position_s),
      escape: run.clear,
    };
  }

  #verdictKeys(): Record<string, () => void> {
    const { policy, current } = this.desk;
    const is_asked = this.#mode === "cards" && policy && current && nextQuestion(policy.questions, current.tags);
    if (is_asked) return {};
    const judge = (verdict: Verdict) => () => this.#judge(verdict);
    return { a: judge("accept"), r: judge("reject"), x: judge("reject"), u: judge("unsure") };
  }

  #tagKeys(current: PreparedCase): Record<string, () => void> {
    const tags = (this.desk.policy?.tags ?? []).filter(({ kind }) => kind === "quality");
    const keys = tags.flatMap(({ key, code }) => (key ? [[key, () => this.#toggleTag(current, code)]] : []));
    return { ...(Object.fromEntries(keys) as Record<string, () => void>), m: () => this.#takeProposals(current) };
  }

  #answerKeys(current: PreparedCase): Record<string, () => void> {
    const question = nextQuestion(this.desk.policy?.questions ?? [], current.tags);
    if (!question) return {};
    const keys = question.options.map(({ code }, i) => [String(i + 1), () => this.#choose(question, code)]);
    return Object.fromEntries(keys) as Record<string, () => void>;
  }
}

customElements.define("choir-review", ChoirReview);
