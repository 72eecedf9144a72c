/** A clip's outline as the server draws it up (docs/measurements.md, "Peaks"). */

const MAGIC = "CHPK";
const SAMPLES_PER_S = 16_000;

export interface Peaks {
  /** Lowest and highest sample of each stretch, in turns, from -128 to 127. */
  pairs: Int8Array;
  duration_s: number;
}

/** Reads a peaks file. Throws where it is none. */
export function readPeaks(bytes: ArrayBuffer): Peaks {
  const header = new DataView(bytes);
  const magic = bytes.byteLength < 16 ? "" : String.fromCharCode(...new Uint8Array(bytes, 0, 4));
  if (magic !== MAGIC) throw new Error("This is no file of peaks.");
  const pairs = new Int8Array(bytes, header.getUint16(6, true));
  return { pairs, duration_s: header.getUint32(8, true) / SAMPLES_PER_S };
}

/** The highest level of any stretch, from 0 to 1. */
export function peakOf({ pairs }: Peaks): number {
  return pairs.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0) / 128;
}

const TARGET = 0.35;
const LOUDEST = 0.95;
const LARGEST_GAIN = 16;
const SMALLEST_GAIN = 0.5;
/** The share of the stretches that counts as speech: a keyword is short, and the room is not it. */
const SPEECH_SHARE = 0.2;

/**
 * By how much to amplify for the ear, so that clips sound about equally loud: the upper fifth of
 * the outline comes to a third of full scale, but nothing is clipped, and a silent clip is not
 * blown up.
 */
export function gainFor(peaks: Peaks): number {
  const heights = Array.from({ length: peaks.pairs.length >> 1 }, (_, i) =>
    Math.max(Math.abs(peaks.pairs[2 * i]!), Math.abs(peaks.pairs[2 * i + 1]!)) / 128,
  ).sort((a, b) => b - a);
  const loud = heights.slice(0, Math.max(1, Math.round(heights.length * SPEECH_SHARE)));
  const level = loud.reduce((sum, height) => sum + height, 0) / loud.length;
  const wanted = Math.min(TARGET / Math.max(level || 0, 1 / 128), LARGEST_GAIN);
  return Math.max(SMALLEST_GAIN, Math.min(wanted, LOUDEST / Math.max(peakOf(peaks), 1 / 128)));
}
