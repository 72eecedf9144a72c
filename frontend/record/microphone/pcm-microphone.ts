import { peakDbfs } from "../pcm/level";
import { TakeBuffer, type Block } from "../pcm/take-buffer";
import type { CaptureFacts, Microphone, Take } from "./microphone";

/** Where blocks of samples come from. */
export interface PcmSource {
  /** Delivers blocks to `onblock` until closed, and calls `onend` when the device ends. */
  run(onblock: (block: Block, sampling_rate_hz: number) => void, onend: () => void): void;
  close(): void;
}

/** A microphone that gives samples, whichever way the browser hands them out. */
export class PcmMicrophone implements Microphone {
  onlevel: Microphone["onlevel"] = () => {};
  onlost: Microphone["onlost"] = () => {};
  /** Resolves when the first half second is over; rejects when the device ends before. */
  readonly settled: Promise<void>;
  #buffer: TakeBuffer | null = null;

  constructor(
    private readonly source: PcmSource,
    private readonly facts: CaptureFacts,
  ) {
    this.settled = new Promise((resolve, reject) => {
      source.run(
        (block, sampling_rate_hz) => {
          this.#receive(block, sampling_rate_hz);
          if (this.#buffer?.settled) resolve();
        },
        () => {
          reject(new Error("the device ended"));
          this.#lose();
        },
      );
    });
  }

  start(): void {
    this.#opened().start();
  }

  async stop(): Promise<Take> {
    const pcm = await this.#opened().stop();
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
    if (sampling_rate_hz !== this.#buffer.sampling_rate_hz) return this.#lose();
    this.#buffer.push(block);
    const frames = block.channels[0]?.length ?? 0;
    this.onlevel(peakDbfs(block.channels), frames / sampling_rate_hz);
  }

  #lose(): void {
    this.source.close();
    this.#buffer?.flush();
    this.onlost();
    this.onlost = () => {};
  }
}
