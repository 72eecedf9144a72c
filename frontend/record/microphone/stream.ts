import { MicrophoneError, type CaptureFacts, type MicrophoneFault } from "./microphone";
import type { CapturePath } from "../../api/types";

/**
 * The three processings are for telephony and ruin a recording. No rate and no channel count
 * is asked for: both are ignored, or switch the processing back on (Chromium).
 */
const CONSTRAINTS: MediaStreamConstraints = {
  audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
};

const FAULTS: Readonly<Record<string, MicrophoneFault>> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Absent on pages that are not secure and in some in-app browsers, whatever the types say. */
function mediaDevices(): Partial<MediaDevices> | undefined {
  return navigator.mediaDevices;
}

/** Whether there is any use in asking for a microphone here. */
export function canRecord(): boolean {
  return typeof mediaDevices()?.getUserMedia === "function";
}

/** Asks the person for the microphone. Throws a `MicrophoneError` that says why there is none. */
export async function openStream(): Promise<MediaStream> {
  if (!canRecord()) throw new MicrophoneError("unsupported");
  try {
    return await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    throw new MicrophoneError(FAULTS[name] ?? "broken", { cause: error });
  }
}

export function stopStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** What the device says it really does, which may differ from what was asked of it. */
export function factsOf(track: MediaStreamTrack, path: CapturePath): CaptureFacts {
  const settings = track.getSettings();
  // Newer browsers may answer with the kind of echo cancellation instead of true.
  const on = (value: unknown): boolean | null => (value === undefined ? null : value !== false);
  return {
    path,
    echo_cancellation: on(settings.echoCancellation),
    noise_suppression: on(settings.noiseSuppression),
    auto_gain_control: on(settings.autoGainControl),
    lossy: false,
  };
}
