import { html, nothing, type TemplateResult } from "lit";
import { getCampaign } from "../api/client";
import type { Campaign } from "../api/types";
import { keysOf, type Action } from "../lib/actions";
import { ChoirElement } from "../lib/element";
import { icons } from "../lib/icons";
import { listenForKeys } from "../lib/keys";
import { reportDialog } from "../lib/report-dialog";
import { t } from "../lib/text";
import { sharedUploader } from "../upload/shared";
import { loadAbout } from "./about";
import { currentPrompt, type State } from "./machine";
import { prefers, remember } from "./preferences";
import { Session } from "./session";
import { TakeLog } from "./take-log";
import { consentScreen } from "./view/consent-screen";
import { helpDialog } from "./view/help-dialog";
import { promptReport } from "./view/prompt-report";
import * as screens from "./view/screens";
import { isOnStage, stageScreen } from "./view/stage";
import { mainActions, silentActions, toolActions, type StageDoings } from "./view/stage-actions";
import { takeList } from "./view/take-list";
import { announcement } from "./view/texts";

/**
 * `<choir-recorder campaign="slug" clips-url="…">`: from consent through a set of prompts to
 * thanks. `data-state` names the state it is in. `?prompt=<id>` in the page's address is the
 * prompt to begin with.
 */
export class ChoirRecorder extends ChoirElement {
  static override properties = {
    campaign: { type: String },
    clipsUrl: { type: String, attribute: "clips-url" },
    dialog: { state: true },
    copied: { state: true },
    asks: { state: true },
  };

  declare campaign: string;
  declare clipsUrl: string;
  declare dialog: "help" | "report" | null;
  declare copied: boolean;
  /** Whether the speaker is asked about themselves, after a set. */
  declare asks: boolean;
  #session: Session | null = null;
  #log: TakeLog | null = null;
  /** The campaign as it stands after this set. */
  #grown: Campaign | null = null;
  /** How many takes of this visit the campaign's progress counts; −1 before it is asked for. */
  #counted = -1;

  constructor() {
    super();
    this.campaign = "";
    this.clipsUrl = "";
    this.dialog = null;
    this.copied = false;
    this.asks = false;
  }

  protected override connected(): void {
    const first = new URLSearchParams(location.search).get("prompt");
    const session = new Session(this.campaign, first, sharedUploader);
    this.#session = session;
    session.onchange = (previous) => this.#follow(previous);
    session.onlevel = (reading) => this.querySelector("choir-level")?.show(reading);
    session.onundone = (id) => void this.#log?.takeBack(id);
    this.scope.own(() => session.close());
    listenForKeys(this.scope, () => this.#keys());
    this.scope.listen(this, "mousedown", (event: MouseEvent) => keepFocus(event));
    this.dataset["state"] = session.state.name;
    void session.load();
    void this.#openLog();
  }

  protected override render(): TemplateResult {
    const session = this.#session;
    if (!session) return screens.loadingScreen();
    const spoken = announcement(session.state, session.hands_free);
    return html`
      ${this.#screen(session)}
      <p class="visually-hidden" role="status">${spoken}</p>
      ${this.#log ? takeList(this.#log, session.wishes.show_heard) : nothing} ${this.#dialog(session)}
    `;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has("dialog") || !this.dialog) return;
    this.#session?.hold(true);
    this.querySelector("dialog")?.showModal();
  }

