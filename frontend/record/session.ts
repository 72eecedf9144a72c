import { getCampaign, giveConsent, reportPrompt, skipPrompt, unskipPrompt } from "../api/client";
import { restoreSpeaker } from "../api/identity";
import { Problem } from "../api/problem";
import type { AgreedBy, Campaign, Prompt, RecordingWishes, ReportReason } from "../api/types";
import { Scope } from "../lib/scope";
import { t } from "../lib/text";
import { keptSet } from "../upload/prompt-store";
import { isTransient } from "../upload/queue";
import { askToPersist, roomForTakes } from "../upload/room";
import type { Uploader } from "../upload/uploader";
import { Ear } from "./ear";
import { INITIAL, currentPrompt, setOf, transition } from "./machine";
import type { Event, Outcome, RecordingSet, StartedBy, State } from "./machine";
import { MicrophoneHolder } from "./microphone/holder";
import { MicrophoneError, type Microphone, type Reading } from "./microphone/microphone";
import { canRecord } from "./microphone/stream";
import { MARGINS } from "./pcm/take-buffer";
import { prefers, remember } from "./preferences";
import { PromptSource } from "./prompt-source";
import { rawTake, type FinishedTake, type RawTake } from "./take";
import { TakeDesk } from "./take-desk";
import { longestTake, silenceAfter, wishesOf } from "./wishes";

/** Time to read that now silence is wanted. */
const BEFORE_NOISE_MS = 1_500;

/** The server should know, but the set does not depend on it. */
async function told(request: Promise<null>): Promise<void> {
  try {
    await request;
  } catch (error) {
    console.warn("The server was not told:", error);
  }
}

/** Does what the states of the machine call for: microphone, encoder, server, upload queue. */
export class Session {
  state: State = INITIAL;
  campaign: Campaign | null = null;
  /** Something the speaker must know that does not end the set. */
  notice: string | null = null;
  /** Called after every change of what can be seen. */
  onchange: (previous: State) => void = () => {};
  onlevel: Microphone["onlevel"] = () => {};
  /** Called with the id of an accepted take that its speaker wants undone. */
  onundone: (take_id: string) => void = () => {};
  /** The purposes that were ticked besides the base. */
  readonly opted_into = new Set<string>();
  readonly ear = new Ear();
  readonly #scope = new Scope();
  readonly #desk: TakeDesk;
  readonly #source: PromptSource;
  readonly #microphone = new MicrophoneHolder();
  #wants_hands_free = prefers("hands_free");
  #held = false;
  #pre_roll_ms = MARGINS.pre_roll_ms;
  #endWait: () => void = () => {};

  constructor(
    private readonly slug: string,
    first: string | null,
    private readonly uploader: () => Promise<Uploader>,
  ) {
    this.#desk = new TakeDesk(slug, uploader, () => this.campaign?.speaker?.id);
    this.#desk.onfull = () => this.dispatch({ type: "failed", fault: "full" });
    this.#source = new PromptSource(slug, first);
    this.ear.onstart = (ago_s) => this.#voiceBegan(ago_s);
    this.ear.onend = () => this.#voiceEnded();
    this.ear.onclipped = () => this.#clipped();
    this.ear.ondead = () => this.dispatch({ type: "failed", fault: "silent" });
    this.#scope.listen(document, "visibilitychange", () => this.#lookAway());
  }

  /** The take that waits for its speaker's judgement. */
  get take(): FinishedTake | null {
    return this.#desk.take;
  }

  get wishes(): RecordingWishes {
    return wishesOf(this.campaign);
  }

  /** Whether takes begin and end by themselves: wished for, and possible with this microphone. */
  get hands_free(): boolean {
    return this.#wants_hands_free && this.can_be_hands_free;
  }

  /** Whether the microphone that is open leaves the choice. */
  get can_be_hands_free(): boolean {
    return this.#microphone.current?.gives_samples ?? true;
  }

