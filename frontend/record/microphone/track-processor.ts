import { toInt16 } from "../pcm/samples";
import type { Block } from "../pcm/take-buffer";
import type { PcmSource, SourceEvents } from "./pcm-microphone";

/** Ten seconds of 10 ms blocks: what may wait while the page is busy, before any is lost. */
const MAX_WAITING_BLOCKS = 1000;

export function supportsTrackProcessor(): boolean {
  return "MediaStreamTrackProcessor" in globalThis && "AudioData" in globalThis;
}

/** One channel of `data` as 16-bit integers. */
function channelOf(data: AudioData, planeIndex: number): Int16Array {
  const samples = new Float32Array(data.numberOfFrames);
  data.copyTo(samples, { planeIndex, format: "f32-planar" });
  return toInt16(samples);
}

/** The track's own samples, exact: no context, no resampling. Chromium has it. */
export class TrackProcessorSource implements PcmSource {
  readonly #reader: ReadableStreamDefaultReader<AudioData>;
  #expected_us: number | null = null;

  constructor(private readonly track: MediaStreamTrack) {
    const audioTrack = track as MediaStreamAudioTrack;
    const processor = new MediaStreamTrackProcessor({
      track: audioTrack,
      maxBufferSize: MAX_WAITING_BLOCKS,
    });
    this.#reader = processor.readable.getReader();
  }

  run({ onblock, onend }: SourceEvents): void {
    const end = (): void => onend("lost");
    this.track.onmute = () => onend("interrupted");
    void this.#pump(onblock).then(end, end);
  }

  close(): void {
    this.track.onmute = null;
    // The reader is cancelled for good; that it was already at its end is no fault.
    this.#reader.cancel().catch(() => {});
  }

  async #pump(onblock: SourceEvents["onblock"]): Promise<void> {
    for (;;) {
      const { value: data, done } = await this.#reader.read();
      if (done) return;
      onblock(this.#blockOf(data), data.sampleRate);
      data.close();
    }
  }

  #blockOf(data: AudioData): Block {
    const gap = this.#expected_us !== null && data.timestamp - this.#expected_us > data.duration / 2;
    this.#expected_us = data.timestamp + data.duration;
    const channels = Array.from({ length: data.numberOfChannels }, (_, c) => channelOf(data, c));
    return { channels, gap };
  }
}
