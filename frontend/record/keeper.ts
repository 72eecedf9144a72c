import type { Capture, Prompt } from "../api/types";
import { contentDigest } from "../lib/digest";
import type { Uploader } from "../upload/uploader";
import { browserName } from "./browser";
import type { EncodedTake, Encoder } from "./encoder/encoder";
import type { RawTake } from "./take";

/** A take that was accepted and is not on the device yet; `encoded` where that is done already. */
export interface Accepted {
  take: RawTake;
  encoded?: EncodedTake;
  prompt: Prompt;
  /** Takes of the prompt that were thrown away before, because they were clipped. */
  restarts: number;
  /** Who made it. */
  speaker_id?: string;
}

const toMillis = (value: number): number => Math.round(value * 1000) / 1000;

function captureOf({ take, restarts }: Accepted, encoded: EncodedTake): Capture {
  const { judgement, by, floor_dbfs } = take;
  const { marks } = judgement;
  return {
    ...encoded.capture,
    start: by === "voice" ? "hands-free" : "by-hand",
    restarts,
    browser: browserName(navigator.userAgent),
    ...(take.raw.form === "pcm" ? { noise_floor_dbfs: toMillis(floor_dbfs) } : {}),
    ...(marks ? { trim_start_s: toMillis(marks.start_s), trim_end_s: toMillis(marks.end_s) } : {}),
  };
}

/** Brings accepted takes onto the device; one that cannot be kept stays in hand for another try. */
export class Keeper {
  readonly #inHand = new Map<string, Accepted>();
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly slug: string,
    private readonly encoder: Encoder,
    private readonly uploader: () => Promise<Uploader>,
  ) {}

  /** Encodes the take and keeps it. Rejects when the device cannot; `retry` tries again. */
  keep(accepted: Accepted): Promise<void> {
    const { id } = accepted.take;
    this.#inHand.set(id, accepted);
    const work = this.#keep(accepted).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, work);
    return work;
  }

  /** Resolves when the take is on the device, or given up for now. */
  async settled(id: string): Promise<void> {
    await this.#underWay.get(id)?.catch(() => {});
  }

  /** Keeps what could not be kept before. Rejects when the device still cannot. */
  async retry(): Promise<void> {
    for (const accepted of [...this.#inHand.values()]) await this.keep(accepted);
  }

  /** Lets go of a take that is in hand only; returns whether there was one. */
  letGo(id: string): boolean {
    return this.#inHand.delete(id);
  }

  async #keep(accepted: Accepted): Promise<void> {
    const { take, prompt, speaker_id } = accepted;
    const encoded = accepted.encoded ?? (await this.encoder.encode(take.raw));
    const content_digest = await contentDigest(encoded.bytes);
    const uploader = await this.uploader();
    await uploader.add({
      ...encoded,
      id: take.id,
      campaign: this.slug,
      ...(speaker_id ? { speaker_id } : {}),
      prompt: { id: prompt.id, kind: prompt.kind, text: prompt.text },
      content_digest,
      capture: captureOf(accepted, encoded),
    });
    this.#inHand.delete(take.id);
  }
}
