import { within } from "../../lib/time";
import { toInt16 } from "../pcm/samples";
import type { Block } from "../pcm/take-buffer";
import type { WorkletMessage } from "./capture.worklet";
import type { PcmSource } from "./pcm-microphone";
import workletUrl from "./capture.worklet.ts?worker&url";

const START_TIMEOUT_MS = 3_000;

export function supportsAudioWorklet(): boolean {
  return "AudioWorkletNode" in globalThis;
}

/** A running context at the device's own rate, where the browser knows that. */
async function startContext(track: MediaStreamTrack): Promise<AudioContext> {
  const sampleRate = track.getSettings().sampleRate;
  const context = new AudioContext(sampleRate ? { sampleRate } : {});
  try {
    // Without an output device some browsers never start a context and never say so.
    await within(context.resume(), START_TIMEOUT_MS, "the audio context does not start");
  } catch (error) {
    void context.close();
    throw error;
  }
  return context;
}

/** The samples as they pass through an audio context, for browsers without a track processor. */
export class AudioWorkletSource implements PcmSource {
  #expectedFrame: number | null = null;

  private constructor(
    private readonly context: AudioContext,
    private readonly node: AudioWorkletNode,
    private readonly track: MediaStreamTrack,
  ) {}

  static async open(stream: MediaStream, track: MediaStreamTrack): Promise<AudioWorkletSource> {
    const context = await startContext(track);
    await context.audioWorklet.addModule(workletUrl);
    const node = new AudioWorkletNode(context, "choir-capture", { outputChannelCount: [1] });
    context.createMediaStreamSource(stream).connect(node);
    // Its output is silence; only what leads to the destination is kept running.
    node.connect(context.destination);
    return new AudioWorkletSource(context, node, track);
  }

  run(onblock: (block: Block, sampling_rate_hz: number) => void, onend: () => void): void {
    this.node.port.onmessage = (event: MessageEvent<WorkletMessage>) => {
      onblock(this.#blockOf(event.data), this.context.sampleRate);
    };
    this.track.onended = onend;
  }

  close(): void {
    this.node.port.onmessage = null;
    this.track.onended = null;
    void this.context.close();
  }

  #blockOf({ frame, channels }: WorkletMessage): Block {
    const gap = this.#expectedFrame !== null && frame !== this.#expectedFrame;
    this.#expectedFrame = frame + (channels[0]?.length ?? 0);
    return { channels: channels.map(toInt16), gap };
  }
}
