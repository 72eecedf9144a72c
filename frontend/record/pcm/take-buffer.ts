import { concatenate } from "./samples";

/** A stretch of sound as it came from the device. `gap` says that something is missing before. */
export interface Block {
  channels: Int16Array[];
  gap: boolean;
}

/** A finished take, planar. `gaps` counts the places where the device lost samples. */
export interface PcmTake {
  channels: Int16Array[];
  sampling_rate_hz: number;
  gaps: number;
}

export interface Margins {
  discard_ms: number;
  pre_roll_ms: number;
  post_roll_ms: number;
  /** How far back `start` can reach: speech is found some time after it began. */
  memory_ms: number;
}

/** The first half second after opening is broken in some browsers; speech begins before the key. */
export const MARGINS: Margins = {
  discard_ms: 500,
  pre_roll_ms: 300,
  post_roll_ms: 300,
  memory_ms: 1000,
};

const framesOf = (block: Block): number => block.channels[0]?.length ?? 0;

/** The last `frames` frames of `block`. */
function tail(block: Block, frames: number): Block {
  const start = framesOf(block) - frames;
  return { gap: false, channels: block.channels.map((channel) => channel.subarray(start)) };
}

/**
 * Cuts takes out of an endless stream of blocks: it forgets the first `discard_ms`, remembers
 * the last `memory_ms` while idle, and goes on for `post_roll_ms` after the take was stopped.
 */
export class TakeBuffer {
  #state: "idle" | "recording" | "ending" = "idle";
  #blocks: Block[] = [];
  #discard: number;
  #remaining = 0;
  #deliver: (take: PcmTake) => void = () => {};

  constructor(
    readonly sampling_rate_hz: number,
    private readonly margins: Margins = MARGINS,
  ) {
    this.#discard = this.#frames(margins.discard_ms);
  }

  /** Whether the broken beginning is over. */
  get settled(): boolean {
    return this.#discard === 0;
  }

  push(block: Block): void {
    const kept = this.#withoutBeginning(block);
    if (!kept) return;
    this.#blocks.push(kept);
    if (this.#state === "idle") this.#forget();
    if (this.#state === "ending") this.#countDown(framesOf(kept));
  }

  /** Begins a take, `pre_roll_ms` ago. */
  start(pre_roll_ms = this.margins.pre_roll_ms): void {
    this.#trimTo(this.#frames(pre_roll_ms));
    this.#state = "recording";
  }

  /** Ends the take `post_roll_ms` from now and resolves with all of it. */
  stop(post_roll_ms = this.margins.post_roll_ms): Promise<PcmTake> {
    this.#state = "ending";
    this.#remaining = this.#frames(post_roll_ms);
    return new Promise((resolve) => {
      this.#deliver = resolve;
      this.#countDown(0);
    });
  }

  /** Ends the take at once and forgets it. */
  cancel(): void {
    this.#state = "idle";
    this.#forget();
  }

  /** Delivers what has been recorded so far, for a device that gives no more. */
  flush(): void {
    if (this.#state === "ending") this.#finish(0);
  }

  #frames(duration_ms: number): number {
    return Math.round((duration_ms * this.sampling_rate_hz) / 1000);
  }

  #withoutBeginning(block: Block): Block | null {
    if (this.#discard === 0) return block;
    const frames = framesOf(block);
    const kept = Math.max(0, frames - this.#discard);
    this.#discard = Math.max(0, this.#discard - frames);
    return kept > 0 ? tail(block, kept) : null;
  }

  #countDown(frames: number): void {
    this.#remaining -= frames;
    if (this.#remaining <= 0) this.#finish(-this.#remaining);
  }

  #finish(surplus: number): void {
    const take = this.#assemble(surplus);
    this.#state = "idle";
    this.#forget();
    this.#deliver(take);
  }

  /** All blocks joined, without the last `surplus` frames. */
  #assemble(surplus: number): PcmTake {
    // A device that changes from two channels to one in mid-take keeps what all blocks share.
    const count = Math.min(...this.#blocks.map((block) => block.channels.length));
    const channels = Array.from({ length: Number.isFinite(count) ? count : 0 }, (_, c) => {
      const whole = concatenate(this.#blocks.map((block) => block.channels[c]!));
      return whole.subarray(0, whole.length - surplus);
    });
    const gaps = this.#blocks.filter((block) => block.gap).length;
    return { channels, gaps, sampling_rate_hz: this.sampling_rate_hz };
  }

  /** Drops the oldest whole blocks that nothing will reach back to. */
  #forget(wanted = this.#frames(this.margins.memory_ms)): void {
    let total = this.#blocks.reduce((sum, block) => sum + framesOf(block), 0);
    while (this.#blocks[0] && total - framesOf(this.#blocks[0]) >= wanted) {
      total -= framesOf(this.#blocks.shift()!);
    }
  }

  /** Keeps exactly the last `frames` frames, or all where there are fewer. */
  #trimTo(frames: number): void {
    this.#forget(frames);
    const total = this.#blocks.reduce((sum, block) => sum + framesOf(block), 0);
    const first = this.#blocks[0];
    if (first && total > frames) {
      this.#blocks[0] = tail(first, framesOf(first) - (total - frames));
    }
  }
}
