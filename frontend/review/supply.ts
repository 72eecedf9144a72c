import { Problem } from "../api/problem";
import type { ReviewCase } from "../api/types";
import type { Ear } from "./ear";
import { PreparedCase } from "./prepared";

/** The clip in hand and three more. */
export const LEASED = 4;

/** The cases that are leased to this reviewer, the one in hand at their head; all in memory. */
export class Supply {
  #cases: PreparedCase[] = [];
  /** Judged, skipped or reported here: the server may still offer it for a moment. */
  readonly #settled = new Set<string>();

  constructor(
    private readonly ear: Ear,
    private readonly changed: () => void,
    private readonly gone: (prepared: PreparedCase) => void,
  ) {}

  get first(): PreparedCase | null {
    return this.#cases[0] ?? null;
  }

  get size(): number {
    return this.#cases.length;
  }

  /** The moment when the first of the leases ends, in ms. */
  get lease_until_ms(): number {
    return Math.min(...this.#cases.map(({ item }) => Date.parse(item.lease_until)));
  }

  /** How many have their sound in memory. */
  get num_loaded(): number {
    return this.#cases.filter((each) => each.is_loaded).length;
  }

  /**
   * Takes over what the server has leased; returns those that it leases to us no longer, without
   * `kept`.
   */
  merge(items: readonly ReviewCase[], kept: PreparedCase | null = null): PreparedCase[] {
    const offered = new Map(items.map((item) => [item.id, item]));
    const lost = this.#cases.filter((each) => each !== kept && !offered.has(each.item.id));
    for (const each of lost) this.remove(each);
    for (const each of this.#cases) each.item = offered.get(each.item.id) ?? each.item;
    const held = new Set(this.#cases.map(({ item }) => item.id));
    for (const item of items) {
      if (held.has(item.id) || this.#settled.has(item.id)) continue;
      this.#cases.push(this.#prepared(item));
    }
    return lost;
  }

  #prepared(item: ReviewCase): PreparedCase {
    const prepared = new PreparedCase(item, this.ear, this.changed);
    prepared.loaded.catch((error: unknown) => {
      if ([403, 404, 410].includes(Problem.of(error).status)) this.gone(prepared);
      else prepared.sound.fail();
    });
    return prepared;
  }

  /** The case in hand is done with. */
  shift(): PreparedCase | null {
    const done = this.#cases.shift() ?? null;
    if (done) this.#settled.add(done.item.id);
    return done;
  }

  /** A case is in hand again. */
  unshift(back: PreparedCase): void {
    this.#settled.delete(back.item.id);
    this.#cases.unshift(back);
  }

  has(prepared: PreparedCase): boolean {
    return this.#cases.includes(prepared);
  }

  remove(gone: PreparedCase): void {
    this.#cases = this.#cases.filter((each) => each !== gone);
    gone.dispose();
  }

  dispose(): void {
    for (const each of this.#cases) each.dispose();
    this.#cases = [];
  }
}