  /** Learns from the server, or offline from the device, whether this speaker has agreed. */
  async load(): Promise<void> {
    await this.#orFault(async () => {
      if (!canRecord()) throw new MicrophoneError("unsupported");
      this.campaign = await this.#findCampaign();
      this.dispatch({ type: "loaded", consented: this.campaign.consented });
    });
  }

  /** The speaker's gesture: agrees if that is still to do, and opens the microphone meanwhile. */
  async begin(by: AgreedBy = "adult"): Promise<void> {
    this.#openInGesture();
    await this.#orFault(async () => {
      if (this.state.name === "consent") await this.#agree(by);
      await this.#desk.retry();
      this.dispatch({ type: "begin" });
    });
  }

  /** Shows the campaign's new text, where there is one. */
  async askAgain(): Promise<void> {
    const campaign = await getCampaign(this.slug);
    if (campaign.consented) return;
    this.campaign = campaign;
    this.opted_into.clear();
    this.dispatch({ type: "asked" });
  }

  /** Keeps the take on the device, starts to send it, and goes to the next prompt. */
  async accept(): Promise<void> {
    const prompt = this.#prompt();
    if (this.state.name !== "take" || !prompt) return;
    try {
      const take_id = await this.#desk.keepShown(prompt);
      if (take_id) this.dispatch({ type: "accept", take_id });
    } catch (error) {
      this.#notify(t("This device could not keep the take. Is its storage full?"), error);
    }
  }

  /** Passes the prompt, and has the server remember that. */
  skip(): void {
    const prompt = this.#prompt();
    this.dispatch({ type: "skip" });
    if (prompt) void told(skipPrompt(prompt.id));
  }

  /** Reports the prompt to the curators, and passes it. */
  async report(prompt: Prompt, reason: ReportReason, note: string): Promise<void> {
    if (this.#prompt()?.id === prompt.id) this.dispatch({ type: "skip" });
    await told(reportPrompt(prompt.id, reason, note));
  }

  /** Goes back to the prompt before, and takes back what was done with it. */
  undo(): void {
    const before = "set" in this.state ? this.state.set : null;
    const outcome = before?.outcomes.at(-1);
    const previous = this.state;
    if (previous.name === "finished") this.#openInGesture();
    this.dispatch({ type: "undo" });
    if (this.state === previous || !before || !outcome) return;
    void this.#takeBack(outcome, before);
  }

  get can_undo(): boolean {
    return transition(this.state, { type: "undo" }) !== this.state;
  }

  /** Switches between takes that begin by themselves and takes by hand; remembered. */
  setHandsFree(on: boolean): void {
    this.#wants_hands_free = on;
    remember("hands_free", on);
    const { state } = this;
    if (state.name === "recording" && state.by === "voice") this.dispatch({ type: "cancel" });
    else if (state.name === "ready") this.#awaitVoice(state.set);
    this.onchange(this.state);
  }

  /** While `held`, no voice begins a take: somebody reads a dialog. */
  hold(held: boolean): void {
    this.#held = held;
    // Only what ran when the dialog opened: a take begun as it closes is wanted.
    if (held && this.state.name === "recording") this.dispatch({ type: "cancel" });
    this.ear.restart();
  }

  dispatch(event: Event): void {
    const previous = this.state;
    const next = transition(previous, event);
    if (next === previous) return;
    this.state = next;
    this.notice = null;
    this.#leave(previous);
    this.#enter(next, previous);
    this.onchange(previous);
  }

  close(): void {
    this.#scope.dispose();
    this.#microphone.close();
    this.#desk.close();
  }

  #enter(state: State, previous: State): void {
    if (state.name === "loading") void this.load();
    if (state.name === "opening") void this.#open();
    if (state.name === "quiet") void this.#measureRoom(state.set, state.again);
    if (state.name === "ready") this.#await(state.set, previous);
    if (state.name === "recording") this.#record(state.set, state.by);
    if (state.name === "ending") void this.#end(state.set, state.by);
    if (["loading", "consent", "fault", "finished"].includes(state.name)) this.#microphone.close();
  }

  #leave(state: State): void {
    this.#endWait();
    if (state.name === "take") this.#desk.clear();
    if (state.name === "recording" && this.state.name !== "ending") this.#microphone.current?.cancel();
    const before = setOf(state)?.outcomes.length;
    if (setOf(this.state)?.outcomes.length !== before) this.#desk.beginPrompt();
  }

  async #findCampaign(): Promise<Campaign> {
    try {
      await restoreSpeaker();
      return await getCampaign(this.slug);
    } catch (error) {
      const kept = isTransient(Problem.of(error)) ? await keptSet(this.slug) : null;
      if (!kept) throw error;
      return kept.campaign;
    }
  }

  async #agree(by: AgreedBy): Promise<void> {
    const { consent } = this.campaign!;
    const { speaker_id } = await giveConsent(this.slug, consent, by, [...this.opted_into]);
    const speaker = { id: speaker_id, asked_about_themselves: false };
    this.campaign = { ...this.campaign!, consented: true, speaker };
    void askToPersist();
    (await this.uploader()).hurry(); // what waited for this
  }

  #openInGesture(): void {
    // Before the campaign is known there is nothing to record for.
    if (!this.campaign) return;
    this.#microphone.openInGesture();
    // The library comes while the person is asked for the microphone.
    this.#desk.warm();
  }

  async #open(): Promise<void> {
    await this.#orFault(async () => {
      const prompts = this.#source.next(this.campaign!, this.wishes.prompts_per_set);
      prompts.catch(() => {});
      if (!(await roomForTakes())) return this.dispatch({ type: "failed", fault: "full" });
      await this.#microphone.opened((microphone) => this.#attend(microphone));
      this.dispatch({ type: "opened", prompts: setOf(this.state) ? [] : await prompts });
    });
  }

  #attend(microphone: Microphone): void {
    microphone.onlevel = (reading) => this.#hear(reading);
    microphone.onlost = (fault) => this.dispatch({ type: "failed", fault });
  }

  #hear(reading: Reading): void {
    this.onlevel(reading);
    const { state } = this;
    if (state.name === "quiet") this.ear.pushTone(reading);
    const listening = state.name === "ready" || (state.name === "recording" && state.by === "voice");
    if (listening && this.hands_free && !this.#held) {
      this.ear.push(reading, silenceAfter(currentPrompt(state.set), this.wishes));
    }
  }

  /** Two seconds of nobody speaking: the floor, and a noise-only clip where that is wanted. */
  async #measureRoom(set: RecordingSet, again: boolean): Promise<void> {
    const { room_tone_s, room_tone_prompt } = this.wishes;
    const microphone = this.#microphone.current!;
    if (!microphone.gives_samples || room_tone_s <= 0) return this.dispatch({ type: "measured" });
    await this.#orFault(async () => {
      microphone.start(0);
      const tone = await this.ear.measure(room_tone_s);
      const raw = await microphone.stop(0);
      if (microphone !== this.#microphone.current || this.state.name !== "quiet") return;
      if (!tone.steady && !again) return this.dispatch({ type: "disturbed" });
      if (tone.steady && room_tone_prompt && set.outcomes.length === 0) {
        const prompt = { id: room_tone_prompt, kind: "noise" as const, text: "" };
        this.#desk.keepLater(rawTake(raw, "noise", "voice", tone.floor_dbfs), prompt);
      }
      this.dispatch({ type: "measured" });
    });
  }

  /** Waits for the prompt to be said. */
  #await(set: RecordingSet, previous: State): void {
    // After a take that a voice ended the ear has heard the silence already.
    if (previous.name !== "ending" || previous.by === "hand") this.ear.restart();
    this.#awaitVoice(set);
    void roomForTakes().then((room) => {
      if (!room && this.state.name === "ready") this.dispatch({ type: "failed", fault: "full" });
    });
  }

  /** Silence begins by itself, too, but not by its sound. */
  #awaitVoice(set: RecordingSet): void {
    this.#endWait();
    if (!this.hands_free || currentPrompt(set).kind !== "noise") return;
    this.#endWait = this.#scope.timeout(BEFORE_NOISE_MS, () => this.#voiceBegan(0, 0));
  }

  #voiceBegan(ago_s: number, pre_roll_ms = MARGINS.pre_roll_ms): void {
    if (this.state.name !== "ready" || this.#held) return;
    const noise = currentPrompt(this.state.set).kind === "noise";
    if (noise && pre_roll_ms > 0) return;
    this.#pre_roll_ms = pre_roll_ms + 1000 * ago_s;
    this.dispatch({ type: "start", by: "voice" });
  }

  #voiceEnded(): void {
    const { state } = this;
    if (state.name !== "recording" || currentPrompt(state.set).kind === "noise") return;
    this.dispatch({ type: "stop" });
  }

  /** A take that is clipped already is not worth its end. */
  #clipped(): void {
    if (this.state.name !== "recording") return;
    this.#desk.countRestart();
    this.dispatch({ type: "troubled", trouble: "clipped" });
  }

  #record(set: RecordingSet, by: StartedBy): void {
    this.#microphone.current!.start(by === "voice" ? this.#pre_roll_ms : undefined);
    const limit_s = longestTake(currentPrompt(set), this.wishes, by === "voice");
    this.#endWait = this.#scope.timeout(1000 * limit_s, () => this.dispatch({ type: "stop" }));
  }

  async #end(set: RecordingSet, by: StartedBy): Promise<void> {
    await this.#orFault(async () => {
      const prompt = currentPrompt(set);
      const raw = await this.#microphone.current!.stop();
      const take = rawTake(raw, prompt.kind, by, this.ear.floor_dbfs);
      const { trouble } = take.judgement;
      if (trouble === "silent") return this.dispatch({ type: "failed", fault: "silent" });
      if (by === "hand") return this.#show(take);
      if (!trouble) return this.#acceptByItself(take, prompt);
      if (!this.#desk.mayAskAgain()) return this.#show(take);
      this.dispatch({ type: "troubled", trouble });
    });
  }

  async #show(take: RawTake): Promise<void> {
    await this.#desk.show(take);
    this.dispatch({ type: "taken" });
    // Meanwhile the set may have ended: then nobody will judge this take.
    if (this.state.name !== "take") this.#desk.clear();
  }

  /** Keeps a take while its speaker is at the next prompt already. */
  #acceptByItself(take: RawTake, prompt: Prompt): void {
    if (this.state.name !== "ending") return;
    this.#desk.keepLater(take, prompt);
    this.dispatch({ type: "accept", take_id: take.id });
  }

  async #takeBack(outcome: Outcome, set: RecordingSet): Promise<void> {
    if (outcome.kind === "passed") {
      return told(unskipPrompt(set.prompts[set.outcomes.length - 1]!.id));
    }
    if (!(await this.#desk.forget(outcome.take_id))) this.onundone(outcome.take_id);
  }

  /** The prompt that the set stands at. */
  #prompt(): Prompt | null {
    const set = setOf(this.state);
    return set && set.outcomes.length < set.prompts.length ? currentPrompt(set) : null;
  }

  /** A page that nobody sees does not listen; and Safari gives it silence only. */
  #lookAway(): void {
    const listening = ["quiet", "ready", "recording"].includes(this.state.name);
    if (document.hidden && listening && this.hands_free) {
      this.dispatch({ type: "failed", fault: "away" });
    }
  }

  #notify(notice: string, error: unknown): void {
    console.error(notice, error);
    this.notice = notice;
    this.onchange(this.state);
  }

  /** Runs `work`; what it throws becomes a state that says what happened. */
  async #orFault(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      const fault = error instanceof MicrophoneError ? error.fault : "server";
      console.error(error);
      this.dispatch({ type: "failed", fault, detail: Problem.of(error).message });
    }
  }
}
