import { html, type TemplateResult } from "lit";
import { barCount, drawBars } from "../../lib/bars";
import { ChoirElement } from "../../lib/element";
import { t } from "../../lib/text";
import { PeakHold, SILENCE_DBFS, meterShare, wordFor, type LevelWord } from "../pcm/level";

const BAR_DURATION_S = 0.05;

/** What the words of a level mean to someone who speaks now. */
function advice(word: LevelWord, speaking: boolean): string {
  if (word === "loud") return t("Too loud: move back a little");
  if (word === "silent") return t("No sound: is the microphone muted?");
  if (!speaking) return t("The microphone is on");
  return word === "quiet" ? t("Too quiet: come closer") : t("Good level");
}

/** `<choir-level>`: the last seconds of the microphone's level, as bars and in words. */
export class ChoirLevel extends ChoirElement {
  static override properties = {
    speaking: { type: Boolean },
    word: { state: true },
  };

  declare speaking: boolean;
  declare word: LevelWord;
  readonly #hold = new PeakHold();
  #bars: number[] = [];
  #bar_dbfs = SILENCE_DBFS;
  #bar_s = 0;

  constructor() {
    super();
    this.speaking = false;
    this.word = "quiet";
  }

  protected override connected(): void {
    this.scope.frames(() => this.#draw());
  }

  /** Takes in a block of `duration_s` whose peak is `peak_dbfs`. */
  show(peak_dbfs: number, duration_s: number): void {
    this.word = wordFor(this.#hold.update(peak_dbfs, duration_s));
    this.#bar_dbfs = Math.max(this.#bar_dbfs, peak_dbfs);
    this.#bar_s += duration_s;
    if (this.#bar_s < BAR_DURATION_S) return;
    this.#bars.push(meterShare(this.#bar_dbfs));
    this.#bar_dbfs = SILENCE_DBFS;
    this.#bar_s = 0;
  }

  protected override render(): TemplateResult {
    return html`
      <canvas class="level-bars" data-word=${this.word} aria-hidden="true"></canvas>
      <p class="level-word" data-word=${this.word}>${advice(this.word, this.speaking)}</p>
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
