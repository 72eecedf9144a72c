import { Problem } from "../api/problem";
import { castVote, nextCases, reportClip, skipCase, takeBackVote } from "../api/review";
import type {
  Ballot,
  ClipReportReason,
  Feedback,
  ReviewPolicy,
  ReviewSession,
  Verdict,
} from "../api/types";
import type { Scope } from "../lib/scope";
import { t } from "../lib/text";
import { Ear } from "./ear";
import { Outbox, type Letter } from "./outbox";
import { Pace } from "./pace";
import * as preferences from "./preferences";
import type { PreparedCase } from "./prepared";
import { LEASED, Supply } from "./supply";
import { mayJudge } from "./waking";

/** A verdict that may still be taken back. */
interface Judged {
  prepared: PreparedCase;
  letter: Letter;
}

export type DeskState = "loading" | "listening" | "judging" | "feedback" | "empty" | "problem";

const KEPT_FOR_UNDO = 5;
const RENEWAL_MS = 30_000;
const RENEWED_BEFORE_MS = 120_000;

/**
 * A reviewer's sitting: clips come from the supply, verdicts go by the outbox, and nobody waits
 * for the server in between, except for what a training clip answers.
 */
export class Desk {
  policy: ReviewPolicy | null = null;
  session: ReviewSession | null = null;
  /** What was just done, or went wrong, in words. */
  notice = "";
  /** What a training clip answers; `pending` until it has. */
  feedback: Feedback | "pending" | null = null;
  rate = preferences.storedRate();
  readonly pace = new Pace();
  readonly outbox: Outbox;
  readonly #ear = new Ear(preferences.isOn("even_volume"));
  readonly #supply: Supply;
  #history: Judged[] = [];
  #refusal: Problem | null = null;
  #was_asked = false;
  #filling: Letter | null = null;

  constructor(
    private readonly slug: string,
    private readonly scope: Scope,
    private readonly changed: () => void,
  ) {
    this.outbox = new Outbox(scope, changed);
    this.#supply = new Supply(this.#ear, () => this.#loaded(), (gone) => this.#gone(gone));
    scope.own(() => this.#close());
    scope.listen(document, "visibilitychange", () => this.#renew());
    this.#renewLater();
    this.refill();
  }

  get current(): PreparedCase | null {
    return this.#supply.first;
  }

  /** How many clips are in memory: the one in hand, and those that come after it. */
  get num_loaded(): number {
    return this.#supply.num_loaded;
  }

  get state(): DeskState {
    if (this.feedback) return "feedback";
    if (this.current) return this.mayJudge("accept") ? "judging" : "listening";
    if (this.#refusal ?? this.outbox.stuck) return "problem";
    return this.#was_asked && !this.#filling ? "empty" : "loading";
  }

  get problem(): Problem | null {
    return this.#refusal ?? this.outbox.stuck;
  }

  get can_undo(): boolean {
    return this.#history.length > 0 && !this.feedback;
  }

  /** Whether the verdict is awake: the clip was heard, and written down where it must be. */
  mayJudge(verdict: Verdict): boolean {
    const { current } = this;
    if (!current || this.feedback) return false;
    if (current.sound.is_unplayable) return verdict !== "accept";
    if (verdict === "accept" && current.lacks_transcript) return false;
    return mayJudge(verdict, current.sound.heard);
  }

  /** The reviewer has made a gesture: sound may come. */
  wake(): void {
    this.#ear.wake();
  }

  /** Judges the clip in hand; the next one is there at once. */
  judge(verdict: Verdict): void {
    const { current } = this;
    if (!current || !this.mayJudge(verdict)) return;
    if (current.item.is_training) return this.#train(current, verdict);
    const letter = this.#vote(current, verdict);
    this.#history.push({ prepared: current, letter });
    for (const old of this.#history.splice(0, this.#history.length - KEPT_FOR_UNDO)) {
      old.prepared.dispose();
    }
    this.pace.count(Date.now());
    this.#next();
    this.outbox.add(letter);
    this.refill();
  }

  /** Takes the last verdict back and the clip in hand again. */
  undo(): void {
    const judged = this.can_undo ? this.#history.pop() : undefined;
    if (!judged) return this.say(t("There is no verdict to take back."));
    const { prepared, letter } = judged;
    this.current?.sound.pause();
    this.#supply.unshift(prepared);
    this.pace.discount();
    this.say(t("Your verdict is taken back. Here is the clip again."));
    this.#watch(prepared);
    if (!this.outbox.drop(letter)) this.outbox.add(this.#undoing(prepared));
    this.refill();
  }

  skip(): void {
    const done = this.feedback ? null : this.current;
    if (!done) return;
    const letter = this.#letter(done, () => skipCase(done.item.id));
    this.#leave(done, letter, "");
  }

  report(reason: ClipReportReason, note: string): void {
    const done = this.current;
    if (!done) return;
    const letter = this.#letter(done, () => reportClip(done.item.id, reason, note));
    this.#leave(done, letter, t("Thank you. Nobody hears this clip until a curator has looked at it."));
  }

  /** Past what a training clip answered. */
  goOn(): void {
    if (!this.feedback || this.feedback === "pending") return;
    this.feedback = null;
    const done = this.current;
    this.#next();
    done?.dispose();
    this.refill();
  }

  /** Asks for clips until enough are ahead; the leases of those in hand are renewed by it. */
  refill(): void {
    if (this.#filling) return;
    this.#filling = {
      matters: false,
      send: () => this.#fill(),
      refused: (problem) => {
        this.#filling = null;
        this.#refusal = problem;
        this.changed();
      },
    };
    this.outbox.add(this.#filling);
  }

  lookAgain(): void {
    this.#refusal = null;
    this.outbox.retry();
    this.refill();
    this.changed();
  }

  setRate(rate: number): void {
    this.rate = rate;
    if (this.current) this.current.sound.rate = rate;
    this.changed();
  }

  set even_volume(on: boolean) {
    preferences.turn("even_volume", on);
    this.#ear.even = on;
    this.changed();
  }

  say(notice: string): void {
    this.notice = notice;
    this.changed();
  }

  #vote(prepared: PreparedCase, verdict: Verdict): Letter {
    const ballot = ballotOf(prepared, verdict);
    return {
      matters: true,
      send: async () => {
        await castVote(prepared.item.id, ballot);
      },
      refused: (problem) => {
        this.#history = this.#history.filter((judged) => judged.prepared !== prepared);
        this.pace.discount();
        this.say(t("Your verdict on “{prompt}” does not count: {reason}", {
          prompt: nameOf(prepared), reason: problem.message,
        }));
        prepared.dispose();
      },
    };
  }

  #train(prepared: PreparedCase, verdict: Verdict): void {
    const ballot = ballotOf(prepared, verdict);
    this.feedback = "pending";
    this.notice = "";
    prepared.sound.pause();
    const settle = (feedback: Feedback | null): void => {
      this.feedback = feedback ?? "pending";
      if (!feedback) {
        this.feedback = { right: true, explanation: "" };
        this.goOn();
      }
      this.changed();
    };
    this.outbox.add({
      matters: true,
      send: async () => settle((await castVote(prepared.item.id, ballot)).feedback),
      refused: (problem) => {
        this.say(problem.message);
        settle(null);
      },
    });
    this.changed();
  }

  #undoing(prepared: PreparedCase): Letter {
    return {
      matters: true,
      send: async () => {
        prepared.item = await takeBackVote(prepared.item.id);
      },
      refused: (problem) => {
        if (this.#supply.has(prepared)) this.#drop(prepared);
        this.pace.count(Date.now());
        this.say(problem.message);
      },
    };
  }

  #letter(prepared: PreparedCase, send: () => Promise<unknown>): Letter {
    const refused = (problem: Problem): void => {
      this.say(`${nameOf(prepared)}: ${problem.message}`);
    };
    return { matters: true, send, refused };
  }

  #leave(done: PreparedCase, letter: Letter, notice: string): void {
    this.#next();
    done.dispose();
    this.say(notice);
    this.outbox.add(letter);
    this.refill();
  }

  /** The next clip is in hand; what is said of the one before it has been said. */
  #next(): void {
    this.#supply.shift()?.sound.pause();
    this.notice = "";
    this.#arrive();
    this.changed();
  }

