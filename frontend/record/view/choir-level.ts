import { html, type TemplateResult } from "lit";
import { barCount, drawBars } from "../../lib/bars";
import { ChoirElement } from "../../lib/element";
import { t } from "../../lib/text";
import type { Reading } from "../microphone/microphone";
import { PeakHold, SILENCE_DBFS, meterShare, wordFor, type LevelWord } from "../pcm/level";

const BAR_DURATION_S = 0.05;
/** A room above this is heard in every recording. */
const NOISY_ROOM_DBFS = -42;
const LOWEST_DBFS = -60;

/** What the words of a level mean to someone who speaks now, or is about to. */
function advice(word: LevelWord, speaking: boolean, floor_dbfs: number): string {
  if (word === "loud") return t("Too loud: move back a little");
  if (word === "silent") return t("No sound: is the microphone muted?");
  if (speaking) return word === "quiet" ? t("Too quiet: come closer") : t("Good level");
  return floor_dbfs > NOISY_ROOM_DBFS
    ? t("Noisy room: come close to the microphone")
    : t("The microphone is on");
}

/** `<choir-level>`: the last seconds of the microphone's level, as bars, in numbers and in words. */
export class ChoirLevel extends ChoirElement {
  static override properties = {
    speaking: { type: Boolean },
    floor_dbfs: { attribute: false },
    word: { state: true },
    held_dbfs: { state: true },
  };

  declare speaking: boolean;
  declare floor_dbfs: number;
  declare word: LevelWord;
  declare held_dbfs: number;
  readonly #hold = new PeakHold();
  #bars: number[] = [];
  #bar_dbfs = SILENCE_DBFS;
  #bar_s = 0;

  constructor() {
    super();
    this.speaking = false;
    this.floor_dbfs = SILENCE_DBFS;
    this.word = "quiet";
    this.held_dbfs = LOWEST_DBFS;
  }

  protected override connected(): void {
    this.scope.frames(() => this.#draw());
  }

  /** Takes in what a block of sound was like. */
  show({ peak_dbfs, duration_s }: Reading): void {
    const held_dbfs = this.#hold.update(peak_dbfs, duration_s);
    this.word = wordFor(held_dbfs);
    // In steps of six, so that the page is not written anew for every block.
    this.held_dbfs = Math.max(LOWEST_DBFS, 6 * Math.round(held_dbfs / 6));
    this.#bar_dbfs = Math.max(this.#bar_dbfs, peak_dbfs);
    this.#bar_s += duration_s;
    if (this.#bar_s < BAR_DURATION_S) return;
    this.#bars.push(meterShare(this.#bar_dbfs));
    this.#bar_dbfs = SILENCE_DBFS;
    this.#bar_s = 0;
  }

  protected override render(): TemplateResult {
    const words = advice(this.word, this.speaking, this.floor_dbfs);
    return html`
      <div
        role="meter"
        aria-label=${t("Level of the microphone")}
        aria-valuemin=${LOWEST_DBFS}
        aria-valuemax="0"
        aria-valuenow=${this.held_dbfs}
        aria-valuetext=${words}
      >
        <canvas class="level-bars" data-word=${this.word} aria-hidden="true"></canvas>
      </div>
      <p class="level-word" data-word=${this.word}>${words}</p>
    `;
  }

  #draw(): void {
    const canvas = this.querySelector("canvas");
    if (!canvas) return;
    const count = barCount(canvas);
    this.#bars = this.#bars.slice(-count);
    const shown = matchMedia("(prefers-reduced-motion: reduce)").matches
      ? new Array<number>(count).fill(this.#bars.at(-1) ?? 0)
      : [...new Array<number>(count - this.#bars.length).fill(0), ...this.#bars];
    drawBars(canvas, shown);
  }
}

customElements.define("choir-level", ChoirLevel);

declare global {
  interface HTMLElementTagNameMap {
    "choir-level": ChoirLevel;
  }
}
