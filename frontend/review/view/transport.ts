import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../../lib/icons";
import { seconds } from "../../lib/format";
import { t } from "../../lib/text";
import type { PreparedCase } from "../prepared";

/** What can be done with the sound; each is a key, too. */
export interface Transport {
  toggle: () => void;
  replay: () => void;
  loop: () => void;
  slower: () => void;
  faster: () => void;
  clear: () => void;
}

/** Play, once more, loop, and speed. */
export function transportView({ sound }: PreparedCase, rate: number, run: Transport): TemplateResult {
  const { region } = sound;
  return html`
    <div class="transport" role="group" aria-label=${t("Listening")}>
      <button type="button" class="button" data-action="play" @click=${run.toggle}>
        ${sound.playing ? icons.pause : icons.play}
        <span>${sound.playing ? t("Pause") : t("Play")}</span><kbd>${t("Space")}</kbd>
      </button>
      <button type="button" class="button" data-action="replay" @click=${run.replay}>
        ${icons.again}<span>${t("Again")}</span><kbd>P</kbd>
      </button>
      <button type="button" class="button" data-action="loop" aria-pressed=${sound.is_looping} @click=${run.loop}>
        ${icons.loop}<span>${t("Loop")}</span><kbd>L</kbd>
      </button>
      <div class="speed" role="group" aria-label=${t("Speed")}>
        <button type="button" class="button" data-action="slower" aria-label=${t("Slower")} @click=${run.slower}>
          <span aria-hidden="true">−</span><kbd>[</kbd>
        </button>
        <output>${t("{rate}×", { rate })}</output>
        <button type="button" class="button" data-action="faster" aria-label=${t("Faster")} @click=${run.faster}>
          <span aria-hidden="true">+</span><kbd>]</kbd>
        </button>
      </div>
      <p class="muted small">
        ${region
          ? html`${t("{start} to {end}", { start: seconds(region.start_s), end: seconds(region.end_s) })}
              <button type="button" class="button" data-look="small" data-action="clear" @click=${run.clear}>
                ${t("All of it")}
              </button>`
          : seconds(sound.duration_s)}
      </p>
      ${sound.is_unplayable
        ? html`<p class="hint" role="alert">${t("This recording cannot be played. Judge it as unsure, or report it.")}</p>`
        : nothing}
    </div>
  `;
}
