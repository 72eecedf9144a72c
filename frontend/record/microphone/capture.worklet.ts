/** Runs on the audio thread: collects render quanta and posts them in larger blocks. */

/** `frame` is the context's count of the first sample in `channels`. */
export interface WorkletMessage {
  frame: number;
  channels: Float32Array[];
}

// The types of this thread are not in TypeScript's DOM library.
declare const currentFrame: number;
declare function registerProcessor(name: string, processor: unknown): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

/** About 10 ms: speech is looked for block by block. */
const BLOCK_FRAMES = 512;

class CaptureProcessor extends AudioWorkletProcessor {
  #channels: Float32Array[] = [];
  #filled = 0;
  #frame = 0;

  process(inputs: Float32Array[][]): boolean {
    const input = inputs[0] ?? [];
    if (input.length === 0) return true;
    if (input.length !== this.#channels.length) this.#begin(input.length);
    if (this.#filled === 0) this.#frame = currentFrame;
    input.forEach((samples, c) => this.#channels[c]!.set(samples, this.#filled));
    this.#filled += input[0]!.length;
    if (this.#filled >= BLOCK_FRAMES) this.#post();
    return true;
  }

  #begin(channelCount: number): void {
    if (this.#filled > 0) this.#post();
    this.#channels = Array.from({ length: channelCount }, () => new Float32Array(BLOCK_FRAMES));
  }

  #post(): void {
    const channels = this.#channels.map((samples) => samples.slice(0, this.#filled));
    const message: WorkletMessage = { frame: this.#frame, channels };
    this.port.postMessage(message, channels.map((samples) => samples.buffer));
    this.#filled = 0;
  }
}

registerProcessor("choir-capture", CaptureProcessor);
