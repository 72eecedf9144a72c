import { SILENCE_DBFS } from "./pcm/level";
import { Endpointer } from "./pcm/endpointer";
import { roomTone, type RoomTone } from "./pcm/noise-floor";
import type { Reading } from "./microphone/microphone";

/** A room that nobody listened to yet: an ordinary living room. */
const ORDINARY: RoomTone = { floor_dbfs: -55, spread_db: 2, swing_db: 2, steady: true };

/** No device that is alive gives exact zeros for so long (Safari does, back from the background). */
const DEAD_AFTER_S = 10;

/** Listens to the levels between and during takes, and says what they mean. */
export class Ear {
  /** Speech began `ago_s` before now. */
  onstart: (ago_s: number) => void = () => {};
  /** It has been silent for as long as ends a take. */
  onend: () => void = () => {};
  onclipped: () => void = () => {};
  ondead: () => void = () => {};
  tone: RoomTone = ORDINARY;
  #endpointer = new Endpointer(ORDINARY);
  #tone_levels: number[] = [];
  #tone_left_s = 0;
  #measured: (tone: RoomTone) => void = () => {};
  #zeros_s = 0;

  get floor_dbfs(): number {
    return this.#endpointer.floor_dbfs;
  }

  /** The room tone of the next `duration_s`; speech is looked for above it from then on. */
  measure(duration_s: number): Promise<RoomTone> {
    this.#tone_levels = [];
    this.#tone_left_s = duration_s;
    return new Promise((resolve) => (this.#measured = resolve));
  }

  /** Takes in a reading while the room is measured. */
  pushTone({ level_dbfs, duration_s }: Reading): void {
    if (this.#tone_left_s <= 0) return;
    this.#tone_levels.push(level_dbfs);
    this.#tone_left_s -= duration_s;
    if (this.#tone_left_s > 0) return;
    this.tone = roomTone(this.#tone_levels);
    this.#endpointer = new Endpointer(this.tone);
    this.#measured(this.tone);
  }

  /** What is being said at this moment starts nothing. */
  restart(): void {
    this.#endpointer.restart();
  }

  /** Takes in a reading while a voice may begin, or end after `silence_s`. */
  push(reading: Reading, silence_s: number): void {
    const { level_dbfs, duration_s } = reading;
    if (reading.clipped) this.onclipped();
    const edge = this.#endpointer.push(level_dbfs, duration_s, silence_s);
    if (edge?.type === "start") this.onstart(edge.ago_s);
    if (edge?.type === "end") this.onend();
    this.#watchForZeros(reading);
  }

  #watchForZeros({ peak_dbfs, duration_s }: Reading): void {
    this.#zeros_s = peak_dbfs <= SILENCE_DBFS ? this.#zeros_s + duration_s : 0;
    if (this.#zeros_s < DEAD_AFTER_S) return;
    this.#zeros_s = 0;
    this.ondead();
  }
}
