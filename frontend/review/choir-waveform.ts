import { html, nothing, type TemplateResult } from "lit";
import { ChoirElement } from "../lib/element";
import { seconds } from "../lib/format";
import { t } from "../lib/text";
import type { PreparedCase } from "./prepared";
import { drawWaveform } from "./waveform";

/** The finger or pointer moved less than that: a place was meant, not a stretch. */
const CLICK_PX = 5;

/**
 * `<choir-waveform .prepared=…>`: a clip's outline over its spectrogram, where it plays, and a
 * region that is looped: drawn with the pointer, or set by the desk's keys.
 */
export class ChoirWaveform extends ChoirElement {
  static override properties = {
    prepared: { attribute: false },
    picture: { attribute: false },
    position_s: { attribute: false },
  };

  declare prepared: PreparedCase | null;
  /** The clip's spectrogram once it is there, and its place: what else there is to say anew. */
  declare picture: HTMLImageElement | null;
  declare position_s: number;
  #drawn = "";
  #drag_from_px: number | null = null;

  constructor() {
    super();
    this.prepared = null;
    this.picture = null;
    this.position_s = 0;
  }

  protected override connected(): void {
    this.scope.frames(() => this.#frame());
  }

  protected override willUpdate(): void {
    this.#drawn = "";
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.prepared) return nothing;
    const { sound } = this.prepared;
    return html`
      <div
        class="sound-view"
        role="slider"
        tabindex="0"
        aria-label=${t("Place in the clip")}
        aria-valuemin="0"
        aria-valuemax=${sound.duration_s.toFixed(2)}
        aria-valuenow=${this.position_s.toFixed(2)}
        aria-valuetext=${this.#spoken()}
        @pointerdown=${this.#press}
        @pointermove=${this.#drag}
        @pointerup=${this.#release}
        @pointercancel=${() => (this.#drag_from_px = null)}
      >
        ${this.picture ?? nothing}
        <canvas aria-hidden="true"></canvas>
      </div>
    `;
  }

  #spoken(): string {
    const { sound } = this.prepared!;
    const place = t("{place} of {whole}", {
      place: seconds(this.position_s), whole: seconds(sound.duration_s),
    });
    if (!sound.region) return place;
    const { start_s, end_s } = sound.region;
    const region = t("loop from {start} to {end}", { start: seconds(start_s), end: seconds(end_s) });
    return `${place}, ${region}`;
  }

  /** Draws when there is something new to see. */
  #frame(): void {
    const canvas = this.querySelector("canvas");
    const { prepared } = this;
    if (!canvas || !prepared) return;
    const { sound, peaks } = prepared;
    sound.tick();
    const { start_s = 0, end_s = 0 } = sound.region ?? {};
    const ink = getComputedStyle(canvas).color;
    const seen = [
      prepared.item.id, peaks !== null, sound.position_s, start_s, end_s,
      canvas.clientWidth, canvas.clientHeight, ink,
    ].join();
    if (seen === this.#drawn) return;
    this.#drawn = seen;
    const { duration_s } = sound;
    drawWaveform(canvas, {
      pairs: peaks?.pairs ?? null,
      position: sound.position_s / duration_s,
      region: sound.region && [start_s / duration_s, end_s / duration_s],
      height: this.picture ? 0.6 : 1,
      gain: sound.gain,
    });
  }

  /** The moment under the pointer, in seconds. */
  #moment(x_px: number): number {
    const { left, width } = this.querySelector(".sound-view")!.getBoundingClientRect();
    return ((x_px - left) / width) * this.prepared!.sound.duration_s;
  }

  readonly #press = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#drag_from_px = event.clientX;
  };

  readonly #drag = (event: PointerEvent): void => {
    const from_px = this.#drag_from_px;
    if (from_px === null || Math.abs(event.clientX - from_px) < CLICK_PX) return;
    this.prepared?.sound.select(this.#moment(from_px), this.#moment(event.clientX));
  };

  readonly #release = (event: PointerEvent): void => {
    const from_px = this.#drag_from_px;
    const sound = this.prepared?.sound;
    this.#drag_from_px = null;
    if (from_px === null || !sound) return;
    if (Math.abs(event.clientX - from_px) < CLICK_PX) sound.seek(this.#moment(event.clientX));
    else if (sound.region) {
      sound.is_looping = true;
      void sound.replay();
    }
  };
}

customElements.define("choir-waveform", ChoirWaveform);

declare global {
  interface HTMLElementTagNameMap {
    "choir-waveform": ChoirWaveform;
  }
}