  #arrive(): void {
    const { current } = this;
    if (!current) return;
    this.#watch(current);
    if (current.is_loaded && preferences.isOn("play_on_arrival")) void current.sound.replay();
  }

  #watch(prepared: PreparedCase): void {
    prepared.sound.onchange = this.changed;
    prepared.sound.rate = this.rate;
  }

  /** A clip that was waited for is there. */
  #loaded(): void {
    const sound = this.current?.sound;
    const untouched = sound && !sound.playing && sound.heard.heard_s === 0;
    if (untouched && !this.feedback) this.#arrive();
    this.changed();
  }

  /** The server no longer gives a clip out that was to come. */
  #gone(prepared: PreparedCase): void {
    if (this.#supply.has(prepared)) this.#leftOut([prepared], () => this.#supply.remove(prepared));
  }

  #drop(prepared: PreparedCase): void {
    const was_current = this.current === prepared;
    this.#supply.remove(prepared);
    if (was_current) this.#arrive();
    this.changed();
  }

  #leftOut(lost: readonly PreparedCase[], remove: () => void): void {
    const before = this.current;
    remove();
    const names = lost.map((each) => `“${nameOf(each)}”`).join(", ");
    this.say(t("{prompt} is left out: its speaker has taken it back, or somebody else judges it.", { prompt: names }));
    if (before !== this.current) this.#arrive();
  }

  async #fill(): Promise<void> {
    const queue = await nextCases(this.slug, Math.max(LEASED, this.#supply.size));
    this.#filling = null;
    this.#was_asked = true;
    this.#refusal = null;
    this.policy = queue.policy;
    this.session = queue.session;
    const was_empty = !this.current;
    // A training clip's answer is still being read: the clip is no longer leased, but in hand.
    const lost = this.#supply.merge(queue.cases, this.feedback ? this.current : null);
    if (lost.length > 0) this.#leftOut(lost, () => {});
    if (was_empty || lost.length > 0) this.#arrive();
    this.changed();
  }

  #renewLater(): void {
    this.scope.timeout(RENEWAL_MS, () => {
      this.#renew();
      this.#renewLater();
    });
  }

  /** Keeps what is in hand while somebody is there, and looks for more where there was nothing. */
  #renew(): void {
    if (document.hidden || this.#refusal) return;
    const is_ending = Date.now() > this.#supply.lease_until_ms - RENEWED_BEFORE_MS;
    if (is_ending || !this.current) this.refill();
  }

  #close(): void {
    this.#supply.dispose();
    for (const { prepared } of this.#history) prepared.dispose();
    this.#ear.close();
  }
}

function ballotOf({ sound, tags, transcript }: PreparedCase, verdict: Verdict): Ballot {
  const { heard_s, to_end } = sound.heard;
  const text = transcript?.trim();
  return {
    verdict,
    tags: [...tags],
    ...(text ? { transcript: text } : {}),
    heard_s: Math.round(heard_s * 100) / 100,
    played_to_end: to_end,
  };
}

function nameOf({ item }: PreparedCase): string {
  return item.clip.prompt?.text || t("The clip");
}
