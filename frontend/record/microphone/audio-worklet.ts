import { within } from "../../lib/time";
import { toInt16 } from "../pcm/samples";
import type { Block } from "../pcm/take-buffer";
import type { WorkletMessage } from "./capture.worklet";
import type { Gesture } from "./gesture";
import type { PcmSource, SourceEvents } from "./pcm-microphone";
import workletUrl from "./capture.worklet.ts?worker&url";

const START_TIMEOUT_MS = 3_000;

export function supportsAudioWorklet(): boolean {
  return "AudioWorkletNode" in globalThis && "AudioContext" in globalThis;
}

/** Without an output device some browsers never start a context and never say so. */
async function start(context: AudioContext): Promise<AudioContext> {
  try {
    await within(context.resume(), START_TIMEOUT_MS, "the audio context does not start");
    return context;
  } catch (error) {
    void context.close();
    throw error;
  }
}

/**
 * A running context at the device's own rate where the browser tells it: Firefox refuses to join
 * two rates, the others resample. The gesture's own context is taken whenever it fits, since
 * Safari may start no other.
 */
async function startContext(track: MediaStreamTrack, { context }: Gesture): Promise<AudioContext> {
  const { sampleRate } = track.getSettings();
  if (context && (!sampleRate || sampleRate === context.sampleRate)) return start(context);
  try {
    const fitting = await start(new AudioContext(sampleRate ? { sampleRate } : {}));
    void context?.close();
    return fitting;
  } catch (error) {
    if (!context) throw error;
    return start(context);
  }
}

/** The samples as they pass through an audio context, for browsers without a track processor. */
export class AudioWorkletSource implements PcmSource {
  #expectedFrame: number | null = null;

  private constructor(
    private readonly context: AudioContext,
    private readonly node: AudioWorkletNode,
    private readonly track: MediaStreamTrack,
  ) {}

  static async open(
    stream: MediaStream,
    track: MediaStreamTrack,
    tap: Gesture,
  ): Promise<AudioWorkletSource> {
    const context = await startContext(track, tap);
    await context.audioWorklet.addModule(workletUrl);
    const node = new AudioWorkletNode(context, "choir-capture", { outputChannelCount: [1] });
    context.createMediaStreamSource(stream).connect(node);
    // Its output is silence; only what leads to the destination is kept running.
    node.connect(context.destination);
    return new AudioWorkletSource(context, node, track);
  }

  run({ onblock, onend }: SourceEvents): void {
    this.node.port.onmessage = (event: MessageEvent<WorkletMessage>) => {
      onblock(this.#blockOf(event.data), this.context.sampleRate);
    };
    // Safari calls it "interrupted" when a call or Siri takes the sound; others suspend.
    this.context.onstatechange = () => {
      if (this.context.state !== "running") onend("interrupted");
    };
    this.track.onmute = () => onend("interrupted");
    this.track.onended = () => onend("lost");
  }

  close(): void {
    this.node.port.onmessage = null;
    this.context.onstatechange = null;
    this.track.onmute = this.track.onended = null;
    if (this.context.state !== "closed") void this.context.close();
  }

  #blockOf({ frame, channels }: WorkletMessage): Block {
    const gap = this.#expectedFrame !== null && frame !== this.#expectedFrame;
    this.#expectedFrame = frame + (channels[0]?.length ?? 0);
    return { channels: channels.map(toInt16), gap };
  }
}
