import { getCampaign, getPrompts, giveConsent } from "../api/client";
import { restoreSpeaker } from "../api/identity";
import { Problem } from "../api/problem";
import type { Campaign } from "../api/types";
import { contentDigest } from "../lib/digest";
import { Scope } from "../lib/scope";
import { t } from "../lib/text";
import { uuid4 } from "../lib/uuid";
import type { Uploader } from "../upload/uploader";
import { Encoder } from "./encoder/encoder";
import { INITIAL, currentPrompt, transition, type Event, type State } from "./machine";
import { MicrophoneError, type Microphone } from "./microphone/microphone";
import { openMicrophone } from "./microphone/open";
import { finishedTake, releaseTake, type FinishedTake } from "./take";

const PROMPTS_PER_SET = 10;
const LONGEST_TAKE_MS = 60_000;

/** Does what the states of the machine call for: microphone, encoder, server, upload queue. */
export class Session {
  state: State = INITIAL;
  campaign: Campaign | null = null;
  take: FinishedTake | null = null;
  /** Something the speaker must know that does not end the set. */
  notice: string | null = null;
  /** Called after every change of what can be seen. */
  onchange: (previous: State) => void = () => {};
  onlevel: Microphone["onlevel"] = () => {};
  readonly #scope = new Scope();
  readonly #encoder = new Encoder();
  #microphone: Microphone | null = null;
  #endLimit: () => void = () => {};
  #accepting = false;

  constructor(
    private readonly slug: string,
    private readonly uploader: () => Promise<Uploader>,
  ) {}

  /** Learns from the server whether this speaker has agreed already. */
  async load(): Promise<void> {
    await this.#orFault(async () => {
      await restoreSpeaker();
      this.campaign = await getCampaign(this.slug);
      this.dispatch({ type: "loaded", consented: this.campaign.consented });
    });
  }

  /** The speaker's gesture: agrees if that is still to do, then opens the microphone. */
  async begin(): Promise<void> {
    if (this.state.name !== "consent") return this.dispatch({ type: "begin" });
    await this.#orFault(async () => {
      await giveConsent(this.slug, this.campaign!.consent);
      this.campaign = { ...this.campaign!, consented: true };
      this.dispatch({ type: "begin" });
    });
  }

  /** Keeps the take on the device, starts to send it, and goes to the next prompt. */
  async accept(): Promise<void> {
    if (this.state.name !== "take" || !this.take || this.#accepting) return;
    this.#accepting = true;
    try {
      await this.#keep(this.take);
      this.dispatch({ type: "accept" });
    } catch (error) {
      this.#notify(t("This device could not keep the take. Is its storage full?"), error);
    } finally {
      this.#accepting = false;
    }
  }

  dispatch(event: Event): void {
    const previous = this.state;
    const next = transition(previous, event);
    if (next === previous) return;
    this.state = next;
    this.notice = null;
    this.#leave(previous);
    this.#enter(next);
    this.onchange(previous);
  }

  close(): void {
    this.#scope.dispose();
    this.#closeMicrophone();
    this.#encoder.close();
    this.#dropTake();
  }

  #enter(state: State): void {
    if (state.name === "loading") void this.load();
    if (state.name === "opening") void this.#open();
    if (state.name === "recording") this.#record();
    if (state.name === "ending") void this.#end();
    if (state.name === "fault" || state.name === "finished") this.#closeMicrophone();
  }

  #leave(state: State): void {
    if (state.name === "take") this.#dropTake();
    if (state.name === "recording") {
      this.#endLimit();
      if (this.state.name !== "ending") this.#microphone?.cancel();
    }
  }

  async #open(): Promise<void> {
    this.#encoder.warm();
    await this.#orFault(async () => {
      this.#microphone ??= await this.#openMicrophone();
      const prompts = await getPrompts(this.slug, PROMPTS_PER_SET);
      this.dispatch({ type: "opened", prompts });
    });
  }

  async #openMicrophone(): Promise<Microphone> {
    const microphone = await openMicrophone();
    microphone.onlevel = (peak_dbfs, duration_s) => this.onlevel(peak_dbfs, duration_s);
    microphone.onlost = () => this.dispatch({ type: "failed", fault: "lost" });
    return microphone;
  }

  #record(): void {
    this.#microphone!.start();
    const { seconds } = currentPrompt(this.#set());
    const limit_ms = seconds === null ? LONGEST_TAKE_MS : seconds * 1000;
    this.#endLimit = this.#scope.timeout(limit_ms, () => this.dispatch({ type: "stop" }));
  }

  async #end(): Promise<void> {
    await this.#orFault(async () => {
      const raw = await this.#microphone!.stop();
      this.take = finishedTake(raw, await this.#encoder.encode(raw));
      this.dispatch({ type: "taken" });
      // Meanwhile the set may have ended: then nobody will judge this take.
      if (this.state.name !== "take") this.#dropTake();
    });
  }

  async #keep({ encoded }: FinishedTake): Promise<void> {
    const { id, kind, text } = currentPrompt(this.#set());
    const content_digest = await contentDigest(encoded.bytes);
    const prompt = { id, kind, text };
    const uploader = await this.uploader();
    await uploader.add({ id: uuid4(), campaign: this.slug, prompt, content_digest, ...encoded });
  }

  #set(): Extract<State, { name: "recording" }>["set"] {
    if (!("set" in this.state)) throw new Error(`no set in state ${this.state.name}`);
    return this.state.set;
  }

  #closeMicrophone(): void {
    if (this.#microphone) this.#microphone.onlost = () => {};
    this.#microphone?.close();
    this.#microphone = null;
  }

  #dropTake(): void {
    if (this.take) releaseTake(this.take);
    this.take = null;
  }

  #notify(notice: string, error: unknown): void {
    console.error(notice, error);
    this.notice = notice;
    this.onchange(this.state);
  }

  /** Runs `work`; what it throws becomes a state that says what happened. */
  async #orFault(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const fault = error instanceof MicrophoneError ? error.fault : "server";
      console.error(error);
      this.dispatch({ type: "failed", fault, detail: Problem.of(error).message });
    }
  }
}
