import { uuid4 } from "../lib/uuid";
import type { EncodedTake } from "./encoder/encoder";
import type { StartedBy } from "./machine";
import type { Take } from "./microphone/microphone";
import { judge, judgeNoise, type Judgement, type Marks } from "./pcm/judgement";
import { meterShare } from "./pcm/level";
import { peaks } from "./pcm/samples";
import type { PromptKind } from "../api/types";

const SHAPE_POINTS = 200;

/** A take as it came out of the microphone, with what is known of it at once. */
export interface RawTake {
  id: string;
  raw: Take;
  by: StartedBy;
  /** The level of the room beside it. */
  floor_dbfs: number;
  judgement: Judgement;
  duration_s: number | null;
}

/** A take that waits for the speaker's judgement. */
export interface FinishedTake extends RawTake {
  encoded: EncodedTake;
  url: string;
  shape: Float32Array | null;
  /** The marks as shares of the take, from 0 to 1. */
  marks: readonly [number, number] | null;
}

const UNKNOWN: Judgement = { trouble: null, marks: null, noisy: false };

/** `raw` under an id of its own, judged over a noise floor of `floor_dbfs` where it has samples. */
export function rawTake(raw: Take, kind: PromptKind, by: StartedBy, floor_dbfs: number): RawTake {
  const known = { id: uuid4(), raw, by, floor_dbfs };
  if (raw.form !== "pcm") return { ...known, judgement: UNKNOWN, duration_s: null };
  const judgement = kind === "noise" ? judgeNoise(raw.pcm) : judge(raw.pcm, floor_dbfs);
  const frames = raw.pcm.channels[0]?.length ?? 0;
  return { ...known, judgement, duration_s: frames / raw.pcm.sampling_rate_hz };
}

/** `take` with its file, ready to be looked at and played. Release it with `releaseTake`. */
export function finishedTake(take: RawTake, encoded: EncodedTake): FinishedTake {
  const url = URL.createObjectURL(new Blob([encoded.bytes], { type: encoded.content_type }));
  const first = take.raw.form === "pcm" ? take.raw.pcm.channels[0] : undefined;
  const marks = sharesOf(take.judgement.marks, take.duration_s);
  return { ...take, encoded, url, shape: first ? shapeOf(first) : null, marks };
}

function sharesOf(marks: Marks | null, duration_s: number | null): [number, number] | null {
  return marks && duration_s ? [marks.start_s / duration_s, marks.end_s / duration_s] : null;
}

/** The take's outline on the level meter's own scale, so that both look alike. */
function shapeOf(samples: Int16Array): Float32Array {
  return peaks(samples, SHAPE_POINTS).map((peak) => meterShare(20 * Math.log10(peak)));
}

export function releaseTake(take: FinishedTake): void {
  URL.revokeObjectURL(take.url);
}
