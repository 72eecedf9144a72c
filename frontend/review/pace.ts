const WINDOW_MS = 10 * 60_000;
const FEWEST = 5;
const SHORTEST_MS = 60_000;

/** How many clips were judged in this sitting, and how fast lately. Times are in ms. */
export class Pace {
  #times: number[] = [];

  get judged(): number {
    return this.#times.length;
  }

  count(at_ms: number): void {
    this.#times.push(at_ms);
  }

  /** A verdict was taken back. */
  discount(): void {
    this.#times.pop();
  }

  /** Clips an hour over the last ten minutes, to the nearest ten; null while too few to say. */
  perHour(now_ms: number): number | null {
    const recent = this.#times.filter((time) => now_ms - time <= WINDOW_MS);
    const span_ms = now_ms - (recent[0] ?? now_ms);
    if (recent.length < FEWEST || span_ms < SHORTEST_MS) return null;
    return Math.round((recent.length * 3_600_000) / span_ms / 10) * 10;
  }
}
