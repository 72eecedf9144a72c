import type { Scope } from "./scope";

const FIRST_MS = 1_500;
const LONGEST_MS = 15_000;

/**
 * Asks again and again while there is something to wait for: every 1.5 s at first, more and
 * more slowly while nothing changes, and not at all while nobody looks at the page.
 */
export class Poller {
  #delay_ms = FIRST_MS;
  #cancel: (() => void) | null = null;
  #asking = false;

  /** `ask` returns whether anything changed; `waiting` whether there is a reason to ask. */
  constructor(
    private readonly scope: Scope,
    private readonly ask: () => Promise<boolean>,
    private readonly waiting: () => boolean,
  ) {
    scope.listen(document, "visibilitychange", () => this.wake());
  }

  /** Something new is expected: asks soon again, at the quickest pace. */
  wake(): void {
    this.#delay_ms = FIRST_MS;
    this.#schedule();
  }

  #schedule(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#asking || document.hidden || !this.waiting()) return;
    this.#cancel = this.scope.timeout(this.#delay_ms, () => void this.#turn());
  }

  async #turn(): Promise<void> {
    this.#asking = true;
    const changed = await this.ask();
    this.#asking = false;
    this.#delay_ms = changed ? FIRST_MS : Math.min(this.#delay_ms * 1.5, LONGEST_MS);
    this.#schedule();
  }
}
