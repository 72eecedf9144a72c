import type { Prompt } from "../api/types";
import type { Uploader } from "../upload/uploader";
import { Encoder } from "./encoder/encoder";
import { Keeper, type Accepted } from "./keeper";
import { finishedTake, releaseTake, type FinishedTake, type RawTake } from "./take";

/** After that many bad takes of one prompt its speaker decides: a voice may just be like this. */
const MOST_REPEATS = 2;

/** Where takes lie between the microphone and the device: shown, encoded, kept, or let go. */
export class TakeDesk {
  /** The take that waits for its speaker's judgement. */
  take: FinishedTake | null = null;
  /** Called when a take could not be kept after its speaker had gone on. */
  onfull: () => void = () => {};
  readonly #encoder = new Encoder();
  readonly #keeper: Keeper;
  #restarts = 0;
  #repeats = 0;
  #keeping = false;

  /** `maker` says whose takes these are. */
  constructor(
    slug: string,
    uploader: () => Promise<Uploader>,
    private readonly maker: () => string | undefined,
  ) {
    this.#keeper = new Keeper(slug, this.#encoder, uploader);
  }

  /** Loads the encoder ahead of the first take. */
  warm(): void {
    this.#encoder.warm();
  }

  /** Another prompt: what went wrong before does not count for it. */
  beginPrompt(): void {
    this.#restarts = this.#repeats = 0;
  }

  /** A take was clipped and thrown away. */
  countRestart(): void {
    this.#restarts += 1;
  }

  /** Whether a bad take is asked for again without its speaker being asked first. */
  mayAskAgain(): boolean {
    this.#repeats += 1;
    return this.#repeats <= MOST_REPEATS;
  }

  /** Makes the take ready to be looked at and played. */
  async show(take: RawTake): Promise<void> {
    this.take = finishedTake(take, await this.#encoder.encode(take.raw));
  }

  /**
   * Keeps the take that is shown; returns its id, or null while that is under way already.
   * Rejects when the device cannot keep it.
   */
  async keepShown(prompt: Prompt): Promise<string | null> {
    const { take } = this;
    if (!take || this.#keeping) return null;
    this.#keeping = true;
    try {
      await this.#keeper.keep({ ...this.#accepted(take, prompt), encoded: take.encoded });
      return take.id;
    } catch (error) {
      // It is still shown, and can be accepted once more.
      this.#keeper.letGo(take.id);
      throw error;
    } finally {
      this.#keeping = false;
    }
  }

  /** Keeps a take whose speaker goes on meanwhile. */
  keepLater(take: RawTake, prompt: Prompt): void {
    this.#keeper.keep(this.#accepted(take, prompt)).catch((error: unknown) => {
      console.error("A take could not be kept:", error);
      this.onfull();
    });
  }

  /** Keeps what could not be kept before. Rejects when the device still cannot. */
  retry(): Promise<void> {
    return this.#keeper.retry();
  }

  /** Lets go of an accepted take; returns false when it is on the device already. */
  async forget(id: string): Promise<boolean> {
    await this.#keeper.settled(id);
    return this.#keeper.letGo(id);
  }

  clear(): void {
    if (this.take) releaseTake(this.take);
    this.take = null;
  }

  close(): void {
    this.clear();
    this.#encoder.close();
  }

  #accepted(take: RawTake, prompt: Prompt): Accepted {
    const speaker_id = this.maker();
    const made_by = speaker_id ? { speaker_id } : {};
    return { take, prompt, restarts: this.#restarts, ...made_by };
  }
}
