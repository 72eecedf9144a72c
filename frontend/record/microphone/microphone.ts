import type { Capture } from "../../api/types";
import type { PcmTake } from "../pcm/take-buffer";

/** What is known about a recording before it is encoded. */
export type CaptureFacts = Omit<Capture, "encoder" | "channels" | "sampling_rate_hz" | "gaps">;

/** A take as samples, or as bytes where the browser only gives those. */
export type Take =
  | { form: "pcm"; pcm: PcmTake; facts: CaptureFacts }
  | { form: "encoded"; bytes: ArrayBuffer; content_type: string; capture: Capture };

/**
 * An open microphone. It stays open through a whole set, so that no take begins with the
 * noises of a device waking up.
 */
export interface Microphone {
  /** Called for each block with its peak, several times a second, also between takes. */
  onlevel: (peak_dbfs: number, duration_s: number) => void;
  /** Called once when the device goes away: unplugged, taken by a call, permission withdrawn. */
  onlost: () => void;
  /** Begins a take. */
  start(): void;
  /** Ends the take. */
  stop(): Promise<Take>;
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
