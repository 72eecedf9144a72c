import { supportsTrackProcessor } from "./track-processor";

/** What a gesture of the person unlocks: an audio context that Safari lets run. */
export interface Gesture {
  /** Null where no context is needed, or where the browser has none. */
  context: AudioContext | null;
}

/**
 * Must be called inside the handler of a tap or key, before anything is awaited: Safari starts
 * an audio context only there, and asking for the microphone already uses up the moment.
 */
export function gesture(): Gesture {
  if (supportsTrackProcessor() || !("AudioContext" in globalThis)) return { context: null };
  const context = new AudioContext();
  // Whether it runs is looked at when it is used; here only the moment counts.
  context.resume().catch(() => {});
  return { context };
}
