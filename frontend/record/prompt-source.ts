import { getPrompts } from "../api/client";
import { Problem } from "../api/problem";
import type { Campaign, OfferedPrompt } from "../api/types";
import { keepSet, keptSet } from "../upload/prompt-store";
import { isTransient } from "../upload/queue";

/** The API gives that many prompts at once. */
const MOST_PROMPTS = 50;

/** Sets of prompts, one ahead of the speaker: the next one is there at once, and offline. */
export class PromptSource {
  #ahead: readonly OfferedPrompt[] = [];

  /** `first` is the prompt that somebody came for. */
  constructor(
    private readonly slug: string,
    private first: string | null,
  ) {}

  /** The next `count` prompts. Throws a `Problem` where there are none, here or on the server. */
  async next(campaign: Campaign, count: number): Promise<readonly OfferedPrompt[]> {
    const ahead = this.#ahead;
    this.#ahead = [];
    const set = ahead.length > 0 ? ahead : await this.#fetched(count);
    void this.#fetchAhead(campaign, count, set);
    return set;
  }

  async #fetched(count: number): Promise<readonly OfferedPrompt[]> {
    try {
      const prompts = await getPrompts(this.slug, Math.min(MOST_PROMPTS, 2 * count), this.first);
      this.first = null;
      this.#ahead = prompts.slice(count);
      return prompts.slice(0, count);
    } catch (error) {
      if (!isTransient(Problem.of(error))) throw error;
      return this.#kept(count, error);
    }
  }

  async #kept(count: number, error: unknown): Promise<readonly OfferedPrompt[]> {
    const kept = await keptSet(this.slug);
    if (!kept || kept.prompts.length === 0) throw error;
    return kept.prompts.slice(0, count);
  }

  /** What is in the speaker's hands now comes last: its takes are not on the server yet. */
  async #fetchAhead(
    campaign: Campaign,
    count: number,
    current: readonly OfferedPrompt[],
  ): Promise<void> {
    const held = new Set(current.map(({ id }) => id));
    try {
      if (this.#ahead.length === 0) {
        const prompts = await getPrompts(this.slug, Math.min(MOST_PROMPTS, 2 * count));
        this.#ahead = prompts.filter(({ id }) => !held.has(id)).slice(0, count);
      }
      await keepSet(this.slug, campaign, this.#ahead.length > 0 ? this.#ahead : current);
    } catch (error) {
      // The set at hand goes on without; the next one is asked for when it is wanted.
      console.warn("No prompts were fetched ahead:", error);
    }
  }
}
