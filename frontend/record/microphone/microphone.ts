import type { Capture } from "../../api/types";
import type { PcmTake } from "../pcm/take-buffer";

/** What is known about a recording before it is encoded. */
export type CaptureFacts = Omit<Capture, "encoder" | "channels" | "sampling_rate_hz" | "gaps">;

/** What a block of `duration_s` sounded like; `level_dbfs` is that of `SpeechLevel`. */
export interface Reading {
  peak_dbfs: number;
  level_dbfs: number;
  clipped: boolean;
  duration_s: number;
}

/** `interrupted`: the device is still there, but a call or another app has it for now. */
export type Loss = "lost" | "interrupted";

/** A take as samples, or as bytes where the browser only gives those. */
export type Take =
  | { form: "pcm"; pcm: PcmTake; facts: CaptureFacts }
  | { form: "encoded"; bytes: ArrayBuffer; content_type: string; capture: Capture };

/**
 * An open microphone. It stays open through a whole set, so that no take begins with the
 * noises of a device waking up.
 */
export interface Microphone {
  /** Whether samples pass through the page: only then can a take begin and end by itself. */
  readonly gives_samples: boolean;
  /** Called for each block, many times a second, also between takes. */
  onlevel: (reading: Reading) => void;
  /** Called once when the device gives no more sound. */
  onlost: (loss: Loss) => void;
  /** Begins a take, `pre_roll_ms` ago where samples are remembered. */
  start(pre_roll_ms?: number): void;
  /** Ends the take `post_roll_ms` from now. */
  stop(post_roll_ms?: number): Promise<Take>;
  /** Ends the take and forgets it. */
  cancel(): void;
  /** Releases the device. */
  close(): void;
}

/** Why there is no microphone. `unsupported` includes pages that are not secure. */
export type MicrophoneFault = "unsupported" | "refused" | "missing" | "busy" | "broken";

export class MicrophoneError extends Error {
  override readonly name = "MicrophoneError";

  constructor(
    readonly fault: MicrophoneFault,
    options?: ErrorOptions,
  ) {
    super(`no microphone: ${fault}`, options);
  }
}
