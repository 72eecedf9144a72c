import type { Capture } from "../../api/types";
import { within } from "../../lib/time";
import type { Take } from "../microphone/microphone";
import { withoutCopies } from "../pcm/samples";
import type { FlacReply, FlacRequest } from "./flac.worker";
import { encodeWav } from "./wav";

/** A take as it will be sent. */
export interface EncodedTake {
  bytes: ArrayBuffer;
  content_type: string;
  capture: Capture;
}

type Waiting = { resolve: (bytes: ArrayBuffer) => void; reject: (error: Error) => void };

const TIMEOUT_MS = 20_000;

/** FLAC by a worker; every request ends, with bytes or with an error. */
class FlacWorker {
  readonly #worker = new Worker(new URL("./flac.worker.ts", import.meta.url), { type: "module" });
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #broken: string | null = null;

  constructor() {
    this.#worker.onmessage = (event: MessageEvent<FlacReply>) => this.#settle(event.data);
    this.#worker.onerror = () => this.#break("the FLAC worker does not run here");
  }

  encode(channels: Int16Array[], sampling_rate_hz: number): Promise<ArrayBuffer> {
    if (this.#broken) return Promise.reject(new Error(this.#broken));
    const id = ++this.#lastId;
    const request: FlacRequest = { id, channels, sampling_rate_hz };
    const reply = new Promise<ArrayBuffer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(request);
    });
    return within(reply, TIMEOUT_MS, "the FLAC worker does not answer");
  }

  close(): void {
    this.#worker.terminate();
    this.#break("the FLAC worker was closed");
  }

  #settle(reply: FlacReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("bytes" in reply) waiting?.resolve(reply.bytes);
    else waiting?.reject(new Error(reply.error));
  }

  #break(error: string): void {
    this.#broken = error;
    for (const id of this.#waiting.keys()) this.#settle({ id, error });
  }
}

/** Turns takes into files: FLAC where that works, WAV where it does not. */
export class Encoder {
  #flac: FlacWorker | null = null;

  /** Loads the FLAC library ahead of the first take. */
  warm(): void {
    this.#flac ??= new FlacWorker();
  }

  async encode(take: Take): Promise<EncodedTake> {
    if (take.form === "encoded") return take;
    const { sampling_rate_hz, gaps } = take.pcm;
    const channels = withoutCopies(take.pcm.channels);
    const capture = { ...take.facts, sampling_rate_hz, gaps, channels: channels.length };
    try {
      this.warm();
      const bytes = await this.#flac!.encode(channels, sampling_rate_hz);
      return { bytes, content_type: "audio/flac", capture: { ...capture, encoder: "libflacjs" } };
    } catch (error) {
      console.warn("FLAC failed, so this take is sent as WAV:", error);
      const bytes = encodeWav(channels, sampling_rate_hz);
      return { bytes, content_type: "audio/wav", capture: { ...capture, encoder: "wav" } };
    }
  }

  close(): void {
    this.#flac?.close();
    this.#flac = null;
  }
}
