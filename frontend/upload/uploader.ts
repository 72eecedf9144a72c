import { putClip, type ClipUpload } from "../api/client";
import { Problem } from "../api/problem";
import type { Clip } from "../api/types";
import { Scope } from "../lib/scope";
import { t } from "../lib/text";
import * as queue from "./queue";
import type { QueuedTake, TakeStore } from "./store";

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
  /** Called whenever the queue has changed. */
  onchange: () => void = () => {};
  /** Called with each clip that the server has acknowledged. */
  onsent: (clip: Clip) => void = () => {};
  readonly #scope = new Scope();
  #takes: QueuedTake[] = [];
  #cancelWake: () => void = () => {};

  private constructor(
    private readonly store: TakeStore,
    private readonly surroundings: Surroundings,
  ) {}

  /** An uploader that goes on with what `store` still holds once `start` is called. */
  static async open(store: TakeStore, surroundings = BROWSER): Promise<Uploader> {
    const uploader = new Uploader(store, surroundings);
    const takes = await store.all();
    uploader.#takes = takes.map((take) => ({ ...take, progress: queue.revived(take.progress) }));
    return uploader;
  }

  get takes(): readonly QueuedTake[] {
    return this.#takes;
  }

  /** Begins to send, and tries everything again when the device comes back online. */
  start(): void {
    if (typeof window !== "undefined") this.#scope.listen(window, "online", () => this.#hurry());
    this.#work();
  }

  /** Keeps `take` on the device, then sends it. Rejects with `DeviceFull` when there is no room. */
  async add(take: Omit<QueuedTake, "progress" | "accepted_at">): Promise<void> {
    const accepted_at = this.surroundings.now_ms();
    const queued = { ...take, accepted_at, progress: firstProgress(take.bytes) };
    await this.store.put(queued);
    this.#takes.push(queued);
    this.onchange();
    this.#work();
  }

  /** Sends a failed take once more. */
  async retry(id: string): Promise<void> {
    await this.#update(id, queue.START);
    this.#work();
  }

  /** Deletes a take that was not sent from the device. */
  async discard(id: string): Promise<void> {
    await this.store.delete(id);
    this.#takes = this.#takes.filter((take) => take.id !== id);
    this.onchange();
  }

  close(): void {
    this.#scope.dispose();
  }

  #work(): void {
    this.#cancelWake();
    for (const take of queue.due(this.#takes, this.surroundings.now_ms())) void this.#send(take);
    const next_ms = queue.nextDue_ms(this.#takes);
    if (next_ms === null) return;
    const delay_ms = Math.max(0, next_ms - this.surroundings.now_ms());
    // Due now but not sent means that three are under way: the next to end calls us again.
    if (delay_ms > 0) this.#cancelWake = this.#scope.timeout(delay_ms, () => this.#work());
  }

  #hurry(): void {
    for (const take of this.#takes) {
      if (take.progress.status === "waiting") this.#set(take.id, { ...take.progress, not_before: 0 });
    }
    this.#work();
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
      const clip = await this.surroundings.send(uploadOf(take));
      this.onsent(clip);
      await this.discard(id);
    } catch (error) {
      const { now_ms, random } = this.surroundings;
      const problem = Problem.of(error);
      await this.#update(id, queue.afterProblem(take.progress, problem, now_ms(), random()));
    }
  }

  /** Another tab is sending `id`: looks later whether it is still there. */
  async #yieldToOtherTab(id: string): Promise<void> {
    const kept = (await this.store.all()).some((take) => take.id === id);
    if (!kept) return this.discard(id);
    const not_before = this.surroundings.now_ms() + OTHER_TAB_WAIT_MS;
    this.#set(id, { status: "waiting", attempts: 0, not_before });
  }

  #find(id: string): QueuedTake | undefined {
    return this.#takes.find((take) => take.id === id);
  }

  #set(id: string, progress: queue.Progress): void {
    this.#takes = this.#takes.map((take) => (take.id === id ? { ...take, progress } : take));
    this.onchange();
  }

  /** As `#set`, and remembered across reloads: failures and waits, but not every attempt. */
  async #update(id: string, progress: queue.Progress): Promise<void> {
    this.#set(id, progress);
    const take = this.#find(id);
    if (take) await this.store.put(take);
  }
}

function firstProgress(bytes: ArrayBuffer): queue.Progress {
  if (bytes.byteLength <= queue.MAX_BYTES) return queue.START;
  return { status: "failed", attempts: 0, reason: t("This recording is larger than 25 MB.") };
}

function uploadOf(take: QueuedTake): ClipUpload {
  const { id, bytes, content_type, content_digest, capture } = take;
  return { id, bytes, content_type, content_digest, capture, prompt_id: take.prompt.id };
}
