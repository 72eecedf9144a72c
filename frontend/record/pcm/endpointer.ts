import { NoiseFloor, type RoomTone } from "./noise-floor";

/**
 * Above floor + 12 dB somebody speaks; below floor + 6 dB nobody does; between, it stays as it
 * was. A room full of voices swings more than 6 dB by itself and would never be silent.
 */
const START_DB = 12;
const STOP_DB = 6;
const HIGHEST_STOP_DB = 10;
/** A click is shorter; the shortest vowel is longer. */
const START_HOLD_S = 0.05;
/** Noise that jumps up for a moment does not put off the end of a take. */
const BURST_S = 0.1;
/** A weak consonant may lead in before the vowel that is heard first, across a short closure. */
const LEAD_IN_DB = 3;
const LEAD_IN_GAP_S = 0.12;
const LEAD_IN_MOST_S = 0.5;
/** Some consonants ("s", "f") drown in the room altogether; they take about that long. */
const UNHEARD_S = 0.1;

/** `start`: speech began `ago_s` before. `end`: it has been silent for `ago_s`. */
export interface Edge {
  type: "start" | "end";
  ago_s: number;
}

/**
 * Finds where someone begins and ceases to speak in a stream of levels: two thresholds over a
 * floor that follows the room, and a little patience on both sides.
 */
export class Endpointer {
  readonly #floor: NoiseFloor;
  readonly #stop_db: number;
  #phase: "blocked" | "quiet" | "speech" = "quiet";
  #loud_s = 0;
  #lead_in_s = 0;
  #lead_gap_s = 0;
  #silent_s = 0;
  #burst_s = 0;

  constructor(tone: RoomTone) {
    this.#floor = new NoiseFloor(tone);
    this.#stop_db = Math.max(STOP_DB, Math.min(HIGHEST_STOP_DB, tone.swing_db + 3));
  }

  get floor_dbfs(): number {
    return this.#floor.dbfs;
  }

  /** Forgets what it heard; what is being said now starts nothing before a short silence. */
  restart(): void {
    this.#enter("blocked");
  }

  /** Takes in `duration_s` at `level_dbfs`; tells when speech began, or ended `silence_s` ago. */
  push(level_dbfs: number, duration_s: number, silence_s: number): Edge | null {
    const over_db = level_dbfs - this.#floor.update(level_dbfs, duration_s);
    this.#countSilence(over_db, duration_s);
    if (this.#phase === "speech") return this.#end(silence_s);
    if (this.#phase === "blocked") return this.#unblock();
    return this.#start(over_db, duration_s);
  }

  #enter(phase: "blocked" | "quiet" | "speech"): void {
    this.#phase = phase;
    this.#loud_s = this.#lead_in_s = this.#lead_gap_s = this.#silent_s = this.#burst_s = 0;
  }

  #countSilence(over_db: number, duration_s: number): void {
    this.#burst_s = over_db > this.#stop_db ? this.#burst_s + duration_s : 0;
    this.#silent_s = this.#burst_s >= BURST_S ? 0 : this.#silent_s + duration_s;
  }

  #unblock(): null {
    if (this.#silent_s >= LEAD_IN_GAP_S) this.#enter("quiet");
    return null;
  }

  #start(over_db: number, duration_s: number): Edge | null {
    this.#followLeadIn(over_db, duration_s);
    const loud_s = this.#loud_s + (over_db > START_DB ? duration_s : -duration_s);
    this.#loud_s = Math.max(0, loud_s);
    if (this.#loud_s < START_HOLD_S) return null;
    const ago_s = this.#lead_in_s + UNHEARD_S;
    this.#enter("speech");
    return { type: "start", ago_s };
  }

  /** How long something that is no silence has led up to now. */
  #followLeadIn(over_db: number, duration_s: number): void {
    this.#lead_gap_s = over_db > LEAD_IN_DB ? 0 : this.#lead_gap_s + duration_s;
    const leading = this.#lead_gap_s === 0 || (this.#lead_in_s > 0 && this.#lead_gap_s < LEAD_IN_GAP_S);
    this.#lead_in_s = leading ? Math.min(LEAD_IN_MOST_S, this.#lead_in_s + duration_s) : 0;
  }

  #end(silence_s: number): Edge | null {
    // What has just begun may be speech again: it is waited for.
    if (this.#silent_s < silence_s || this.#burst_s > 0) return null;
    const ago_s = this.#silent_s;
    this.#enter("quiet");
    return { type: "end", ago_s };
  }
}
