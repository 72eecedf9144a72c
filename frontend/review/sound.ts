import { Scope } from "../lib/scope";
import type { Ear } from "./ear";
import { isWhole, type Heard } from "./waking";

/** A stretch that is played again and again. */
export interface Region {
  start_s: number;
  end_s: number;
}

const SHORTEST_REGION_S = 0.05;
const SHORTEST_PLAY_MS = 350;

/** One clip's sound, in memory before it is wanted, and how much of it was heard. */
export class Sound {
  region: Region | null = null;
  gain = 1;
  /** Called when it begins, stops, moves on or fails. */
  onchange: () => void = () => {};
  is_unplayable = false;
  readonly #audio = new Audio();
  readonly #scope = new Scope();
  #began_ms = 0;
  #to_end = false;

  constructor(
    private readonly ear: Ear,
    private readonly expected_duration_s: number,
  ) {
    this.#audio.preload = "auto";
    for (const type of ["play", "pause", "seeked", "timeupdate", "ended"]) {
      this.#scope.listen(this.#audio, type, () => this.onchange());
    }
    this.#scope.listen(this.#audio, "error", () => {
      // Letting go of the file is an error to the element, but not to us.
      if (this.#audio.hasAttribute("src")) this.fail();
    });
  }

  /** It cannot be played. */
  fail(): void {
    this.is_unplayable = true;
    this.onchange();
  }

  load(bytes: Blob): void {
    const address = URL.createObjectURL(bytes);
    this.#scope.own(() => URL.revokeObjectURL(address));
    this.#audio.src = address;
  }

  get playing(): boolean {
    return !this.#audio.paused;
  }

  get position_s(): number {
    return this.#audio.currentTime;
  }

  get duration_s(): number {
    const { duration } = this.#audio;
    return Number.isFinite(duration) && duration > 0 ? duration : this.expected_duration_s;
  }

  get is_looping(): boolean {
    return this.#audio.loop;
  }

  set is_looping(on: boolean) {
    this.#audio.loop = on;
    this.onchange();
  }

  set rate(rate: number) {
    this.#audio.playbackRate = rate;
    this.#audio.defaultPlaybackRate = rate;
  }

  /** What was played, each moment counted once. */
  get heard(): Heard {
    const { played } = this.#audio;
    let [heard_s, furthest_s] = [0, 0];
    for (let i = 0; i < played.length; i++) {
      heard_s += played.end(i) - played.start(i);
      furthest_s = Math.max(furthest_s, played.end(i));
    }
    this.#to_end ||= isWhole(heard_s, furthest_s, this.duration_s);
    return { heard_s, duration_s: this.duration_s, to_end: this.#to_end };
  }

  /** Leads it to the ear before it is wanted, so that nothing is left to do when it is. */
  warmUp(): void {
    this.ear.lead(this.#audio, this.gain);
  }

  /** Resolves with whether the browser let it: without a gesture it does not. */
  async play(): Promise<boolean> {
    this.warmUp();
    this.#began_ms = performance.now();
    try {
      await this.#audio.play();
      return true;
    } catch {
      return false;
    }
  }

  /** From its beginning, or its region's. */
  replay(): Promise<boolean> {
    this.seek(this.region?.start_s ?? 0);
    return this.play();
  }

  pause(): void {
    this.#audio.pause();
  }

  /**
   * Goes on, or pauses; but a key that meets the clip's own beginning must not silence it.
   */
  toggle(): void {
    if (!this.playing) void this.play();
    else if (performance.now() - this.#began_ms > SHORTEST_PLAY_MS) this.pause();
  }

  seek(position_s: number): void {
    const place_s = Math.max(0, Math.min(this.duration_s, position_s));
    // Where it is already: seeking there would only delay the first sound.
    if (place_s !== this.position_s) this.#audio.currentTime = place_s;
  }

  /** Sets the region between two moments in either order; none where they are the same. */
  select(from_s: number, to_s: number): void {
    const [start_s, end_s] = [Math.max(0, Math.min(from_s, to_s)), Math.max(from_s, to_s)];
    this.region = end_s - start_s < SHORTEST_REGION_S ? null : { start_s, end_s };
    this.onchange();
  }

  /** Call it before each repaint while it plays: keeps a loop within its region. */
  tick(): void {
    if (!this.region || !this.is_looping || !this.playing) return;
    const { start_s, end_s } = this.region;
    if (this.position_s >= Math.min(end_s, this.duration_s - 0.02)) this.seek(start_s);
  }

  dispose(): void {
    this.onchange = () => {};
    this.pause();
    this.ear.forget(this.#audio);
    this.#audio.removeAttribute("src");
    this.#audio.load();
    this.#scope.dispose();
  }
}
