import type { CapturePath } from "../../api/types";
import { within } from "../../lib/time";
import { AudioWorkletSource, supportsAudioWorklet } from "./audio-worklet";
import { RecorderMicrophone, supportsMediaRecorder } from "./media-recorder";
import type { Gesture } from "./gesture";
import { MicrophoneError, type Microphone } from "./microphone";
import { PcmMicrophone, type PcmSource } from "./pcm-microphone";
import { factsOf, openStream, stopStream } from "./stream";
import { TrackProcessorSource, supportsTrackProcessor } from "./track-processor";

type Opener = (stream: MediaStream, track: MediaStreamTrack, tap: Gesture) => Promise<Microphone>;

const SETTLE_TIMEOUT_MS = 5_000;

/** A microphone on `source` that has given sound already. */
async function settled(
  source: PcmSource,
  track: MediaStreamTrack,
  path: CapturePath,
): Promise<Microphone> {
  const microphone = new PcmMicrophone(source, factsOf(track, path));
  try {
    await within(microphone.settled, SETTLE_TIMEOUT_MS, `no samples by ${path}`);
    return microphone;
  } catch (error) {
    microphone.close();
    throw error;
  }
}

const OPENERS: readonly [() => boolean, Opener][] = [
  [
    supportsTrackProcessor,
    (_, track) => settled(new TrackProcessorSource(track), track, "track-processor"),
  ],
  [
    supportsAudioWorklet,
    async (stream, track, tap) =>
      settled(await AudioWorkletSource.open(stream, track, tap), track, "audio-worklet"),
  ],
  [
    supportsMediaRecorder,
    (stream, track, tap) =>
      Promise.resolve(new RecorderMicrophone(stream, track, factsOf(track, "media-recorder"), tap)),
  ],
];

/** The best of the paths that work here, the exact ones first. */
async function firstThatWorks(stream: MediaStream, tap: Gesture): Promise<Microphone> {
  const track = stream.getAudioTracks()[0];
  let cause: unknown;
  for (const [supported, open] of OPENERS) {
    if (!track || !supported()) continue;
    try {
      return await open(stream, track, tap);
    } catch (error) {
      // The next path may work where this one does not; the last failure is reported.
      console.warn("A way to record does not work here:", error);
      cause = error;
    }
  }
  throw new MicrophoneError(cause ? "broken" : "unsupported", { cause });
}

/**
 * Opens the microphone and waits until it gives sound worth keeping. `tap` is from the person's
 * gesture. Throws a `MicrophoneError` when the person refuses or nothing works.
 */
export async function openMicrophone(tap: Gesture): Promise<Microphone> {
  const stream = await openStream();
  try {
    const microphone = await firstThatWorks(stream, tap);
    const close = microphone.close.bind(microphone);
    microphone.close = () => {
      close();
      stopStream(stream);
    };
    return microphone;
  } catch (error) {
    stopStream(stream);
    throw error;
  }
}
