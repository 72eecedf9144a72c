import { getClips, withdrawClip } from "../api/client";
import type { Clip, Prompt } from "../api/types";
import { erasedMeanwhile, isUnsettled } from "../clips/clip-view";
import { Poller } from "../lib/poller";
import type { Scope } from "../lib/scope";
import { t } from "../lib/text";
import type { Uploader } from "../upload/uploader";

/** The API takes that many ids in one question. */
const MOST_IDS = 50;

/** One take of this visit: on its way while `clip` is null, on the server afterwards. */
export interface LoggedTake {
  id: string;
  prompt: Prompt | null;
  clip: Clip | null;
}

/** What became of each take that this page has sent or is sending, the newest first. */
export class TakeLog {
  onchange: () => void = () => {};
  takes: readonly LoggedTake[] = [];
  /** Why a take could not be taken back, for the speaker; null while all is well. */
  notice: string | null = null;
  readonly #poller: Poller;
  /** Takes that are being sent while their speaker wants them undone. */
  readonly #unwanted = new Set<string>();

  constructor(
    scope: Scope,
    readonly uploader: Uploader,
  ) {
    this.#poller = new Poller(scope, () => this.#ask(), () => this.#unsettled().length > 0);
    uploader.onchange = () => this.#readQueue();
    uploader.onsent = (clip) => {
      this.#merge([clip]);
      this.#poller.wake();
      if (this.#unwanted.delete(clip.id)) void this.takeBack(clip.id);
    };
    scope.own(() => (uploader.onchange = uploader.onsent = () => {}));
    this.#readQueue();
  }

  /** How many takes of this visit the server has. */
  get sent(): number {
    return this.takes.filter(({ clip }) => clip !== null).length;
  }

  /** Undoes a take: deletes it from the device, or takes it back where the server has it. */
  async takeBack(id: string): Promise<void> {
    const queued = this.uploader.takes.find((take) => take.id === id);
    const known = this.takes.find((take) => take.id === id);
    if (queued && !known?.clip && queued.progress.status !== "sending") {
      return this.uploader.discard(id);
    }
    if (!known?.clip) return void this.#unwanted.add(id);
    try {
      this.#merge([await withdrawClip(id)]);
    } catch (error) {
      console.warn("A take could not be taken back:", error);
      this.notice = t("The last take could not be taken back just now. You can do so in My clips.");
      this.onchange();
    }
  }

  /** Takes whose attempt failed meanwhile can simply be deleted. */
  #dropUnwanted(): void {
    for (const { id, progress } of this.uploader.takes) {
      if (progress.status === "sending" || !this.#unwanted.delete(id)) continue;
      void this.uploader.discard(id);
    }
  }

  #readQueue(): void {
    this.#dropUnwanted();
    const known = new Set(this.takes.map((take) => take.id));
    const queued = new Set(this.uploader.takes.map((take) => take.id));
    const added = this.uploader.takes.filter((take) => !known.has(take.id));
    const fresh = added.map(({ id, prompt }) => ({ id, prompt, clip: null })).reverse();
    // A take that left the queue without having become a clip was discarded.
    const rest = this.takes.filter((take) => take.clip !== null || queued.has(take.id));
    this.takes = [...fresh, ...rest];
    this.onchange();
  }

  #unsettled(): string[] {
    const takes = this.takes.filter(({ clip }) => clip !== null && isUnsettled(clip));
    return takes.map((take) => take.id).slice(0, MOST_IDS);
  }

  async #ask(): Promise<boolean> {
    const states = (): string => this.takes.map((take) => take.clip?.state).join();
    const before = states();
    try {
      const asked = this.#unsettled();
      const told = (await getClips(asked)).results;
      const known = this.takes.flatMap(({ clip }) => (clip ? [clip] : []));
      this.#merge([...told, ...erasedMeanwhile(known, asked, told)]);
    } catch (error) {
      // Only the display is late; the poller asks again by itself, more slowly.
      console.warn("The states of the clips could not be fetched:", error);
    }
    return states() !== before;
  }

  #merge(clips: readonly Clip[]): void {
    const byId = new Map(clips.map((clip) => [clip.id, clip]));
    this.takes = this.takes.map((take) => ({ ...take, clip: byId.get(take.id) ?? take.clip }));
    this.onchange();
  }
}
