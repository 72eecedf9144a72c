import { Problem } from "../api/problem";
import type { ReviewCase } from "../api/types";
import { delay } from "../lib/time";
import type { Ear } from "./ear";
import { gainFor, readPeaks, type Peaks } from "./peaks";
import { Sound } from "./sound";

/** A case with all that is needed to judge it in memory, and what the reviewer says of it. */
export class PreparedCase {
  readonly sound: Sound;
  readonly tags = new Set<string>();
  /** Null while nobody writes one. */
  transcript: string | null = null;
  peaks: Peaks | null = null;
  spectrogram: HTMLImageElement | null = null;
  /** Whether its sound is in memory. */
  is_loaded = false;
  readonly loaded: Promise<void>;

  /** Rejects `loaded` with a Problem where the sound cannot be had. */
  constructor(
    public item: ReviewCase,
    ear: Ear,
    private readonly changed: () => void,
  ) {
    this.sound = new Sound(ear, item.clip.duration_s);
    if (!item.clip.prompt) this.transcript = "";
    this.loaded = this.#load();
  }

  /** What it is judged by needs a text that nobody has given. */
  get lacks_transcript(): boolean {
    return !this.item.clip.prompt && !this.transcript?.trim();
  }

  dispose(): void {
    this.sound.dispose();
  }

  async #load(): Promise<void> {
    const { preview_url, peaks_url, spectrogram_url } = this.item.clip;
    const [sound, peaks] = await Promise.allSettled([got(preview_url), got(peaks_url)]);
    if (peaks.status === "fulfilled") this.#outline(await peaks.value.arrayBuffer());
    if (sound.status === "rejected") throw Problem.of(sound.reason);
    this.sound.load(await sound.value.blob());
    this.sound.warmUp();
    this.is_loaded = true;
    this.changed();
    await this.#picture(spectrogram_url);
  }

  #outline(bytes: ArrayBuffer): void {
    try {
      this.peaks = readPeaks(bytes);
      this.sound.gain = gainFor(this.peaks);
    } catch (error) {
      console.warn("This clip has no outline:", error);
    }
  }

  async #picture(address: string): Promise<void> {
    const image = new Image();
    image.alt = "";
    image.draggable = false;
    image.src = address;
    try {
      await image.decode();
      this.spectrogram = image;
      this.changed();
    } catch (error) {
      // One can judge without.
      console.warn("This clip has no spectrogram:", error);
    }
  }
}

const PAUSES_MS = [500, 2_000, 5_000];

/** The answer from `address`, asked again while the network or the server is out of breath. */
async function got(address: string): Promise<Response> {
  for (const pause_ms of PAUSES_MS) {
    try {
      return await once(address);
    } catch (error) {
      const { status } = Problem.of(error);
      if (status !== 0 && status < 500) throw error;
    }
    await delay(pause_ms);
  }
  return once(address);
}

async function once(address: string): Promise<Response> {
  const response = await fetch(address, { credentials: "same-origin" }).catch(() => {
    throw Problem.unreachable();
  });
  if (!response.ok) throw await Problem.from(response);
  return response;
}
