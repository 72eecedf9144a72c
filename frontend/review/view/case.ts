import { html, type TemplateResult } from "lit";
import type { Prompt } from "../../api/types";
import { promptText } from "../../clips/clip-view";
import { t } from "../../lib/text";
import type { PreparedCase } from "../prepared";

function instruction(prompt: Prompt | null): string {
  if (!prompt) return t("What does the recording say?");
  return prompt.kind === "noise" ? t("Is this only the room?") : t("Does the recording say this?");
}

/** What was to be said: large, in its own language and direction. */
export function promptView({ item }: PreparedCase): TemplateResult {
  const { prompt, language } = item.clip;
  return html`
    <p class="instruction">${instruction(prompt)}</p>
    ${prompt
      ? html`<p class="prompt" id="prompt" lang=${language} dir="auto">${promptText(prompt)}</p>`
      : html`<p class="prompt muted" id="prompt">${t("No prompt")}</p>`}
  `;
}