  async #openLog(): Promise<void> {
    const uploader = await sharedUploader();
    this.#log = new TakeLog(this.scope, uploader);
    uploader.onasked = () => void this.#session?.askAgain();
    this.scope.own(() => (uploader.onasked = () => {}));
    this.#log.onchange = () => {
      this.requestUpdate();
      void this.#celebrate();
    };
    this.requestUpdate();
  }

  #follow(previous: State): void {
    const { state, hands_free } = this.#session!;
    this.dataset["state"] = state.name;
    this.requestUpdate();
    if (previous.name === "finished") {
      this.#counted = -1;
      this.asks = false;
    }
    void this.#celebrate();
    // Upon arrival the page's beginning has the focus: the text comes before the answer to it.
    if (state === previous || previous.name === "loading") return;
    // Without hands the focus stays: a screen reader would read out a button at every prompt.
    if (hands_free && isOnStage(previous) && isOnStage(state) && state.name !== "take") return;
    const focused = document.activeElement ?? document.body;
    if (this.contains(focused) || focused === document.body) void this.focusOn(".actions .button");
  }

  /** Shows how far the campaign has come, and again with each take that arrives. */
  async #celebrate(): Promise<void> {
    const sent = this.#log?.sent ?? 0;
    if (this.#session?.state.name !== "finished" || sent === this.#counted) return;
    this.#counted = sent;
    try {
      this.#grown = await getCampaign(this.campaign);
      this.requestUpdate();
      const asked = this.#grown.speaker?.asked_about_themselves ?? true;
      if (asked) return;
      await loadAbout();
      this.asks = true;
    } catch (error) {
      console.warn("The campaign's progress is not known just now:", error);
    }
  }

  #keys(): Readonly<Record<string, () => void>> {
    const session = this.#session;
    if (!session) return {};
    const all = keysOf(this.#actions(session).filter(({ disabled }) => !disabled));
    if (prefers("single_keys")) return all;
    const named = Object.entries(all).filter(([key]) => key.length > 1 || key === " ");
    return Object.fromEntries(named);
  }

  #actions(session: Session): readonly Action[] {
    if (isOnStage(session.state)) {
      const doings = this.#doings();
      const { state } = session;
      const tools = toolActions(session, doings);
      return state.name === "quiet"
        ? [...tools, ...silentActions(session, doings)]
        : [...mainActions(session), ...tools, ...silentActions(session, doings)];
    }
    const begin = this.#beginAction(session);
    return [...(begin ? [begin] : []), ...this.#guardianAction(session), ...this.#undoAction(session)];
  }

  #doings(): StageDoings {
    return {
      play: () => void this.querySelector("choir-player")?.toggle(),
      help: () => (this.dialog = "help"),
      report: () => (this.dialog = "report"),
    };
  }

  /** The one button of every screen that is not the stage. */
  #beginAction(session: Session): Action | null {
    const run = (): void => void session.begin();
    switch (session.state.name) {
      case "consent": {
        const label = t("I am 18 or older and agree");
        return { name: "agree", label, look: "primary", run };
      }
      case "welcome":
        return { name: "begin", label: t("Begin"), icon: icons.microphone, look: "primary", run };
      case "fault": {
        const label = session.state.resume ? t("Go on") : t("Try again");
        return { name: "retry", label, look: "primary", run };
      }
      case "finished":
        return { name: "another", label: t("Another set"), look: "primary", run };
      default:
        return null;
    }
  }

  /** The second way to agree: for a child. */
  #guardianAction(session: Session): Action[] {
    if (session.state.name !== "consent") return [];
    const label = t("I am a parent or guardian and agree for a child");
    const run = (): void => void session.begin("guardian");
    return [{ name: "agree-for-a-child", label, look: "quiet", run }];
  }

  #undoAction(session: Session): Action[] {
    if (session.state.name !== "finished" || !session.can_undo) return [];
    const run = (): void => session.undo();
    return [{ name: "undo", label: t("Undo"), key: "U", icon: icons.undo, look: "quiet", run }];
  }

  #screen(session: Session): TemplateResult {
    const { state } = session;
    if (isOnStage(state)) {
      const main = state.name === "quiet" ? [] : mainActions(session);
      return stageScreen(session, state, main, toolActions(session, this.#doings()));
    }
    const begin = this.#beginAction(session);
    if (!begin) return state.name === "opening" ? screens.openingScreen() : screens.loadingScreen();
    if (state.name === "consent") {
      const ways = [begin, ...this.#guardianAction(session)];
      return consentScreen(session.campaign!.consent, ways, session.opted_into);
    }
    if (state.name === "fault") {
      return screens.faultScreen(state.fault, state.detail, begin, this.#copyAction());
    }
    if (state.name !== "finished") {
      return screens.welcomeScreen(begin, session.wishes.prompts_per_set);
    }
    const actions = [begin, ...this.#undoAction(session)] as const;
    const about = this.asks
      ? html`<choir-about campaign=${this.campaign}></choir-about>`
      : nothing;
    return html`${screens.finishedScreen(state.set, this.#grown, actions, this.clipsUrl)} ${about}`;
  }

  #copyAction(): Action {
    const label = this.copied ? t("Copied") : t("Copy the link");
    return { name: "copy", label, look: "primary", run: () => void this.#copyAddress() };
  }

  async #copyAddress(): Promise<void> {
    try {
      await navigator.clipboard.writeText(location.href);
      this.copied = true;
    } catch {
      // Refused, or no clipboard here: the address is selected for copying by hand.
      const address = this.querySelector(".page-address");
      if (address) getSelection()?.selectAllChildren(address);
    }
  }

  #dialog(session: Session): TemplateResult | typeof nothing {
    const { state } = session;
    const onclose = (): void => {
      this.dialog = null;
      session.hold(false);
    };
    if (this.dialog === "help") return helpDialog(() => this.#toggleKeys(), onclose);
    if (this.dialog !== "report" || !isOnStage(state)) return nothing;
    const prompt = currentPrompt(state.set);
    return reportDialog(
      promptReport(prompt, session.campaign?.language ?? ""),
      (reason, note) => void session.report(prompt, reason, note),
      onclose,
    );
  }

  #toggleKeys(): void {
    remember("single_keys", !prefers("single_keys"));
    this.requestUpdate();
  }
}

/**
 * A button that was clicked would keep the focus and take the next Space for itself: "Skip" would
 * skip again instead of recording. So clicks on the stage leave the focus where it is.
 */
function keepFocus(event: MouseEvent): void {
  if ((event.target as Element).closest(".stage button")) event.preventDefault();
}

customElements.define("choir-recorder", ChoirRecorder);
