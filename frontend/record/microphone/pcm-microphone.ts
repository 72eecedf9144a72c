import { isClipped } from "../pcm/judgement";
import { SpeechLevel, peakDbfs } from "../pcm/level";
import { TakeBuffer, type Block } from "../pcm/take-buffer";
import type { CaptureFacts, Loss, Microphone, Take } from "./microphone";

/** What a source tells its microphone. */
export interface SourceEvents {
  onblock: (block: Block, sampling_rate_hz: number) => void;
  onend: (loss: Loss) => void;
}

/** Where blocks of samples come from. */
export interface PcmSource {
  /** Delivers blocks until closed, and says when the device ends or is taken away. */
  run(events: SourceEvents): void;
  close(): void;
}

/** A microphone that gives samples, whichever way the browser hands them out. */
export class PcmMicrophone implements Microphone {
  readonly gives_samples = true;
  onlevel: Microphone["onlevel"] = () => {};
  onlost: Microphone["onlost"] = () => {};
  /** Resolves when the first half second is over; rejects when the device ends before. */
  readonly settled: Promise<void>;
  readonly #level = new SpeechLevel();
  #buffer: TakeBuffer | null = null;

  constructor(
    private readonly source: PcmSource,
    private readonly facts: CaptureFacts,
  ) {
    this.settled = new Promise((resolve, reject) => {
      source.run({
        onblock: (block, sampling_rate_hz) => {
          this.#receive(block, sampling_rate_hz);
          if (this.#buffer?.settled) resolve();
        },
        onend: (loss) => {
          reject(new Error(`the device ended: ${loss}`));
          this.#lose(loss);
        },
      });
    });
  }

  start(pre_roll_ms?: number): void {
    this.#opened().start(pre_roll_ms);
  }

  async stop(post_roll_ms?: number): Promise<Take> {
    const pcm = await this.#opened().stop(post_roll_ms);
    return { form: "pcm", pcm, facts: this.facts };
  }

  cancel(): void {
    this.#opened().cancel();
  }

  close(): void {
    this.source.close();
  }

  #opened(): TakeBuffer {
    if (!this.#buffer) throw new Error("used before `settled` resolved");
    return this.#buffer;
  }

  #receive(block: Block, sampling_rate_hz: number): void {
    this.#buffer ??= new TakeBuffer(sampling_rate_hz);
    // Another rate is another device (a headset plugged in): one take cannot hold both.
    if (sampling_rate_hz !== this.#buffer.sampling_rate_hz) return this.#lose("lost");
    this.#buffer.push(block);
    const first = block.channels[0] ?? new Int16Array();
    this.onlevel({
      peak_dbfs: peakDbfs(block.channels),
      level_dbfs: this.#level.push(first, sampling_rate_hz),
      clipped: block.channels.some(isClipped),
      duration_s: first.length / sampling_rate_hz,
    });
  }

  #lose(loss: Loss): void {
    this.source.close();
    this.#buffer?.flush();
    this.onlost(loss);
    this.onlost = () => {};
  }
}
