import { Problem } from "../api/problem";
import type { Scope } from "../lib/scope";

/** Something to tell the server, behind the reviewer's back. */
export interface Letter {
  /** Whether it says something that would be lost with the page. */
  matters: boolean;
  send: () => Promise<unknown>;
  /** The server has answered that it does not take it. */
  refused: (problem: Problem) => void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Sends letters one after the other, in order: a vote, its undoing and the next clips must not
 * overtake each other. What does not arrive is sent again until it does.
 */
export class Outbox {
  readonly #letters: Letter[] = [];
  #is_sending = false;
  #pause_ms = FIRST_PAUSE_MS;
  #hurry: (() => void) | null = null;
  /** Why the first letter has not arrived, if it was tried. */
  stuck: Problem | null = null;

  constructor(
    private readonly scope: Scope,
    private readonly changed: () => void,
  ) {
    scope.listen(window, "online", () => this.retry());
    scope.listen(window, "beforeunload", (event) => {
      if (this.waiting > 0) event.preventDefault();
    });
  }

  /** How many letters would be lost with the page. */
  get waiting(): number {
    return this.#letters.filter(({ matters }) => matters).length;
  }

  add(letter: Letter): void {
    this.#letters.push(letter);
    void this.#work();
  }

  /** Takes back a letter that nobody has tried to send yet; returns whether that was so. */
  drop(letter: Letter): boolean {
    const at = this.#letters.indexOf(letter);
    if (at <= 0) return false;
    this.#letters.splice(at, 1);
    return true;
  }

  /** Does not wait for the pause to end. */
  retry(): void {
    this.#hurry?.();
  }

  async #work(): Promise<void> {
    if (this.#is_sending) return;
    this.#is_sending = true;
    for (let letter = this.#letters[0]; letter; letter = this.#letters[0]) {
      if (await this.#arrives(letter)) {
        this.#letters.shift();
        this.changed();
      } else await this.#rest();
    }
    this.#is_sending = false;
  }

  /** Whether the letter needs no more sending. */
  async #arrives(letter: Letter): Promise<boolean> {
    try {
      await letter.send();
    } catch (error) {
      const problem = Problem.of(error);
      if (isPassing(problem)) {
        this.stuck = problem;
        this.changed();
        return false;
      }
      letter.refused(problem);
    }
    this.stuck = null;
    this.#pause_ms = FIRST_PAUSE_MS;
    return true;
  }

  #rest(): Promise<void> {
    const pause_ms = this.stuck?.retry_after_ms ?? this.#pause_ms;
    this.#pause_ms = Math.min(2 * this.#pause_ms, LONGEST_PAUSE_MS);
    return new Promise((resolve) => {
      const cancel = this.scope.timeout(pause_ms, resolve);
      this.#hurry = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** Whether the same again may be answered otherwise. */
function isPassing({ status, code }: Problem): boolean {
  return (status === 0 && code !== "unexpected") || status === 429 || status >= 500;
}
