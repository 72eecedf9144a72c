/** How loud it is, in numbers and in words. Levels are in dBFS: 0 is full scale. */

export type LevelWord = "silent" | "quiet" | "good" | "loud";

/** Digital silence. The smallest sample that is not zero stands at −90.3 dBFS. */
export const SILENCE_DBFS = -96;
export const QUIET_DBFS = -36;
const LOUD_DBFS = -1;

/** The peak of all `channels` in dBFS, not below `SILENCE_DBFS`. */
export function peakDbfs(channels: readonly Int16Array[]): number {
  let peak = 0;
  for (const channel of channels) {
    for (const sample of channel) peak = Math.max(peak, Math.abs(sample));
  }
  return Math.max(SILENCE_DBFS, 20 * Math.log10(peak / 32_768));
}

/** What a speaker should know about a peak of `peak_dbfs`. */
export function wordFor(peak_dbfs: number): LevelWord {
  if (peak_dbfs <= SILENCE_DBFS) return "silent";
  if (peak_dbfs < QUIET_DBFS) return "quiet";
  return peak_dbfs > LOUD_DBFS ? "loud" : "good";
}

/** Where `peak_dbfs` stands on a meter from 0 (−60 dBFS and below) to 1 (full scale). */
export function meterShare(peak_dbfs: number): number {
  return Math.max(0, Math.min(1, 1 + peak_dbfs / 60));
}

/** A peak that falls slowly, so that a word spoken a moment ago still counts. */
export class PeakHold {
  #peak_dbfs = SILENCE_DBFS;

  /** Takes in a block of `duration_s` with the peak `peak_dbfs`; returns the held peak. */
  update(peak_dbfs: number, duration_s: number): number {
    const FALL_DB_PER_S = 15;
    this.#peak_dbfs = Math.max(peak_dbfs, this.#peak_dbfs - FALL_DB_PER_S * duration_s);
    return this.#peak_dbfs;
  }
}

/** Below this, rooms rumble and mains hum; speech has next to nothing there. */
const HIGH_PASS_HZ = 120;

/**
 * The root mean square of a stream above 120 Hz (a one-pole high-pass), over each block and the
 * one before: with blocks of 10 ms long enough for a pitch period of a low voice. Speech is found
 * by this level and not by peaks, and nothing lingers in it, so that a click stays short.
 */
export class SpeechLevel {
  #sample = 0;
  #passed = 0;
  #before = { energy: 0, count: 0 };

  /** Takes in the next `samples`; returns their level in dBFS. */
  push(samples: Int16Array, sampling_rate_hz: number): number {
    const pole = Math.exp((-2 * Math.PI * HIGH_PASS_HZ) / sampling_rate_hz);
    let energy = 0;
    for (const sample of samples) {
      this.#passed = pole * (this.#passed + sample - this.#sample);
      this.#sample = sample;
      energy += this.#passed * this.#passed;
    }
    const power = (energy + this.#before.energy) / (samples.length + this.#before.count);
    this.#before = { energy, count: samples.length };
    return Math.max(SILENCE_DBFS, 10 * Math.log10(power / 32_768 ** 2));
  }
}
