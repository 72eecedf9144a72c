import type { EncodedTake } from "./encoder/encoder";
import type { Take } from "./microphone/microphone";
import { meterShare, peakDbfs, wordFor, type LevelWord } from "./pcm/level";
import { peaks } from "./pcm/samples";

const SHAPE_POINTS = 200;

/** A take that waits for the speaker's judgement. `shape` and `level` want samples. */
export interface FinishedTake {
  encoded: EncodedTake;
  url: string;
  duration_s: number | null;
  shape: Float32Array | null;
  level: LevelWord | null;
}

/** `raw` and its file, ready to be looked at and played. Release it with `releaseTake`. */
export function finishedTake(raw: Take, encoded: EncodedTake): FinishedTake {
  const url = URL.createObjectURL(new Blob([encoded.bytes], { type: encoded.content_type }));
  const first = raw.form === "pcm" ? raw.pcm.channels[0] : undefined;
  if (raw.form !== "pcm" || !first) {
    return { encoded, url, duration_s: null, shape: null, level: null };
  }
  const level = wordFor(peakDbfs(raw.pcm.channels));
  const duration_s = first.length / raw.pcm.sampling_rate_hz;
  return { encoded, url, duration_s, shape: shapeOf(first), level };
}

/** The take's outline on the level meter's own scale, so that both look alike. */
function shapeOf(samples: Int16Array): Float32Array {
  return peaks(samples, SHAPE_POINTS).map((peak) => meterShare(20 * Math.log10(peak)));
}

export function releaseTake(take: FinishedTake): void {
  URL.revokeObjectURL(take.url);
}
