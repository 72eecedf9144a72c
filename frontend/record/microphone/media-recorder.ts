import { delay } from "../../lib/time";
import { MARGINS } from "../pcm/take-buffer";
import { LevelWatch } from "./analyser";
import type { Gesture } from "./gesture";
import type { CaptureFacts, Microphone, Take } from "./microphone";

/** In order of fidelity; the first is lossless. */
const TYPES = [
  "audio/webm;codecs=pcm",
  "audio/webm;codecs=opus",
  "audio/ogg;codecs=opus",
  "audio/mp4",
];

export function supportsMediaRecorder(): boolean {
  return "MediaRecorder" in globalThis;
}

/**
 * The last resort: the browser encodes by itself, mostly with losses. No samples pass through the
 * page, so takes begin and end by hand and without pre-roll; the level is only looked at.
 */
export class RecorderMicrophone implements Microphone {
  readonly gives_samples = false;
  onlevel: Microphone["onlevel"] = () => {};
  onlost: Microphone["onlost"] = () => {};
  readonly #watch: LevelWatch | null;
  #recorder: MediaRecorder | null = null;
  #chunks: Blob[] = [];

  constructor(
    private readonly stream: MediaStream,
    private readonly track: MediaStreamTrack,
    private readonly facts: CaptureFacts,
    { context }: Gesture,
  ) {
    track.onended = () => this.onlost("lost");
    track.onmute = () => this.onlost("interrupted");
    const usable = context && context.state !== "closed";
    this.#watch = usable ? new LevelWatch(context, stream, (level) => this.onlevel(level)) : null;
  }

  start(): void {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const options = { audioBitsPerSecond: 128_000, ...(mimeType ? { mimeType } : {}) };
    const chunks: Blob[] = [];
    this.#chunks = chunks;
    this.#recorder = new MediaRecorder(this.stream, options);
    this.#recorder.ondataavailable = (event) => chunks.push(event.data);
    this.#recorder.start();
  }

  async stop(post_roll_ms = MARGINS.post_roll_ms): Promise<Take> {
    await delay(post_roll_ms);
    const recorder = this.#recorder!;
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.stop();
    await stopped;
    const blob = new Blob(this.#chunks, { type: recorder.mimeType });
    return this.#takeOf(await blob.arrayBuffer(), recorder.mimeType);
  }

  cancel(): void {
    if (this.#recorder?.state === "recording") this.#recorder.stop();
    this.#recorder = null;
  }

  close(): void {
    this.cancel();
    this.#watch?.close();
    this.track.onended = this.track.onmute = null;
  }

  #takeOf(bytes: ArrayBuffer, mimeType: string): Take {
    const settings = this.track.getSettings();
    const capture = {
      ...this.facts,
      lossy: !mimeType.includes("pcm"),
      sampling_rate_hz: settings.sampleRate ?? 48_000,
      channels: settings.channelCount ?? 1,
      gaps: 0,
      encoder: "browser",
    } as const;
    // Parameters such as codecs are for players; the server looks into the file itself.
    return { form: "encoded", bytes, content_type: mimeType.split(";")[0]!, capture };
  }
}
