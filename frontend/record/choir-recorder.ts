import { html, nothing, type TemplateResult } from "lit";
import { keysOf, type Action } from "../lib/actions";
import { ChoirElement } from "../lib/element";
import { icons } from "../lib/icons";
import { listenForKeys } from "../lib/keys";
import { t } from "../lib/text";
import { sharedUploader } from "../upload/shared";
import type { State } from "./machine";
import { Session } from "./session";
import { TakeLog } from "./take-log";
import * as screens from "./view/screens";
import { isOnStage, stageActions, stageScreen } from "./view/stage";
import { takeList } from "./view/take-list";
import { announcement } from "./view/texts";

/**
 * `<choir-recorder campaign="slug" clips-url="…">`: from consent through a set of prompts to
 * thanks. `data-state` names the state it is in.
 */
export class ChoirRecorder extends ChoirElement {
  static override properties = {
    campaign: { type: String },
    clipsUrl: { type: String, attribute: "clips-url" },
  };

  declare campaign: string;
  declare clipsUrl: string;
  #session: Session | null = null;
  #log: TakeLog | null = null;

  constructor() {
    super();
    this.campaign = "";
    this.clipsUrl = "";
  }

  protected override connected(): void {
    const session = new Session(this.campaign, sharedUploader);
    this.#session = session;
    session.onchange = (previous) => this.#follow(previous);
    session.onlevel = (peak_dbfs, duration_s) => {
      this.querySelector("choir-level")?.show(peak_dbfs, duration_s);
    };
    this.scope.own(() => session.close());
    listenForKeys(this.scope, () => keysOf(this.#actions()));
    this.dataset["state"] = session.state.name;
    void session.load();
    void this.#openLog();
  }

  protected override render(): TemplateResult {
    const session = this.#session;
    return html`
      ${session ? this.#screen(session) : screens.loadingScreen()}
      <p class="visually-hidden" role="status">${session ? announcement(session.state) : nothing}</p>
      ${this.#log ? takeList(this.#log) : nothing}
    `;
  }

  async #openLog(): Promise<void> {
    this.#log = new TakeLog(this.scope, await sharedUploader());
    this.#log.onchange = () => this.requestUpdate();
    this.requestUpdate();
  }

  #follow(previous: State): void {
    const state = this.#session!.state;
    this.dataset["state"] = state.name;
    this.requestUpdate();
    // Upon arrival the page's beginning has the focus: the text comes before the answer to it.
    if (state === previous || previous.name === "loading") return;
    const focused = document.activeElement ?? document.body;
    if (this.contains(focused) || focused === document.body) void this.focusOn(".actions .button");
  }

  #actions(): readonly Action[] {
    const session = this.#session;
    if (!session) return [];
    if (isOnStage(session.state)) return stageActions(session, () => this.#play());
    const begin = this.#beginAction(session);
    return begin ? [begin] : [];
  }

  /** The one button of every screen that is not the stage. */
  #beginAction(session: Session): Action | null {
    const run = (): void => void session.begin();
    switch (session.state.name) {
      case "consent": {
        const label = t("I am 18 or older, or my guardian agrees, and I agree");
        return { name: "agree", label, look: "primary", run };
      }
      case "welcome":
        return { name: "begin", label: t("Begin"), icon: icons.microphone, look: "primary", run };
      case "fault":
        return { name: "retry", label: t("Try again"), look: "primary", run };
      case "finished":
        return { name: "another", label: t("Another set"), look: "primary", run };
      default:
        return null;
    }
  }

  #screen(session: Session): TemplateResult {
    const { state } = session;
    if (isOnStage(state)) return stageScreen(session, state, this.#actions());
    const begin = this.#beginAction(session);
    if (!begin) return state.name === "opening" ? screens.openingScreen() : screens.loadingScreen();
    if (state.name === "consent") return screens.consentScreen(session.campaign!, begin);
    if (state.name === "fault") return screens.faultScreen(state.fault, state.detail, begin);
    if (state.name === "finished") return screens.finishedScreen(state.set, begin, this.clipsUrl);
    return screens.welcomeScreen(begin);
  }

  #play(): void {
    void this.querySelector("choir-player")?.toggle();
  }
}

customElements.define("choir-recorder", ChoirRecorder);
