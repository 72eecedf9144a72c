import { putClip, type ClipUpload } from "../api/client";
import { Problem } from "../api/problem";
import type { Clip } from "../api/types";
import { Scope } from "../lib/scope";
import { t } from "../lib/text";
import * as queue from "./queue";
import type { QueuedTake, TakeStore } from "./store";

/** A take as it is handed over for sending. */
export type NewTake = Omit<QueuedTake, "progress" | "accepted_at" | "num_bytes"> & {
  bytes: ArrayBuffer;
};

/** What the outside world does for the uploader; tests bring their own. */
export interface Surroundings {
  send(upload: ClipUpload): Promise<Clip>;
  now_ms(): number;
  random(): number;
  /** Does `work` unless another tab is at it; returns whether it did. */
  exclusively(id: string, work: () => Promise<void>): Promise<boolean>;
}

async function exclusively(id: string, work: () => Promise<void>): Promise<boolean> {
  // Without locks two tabs may send one take twice, which the server answers the same.
  if (!("locks" in navigator)) return work().then(() => true);
  return navigator.locks.request(`choir.take.${id}`, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}

const BROWSER: Surroundings = {
  send: putClip,
  now_ms: Date.now,
  random: Math.random,
  exclusively,
};

const OTHER_TAB_WAIT_MS = 5_000;

/**
 * Sends takes in the background, three at a time, until the server has acknowledged each or
 * refused it for good. A take leaves the device only after that.
 */
export class Uploader {
  /** Called whenever the queue has changed; for the recorder. Others use `watch`. */
  onchange: () => void = () => {};
  /** Called with each clip that the server has acknowledged. */
  onsent: (clip: Clip) => void = () => {};
  /** Called when a take waits for its maker to agree to a campaign's new text. */
  onasked: () => void = () => {};
  /** Called when the device holds other takes than before, for other tabs to look. */
  onkept: () => void = () => {};
  readonly #scope = new Scope();
  readonly #watchers = new Set<() => void>();
  #takes: QueuedTake[] = [];
  #rest = queue.NO_REST;
  #cancelWake: () => void = () => {};

  private constructor(
    private readonly store: TakeStore,
    private readonly surroundings: Surroundings,
  ) {}

  /** An uploader that goes on with what `store` still holds once `start` is called. */
  static async open(store: TakeStore, surroundings = BROWSER): Promise<Uploader> {
    const uploader = new Uploader(store, surroundings);
    await uploader.#readStore();
    return uploader;
  }

  get takes(): readonly QueuedTake[] {
    return this.#takes;
  }

  /** Calls `look` after every change of the queue. Returns a function that ends it. */
  watch(look: () => void): () => void {
    this.#watchers.add(look);
    return () => this.#watchers.delete(look);
  }

  /** Begins to send, and tries everything again when the device comes back online. */
  start(): void {
    if (typeof window !== "undefined") this.#scope.listen(window, "online", () => this.hurry());
    this.#work();
  }

  /** Keeps `take` on the device, then sends it. Rejects with `DeviceFull` when there is no room. */
  async add({ bytes, ...take }: NewTake): Promise<void> {
    const accepted_at = this.surroundings.now_ms();
    const progress = firstProgress(bytes);
    const queued = { ...take, num_bytes: bytes.byteLength, accepted_at, progress };
    await this.store.add(queued, bytes);
    // Another tab's message may have made this one read it from the store already.
    if (!this.#find(queued.id)) this.#replace([...this.#takes, queued]);
    this.onkept();
    this.#work();
  }

  /** The bytes of a take that waits, for saving it as a file; null when it is gone. */
  bytes(id: string): Promise<ArrayBuffer | null> {
    return this.store.bytes(id);
  }

  /** Sends a failed take once more. */
  async retry(id: string): Promise<void> {
    await this.#update(id, queue.START);
    this.#rest = queue.hurried(this.#rest);
    this.#work();
  }

  /** Tries all that wait now instead of later, unless the server has told us when. */
  hurry(): void {
    this.#rest = queue.hurried(this.#rest);
    const soon = (take: QueuedTake): QueuedTake =>
      take.progress.status === "waiting"
        ? { ...take, progress: { ...take.progress, not_before: 0 } }
        : take;
    this.#replace(this.#takes.map(soon));
    this.#work();
  }

  /** Deletes a take that was not sent from the device. */
  async discard(id: string): Promise<void> {
    await this.store.delete(id);
    this.#forget(id);
    this.onkept();
  }

  /** Looks again at what the device holds: another tab may have added takes, or sent some. */
  async refresh(): Promise<void> {
    await this.#readStore();
    this.#work();
  }

  close(): void {
    this.#scope.dispose();
  }

  #work(): void {
    this.#cancelWake();
    const now_ms = this.surroundings.now_ms();
    for (const take of queue.due(this.#takes, this.#rest, now_ms)) void this.#send(take);
    const next_ms = queue.nextDue_ms(this.#takes, this.#rest);
    if (next_ms === null) return;
    const delay_ms = Math.max(0, next_ms - now_ms);
    // Due now but not sent means that three are under way: the next to end calls us again.
    if (delay_ms > 0) this.#cancelWake = this.#scope.timeout(delay_ms, () => this.#work());
  }

  async #send(take: QueuedTake): Promise<void> {
    this.#set(take.id, queue.sending(take.progress));
    const mine = await this.surroundings.exclusively(take.id, () => this.#attempt(take.id));
    if (!mine) await this.#yieldToOtherTab(take.id);
    this.#work();
  }

  async #attempt(id: string): Promise<void> {
    const take = this.#find(id);
    if (!take) return;
    try {
      const bytes = await this.store.bytes(id);
      if (!bytes) return this.#forget(id);
      const clip = acknowledged(take, await this.surroundings.send(uploadOf(take, bytes)));
      this.#rest = queue.NO_REST;
      this.onsent(clip);
      await this.discard(id);
    } catch (error) {
      await this.#afterProblem(take, Problem.of(error));
    }
  }

  async #afterProblem(take: QueuedTake, problem: Problem): Promise<void> {
    const now_ms = this.surroundings.now_ms();
    const random = this.surroundings.random();
    this.#rest = queue.restAfter(this.#rest, problem, now_ms, random);
    if (queue.asksAgain(problem)) this.onasked();
    await this.#update(take.id, queue.afterProblem(take.progress, problem, now_ms, random));
  }

  /** Another tab is sending `id`: looks later whether it is still there. */
  async #yieldToOtherTab(id: string): Promise<void> {
    const kept = (await this.store.all()).some((take) => take.id === id);
    if (!kept) return this.#forget(id);
    const not_before = this.surroundings.now_ms() + OTHER_TAB_WAIT_MS;
    this.#set(id, { ...queue.START, not_before });
  }

  /** Takes over what the store holds; of those known already, this tab knows better. */
  async #readStore(): Promise<void> {
    const kept = await this.store.all();
    const revived = (take: QueuedTake): QueuedTake => ({
      ...take,
      progress: queue.revived(take.progress),
    });
    this.#replace(kept.map((take) => this.#find(take.id) ?? revived(take)));
  }

  #find(id: string): QueuedTake | undefined {
    return this.#takes.find((take) => take.id === id);
  }

  #set(id: string, progress: queue.Progress): void {
    this.#replace(this.#takes.map((take) => (take.id === id ? { ...take, progress } : take)));
  }

  #forget(id: string): void {
    this.#replace(this.#takes.filter((take) => take.id !== id));
  }

  #replace(takes: QueuedTake[]): void {
    this.#takes = takes;
    this.onchange();
    for (const look of this.#watchers) look();
  }

  /** As `#set`, and remembered across reloads: failures and waits, but not every attempt. */
  async #update(id: string, progress: queue.Progress): Promise<void> {
    this.#set(id, progress);
    const take = this.#find(id);
    if (!take) return;
    try {
      await this.store.update(take);
    } catch (error) {
      // The take itself is kept; after a reload it is merely tried again sooner.
      console.warn("What became of a take could not be remembered:", error);
    }
  }
}

/** The server's `clip`, if it speaks of this very take: anything else acknowledges nothing. */
function acknowledged(take: QueuedTake, clip: Partial<Clip> | null): Clip {
  if (clip?.id !== take.id || !clip.state) throw Problem.unreadable();
  return clip as Clip;
}

function firstProgress(bytes: ArrayBuffer): queue.Progress {
  if (bytes.byteLength <= queue.MAX_BYTES) return queue.START;
  return { status: "failed", attempts: 0, reason: t("This recording is larger than 25 MB.") };
}

function uploadOf(take: QueuedTake, bytes: ArrayBuffer): ClipUpload {
  const { id, speaker_id, content_type, content_digest, capture } = take;
  const maker = speaker_id ? { speaker_id } : {};
  return { id, bytes, content_type, content_digest, capture, prompt_id: take.prompt.id, ...maker };
}
