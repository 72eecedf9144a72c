/** What can be said of a take as soon as it ends, before any server has heard it. */

import { QUIET_DBFS, SILENCE_DBFS, SpeechLevel, peakDbfs } from "./level";
import { percentile } from "./noise-floor";
import type { PcmTake } from "./take-buffer";

/** What is wrong with a take, the worst first; only what saying it again can mend. */
export type Trouble = "silent" | "clipped" | "unheard" | "quiet" | "cut-start" | "cut-end";

/** Where somebody speaks within a take, in seconds from its beginning: a proposal, never a cut. */
export interface Marks {
  start_s: number;
  end_s: number;
}

export interface Judgement {
  trouble: Trouble | null;
  marks: Marks | null;
  /** Speech stands out of the room by less than 15 dB: worth a word, not worth a repetition. */
  noisy: boolean;
}

const FRAME_S = 0.01;
const SPEECH_DB = 6;
const SURE_DB = 12;
const NOISY_DB = 15;
/** Consonants fade below any threshold, so the marks stand a little outside of what was found. */
const MARGIN_S = 0.1;
const SHORTEST_RUN = 5;
/** At the very edge of a take: that long and that loud means that it began before, or goes on. */
const EDGE_FRAMES = 6;
const FULL_SCALE = 32_700;
const CLIPPED_SAMPLES = 4;

/** Whether the samples were clipped: four or more in a row stand at full scale. */
export function isClipped(samples: Int16Array): boolean {
  let run = 0;
  for (const sample of samples) {
    run = Math.abs(sample) >= FULL_SCALE ? run + 1 : 0;
    if (run >= CLIPPED_SAMPLES) return true;
  }
  return false;
}

/** How far each frame of 10 ms stands over the floor, in dB. */
function framesOver(samples: Int16Array, sampling_rate_hz: number, floor_dbfs: number): number[] {
  const level = new SpeechLevel();
  const length = Math.round(FRAME_S * sampling_rate_hz);
  return Array.from({ length: Math.floor(samples.length / length) }, (_, i) => {
    const frame = samples.subarray(i * length, (i + 1) * length);
    return level.push(frame, sampling_rate_hz) - floor_dbfs;
  });
}

/** The frames in runs that are long enough to be speech, as indices. */
function speechFrames(over_db: readonly number[]): number[] {
  const found: number[] = [];
  let run: number[] = [];
  [...over_db, -Infinity].forEach((db, i) => {
    if (db > SPEECH_DB) return void run.push(i);
    if (run.length >= SHORTEST_RUN) found.push(...run);
    run = [];
  });
  return found;
}

function marksOf(over_db: readonly number[]): Marks | null {
  const frames = speechFrames(over_db);
  const sure = over_db.filter((db) => db > SURE_DB).length >= SHORTEST_RUN;
  const [first, last] = [frames[0], frames.at(-1)];
  if (!sure || first === undefined || last === undefined) return null;
  return {
    start_s: Math.max(0, first * FRAME_S - MARGIN_S),
    end_s: Math.min(over_db.length * FRAME_S, (last + 1) * FRAME_S + MARGIN_S),
  };
}

function isSpeech(over_db: readonly number[]): boolean {
  return over_db.length === EDGE_FRAMES && over_db.every((db) => db > SURE_DB);
}

function troubleOf(take: PcmTake, over_db: readonly number[], marks: Marks | null): Trouble | null {
  const peak_dbfs = peakDbfs(take.channels);
  if (peak_dbfs <= SILENCE_DBFS) return "silent";
  if (take.channels.some(isClipped)) return "clipped";
  if (!marks) return "unheard";
  if (peak_dbfs < QUIET_DBFS) return "quiet";
  if (isSpeech(over_db.slice(0, EDGE_FRAMES))) return "cut-start";
  return isSpeech(over_db.slice(-EDGE_FRAMES)) ? "cut-end" : null;
}

/** Judges a take of speech over a noise floor of `floor_dbfs`. */
export function judge(take: PcmTake, floor_dbfs: number): Judgement {
  const samples = take.channels[0] ?? new Int16Array();
  const over_db = framesOver(samples, take.sampling_rate_hz, floor_dbfs);
  const marks = marksOf(over_db);
  const speech_db = percentile(speechFrames(over_db).map((i) => over_db[i]!), 0.9);
  return { marks, noisy: marks !== null && speech_db < NOISY_DB, trouble: troubleOf(take, over_db, marks) };
}

/** Judges a take of the room: only that there is sound at all. */
export function judgeNoise(take: PcmTake): Judgement {
  const silent = peakDbfs(take.channels) <= SILENCE_DBFS;
  return { marks: null, noisy: false, trouble: silent ? "silent" : null };
}
