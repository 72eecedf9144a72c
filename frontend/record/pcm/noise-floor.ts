import { SILENCE_DBFS } from "./level";

/**
 * Syllables and words leave dips enough within so long: more than the share `QUIET` of it. A
 * shorter window or a smaller share lets the hush that falls now and then even over a room full
 * of voices pull the floor down, and the voices themselves then pass for a word that never ends.
 */
const WINDOW_S = 5;
const QUIET = 0.15;
const STEP_S = 0.02;
/** Quick, for the window was patient already. */
const RISE_DB_PER_S = 8;
const FALL_DB_PER_S = 20;
/** Devices that gate themselves to digital silence must not make every rustle a word. */
const LOWEST_DBFS = -75;

/** The value below which the share `share` of `values` lies; `SILENCE_DBFS` of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
  return sorted[at] ?? SILENCE_DBFS;
}

/** What two seconds of silence said of a room. */
export interface RoomTone {
  /** The level in the middle: half the time it is quieter. A cough moves it little. */
  floor_dbfs: number;
  /** How far the quietest part lies below the middle. Large in babble, small with a fan. */
  spread_db: number;
  /** How far the loudest twentieth rises above the middle: what only sounds like a beginning. */
  swing_db: number;
  /** False when somebody spoke or something fell: then the tone is no noise-only recording. */
  steady: boolean;
}

const STEADY_DB = 15;
/** From the quartile to `QUIET`: a hush of half a second is in the quietest part, not in both. */
const SPREAD_PER_QUARTILE = 1.4;

/** The room tone of `levels_dbfs`, one of each 20 ms or so. */
export function roomTone(levels_dbfs: readonly number[]): RoomTone {
  const middle_dbfs = percentile(levels_dbfs, 0.5);
  const quartile_db = middle_dbfs - percentile(levels_dbfs, 0.25);
  const loudest_dbfs = percentile(levels_dbfs, 0.95);
  return {
    floor_dbfs: Math.max(LOWEST_DBFS, middle_dbfs),
    spread_db: Math.min(6, SPREAD_PER_QUARTILE * quartile_db),
    swing_db: Math.max(0, loudest_dbfs - middle_dbfs),
    steady: loudest_dbfs < LOWEST_DBFS + STEADY_DB || loudest_dbfs - middle_dbfs < STEADY_DB,
  };
}

/**
 * A noise floor that follows the room: the quietest seventh of the last five seconds (minimum
 * statistics, after R. Martin, IEEE Trans. Speech and Audio Processing 9(5), 2001), raised by
 * the spread that the room tone had. Speech dips to the floor between syllables and does not
 * lift it; a fan that is switched on does, within seven seconds.
 */
export class NoiseFloor {
  #floor_dbfs: number;
  readonly #spread_db: number;
  #recent: number[] = [];
  #step_s = 0;

  constructor(tone: RoomTone) {
    this.#floor_dbfs = tone.floor_dbfs;
    this.#spread_db = tone.spread_db;
  }

  get dbfs(): number {
    return this.#floor_dbfs;
  }

  /** Takes in `duration_s` at `level_dbfs`; returns the floor in dBFS. */
  update(level_dbfs: number, duration_s: number): number {
    this.#step_s += duration_s;
    if (this.#step_s >= STEP_S) this.#step(level_dbfs);
    return this.#floor_dbfs;
  }

  #step(level_dbfs: number): void {
    const most = Math.round(WINDOW_S / STEP_S);
    this.#recent = [...this.#recent, level_dbfs].slice(-most);
    // Half a window may be all speech; only of a whole one is the quietest part a floor.
    if (this.#recent.length === most) this.#approach(percentile(this.#recent, QUIET) + this.#spread_db);
    this.#step_s = 0;
  }

  #approach(target_dbfs: number): void {
    const change_db = Math.max(LOWEST_DBFS, target_dbfs) - this.#floor_dbfs;
    const rise_db = RISE_DB_PER_S * this.#step_s;
    const fall_db = FALL_DB_PER_S * this.#step_s;
    this.#floor_dbfs += Math.max(-fall_db, Math.min(rise_db, change_db));
  }
}
