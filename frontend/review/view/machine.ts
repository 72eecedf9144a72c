import { html, nothing, type TemplateResult } from "lit";
import type { ReviewCase } from "../../api/types";
import { percent } from "../../lib/format";
import { icons } from "../../lib/icons";
import { t } from "../../lib/text";
import { difference, saysTheSame, type Piece } from "../difference";

/** What the machine heard beside the prompt, the difference marked; nothing for a blind case. */
export function machineView({ machine, clip }: ReviewCase): TemplateResult | typeof nothing {
  if (!machine) return nothing;
  return html`
    <section class="opinion" aria-labelledby="opinion-title">
      <h2 id="opinion-title">${t("What the machine heard")}</h2>
      <p class="heard" lang=${clip.language} dir="auto">
        ${heardView(clip.prompt?.kind === "noise" ? "" : (clip.prompt?.text ?? ""), machine.heard ?? "")}
      </p>
      ${machine.match === null || !clip.prompt
        ? nothing
        : html`<p class="muted small">${t("matches {share}", { share: percent(machine.match) })}</p>`}
    </section>
  `;
}

function heardView(prompt: string, heard: string): TemplateResult {
  if (!heard) return html`<span class="muted">${t("nothing")}</span>`;
  if (!prompt) return html`${heard}`;
  const pieces = difference(prompt, heard);
  if (saysTheSame(pieces)) return html`${heard} <span class="same">${icons.check} ${t("as the prompt")}</span>`;
  return html`${pieces.map(pieceView)}`;
}

/** Marked by its element, its line and words for who hears it: never by its colour alone. */
function pieceView({ kind, text }: Piece): TemplateResult {
  if (kind === "same") return html`<span>${text}</span> `;
  if (kind === "missing") {
    return html`<del><span class="visually-hidden">${t("missing:")}</span> ${text}</del> `;
  }
  return html`<ins><span class="visually-hidden">${t("instead or more:")}</span> ${text}</ins> `;
}
