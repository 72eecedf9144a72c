import { html, type TemplateResult } from "lit";
import { barCount, drawBars, resampled } from "./bars";
import { ChoirElement } from "./element";
import { icons } from "./icons";
import { t } from "./text";

/**
 * `<choir-player src=…>`: plays one recording, with a waveform where its `shape` is known; what
 * lies outside of its `marks` (shares of the recording, 0 to 1) is drawn as dots.
 * Nothing is fetched before the first play. Fires `heard` when it was played to its end, and
 * `unplayable` when it cannot be played.
 */
export class ChoirPlayer extends ChoirElement {
  static override properties = {
    src: { type: String },
    shape: { attribute: false },
    marks: { attribute: false },
    shortcut: { type: String },
    playing: { state: true },
  };

  declare src: string;
  declare shape: Float32Array | null;
  declare marks: readonly [number, number] | null;
  declare shortcut: string;
  declare playing: boolean;
  #audio: HTMLAudioElement | null = null;

  constructor() {
    super();
    this.src = "";
    this.shape = null;
    this.marks = null;
    this.shortcut = "";
    this.playing = false;
  }

  protected override connected(): void {
    this.scope.own(() => this.#forget());
    this.scope.listen(window, "resize", () => this.#draw());
  }

  /** Plays from the beginning, or stops. */
  async toggle(): Promise<void> {
    if (this.playing) this.#audio?.pause();
    else await this.replay();
  }

  /** Plays from the beginning, also when it plays. Resolves with whether the browser let it. */
  async replay(): Promise<boolean> {
    const audio = this.#audio ?? this.#load();
    audio.currentTime = 0;
    try {
      await audio.play();
      return true;
    } catch {
      // Playing by itself needs a gesture in most browsers: the button is there for it.
      return false;
    }
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("src")) this.#forget();
  }

  protected override updated(): void {
    this.#draw();
  }

  protected override render(): TemplateResult {
    const label = this.playing ? t("Stop") : t("Play");
    return html`
      <button type="button" class="button" data-action="play" @click=${() => this.toggle()}>
        ${this.playing ? icons.stop : icons.play} ${label}
        ${this.shortcut ? html`<kbd>${this.shortcut}</kbd>` : null}
      </button>
      ${this.shape ? html`<canvas class="waveform" aria-hidden="true"></canvas>` : null}
    `;
  }

  #load(): HTMLAudioElement {
    const audio = new Audio(this.src);
    this.#audio = audio;
    this.scope.listen(audio, "play", () => (this.playing = true));
    this.scope.listen(audio, "pause", () => (this.playing = false));
    this.scope.listen(audio, "ended", () => this.dispatchEvent(new Event("heard")));
    this.scope.listen(audio, "error", () => this.dispatchEvent(new Event("unplayable")));
    const stop = this.scope.frames(() => this.playing && this.#draw());
    this.scope.listen(audio, "emptied", stop);
    return audio;
  }

  #forget(): void {
    this.#audio?.pause();
    this.#audio?.removeAttribute("src");
    this.#audio?.load();
    this.#audio = null;
    this.playing = false;
  }

  #draw(): void {
    const canvas = this.querySelector("canvas");
    if (!canvas || !this.shape) return;
    const audio = this.#audio;
    const played = audio && this.playing ? audio.currentTime / (audio.duration || 1) : 1;
    drawBars(canvas, resampled(this.shape, barCount(canvas)), { lit: played, marks: this.marks });
  }
}

customElements.define("choir-player", ChoirPlayer);

declare global {
  interface HTMLElementTagNameMap {
    "choir-player": ChoirPlayer;
  }
}
