import { html, nothing, type TemplateResult } from "lit";
import type { Clip, ClipState, Prompt } from "../api/types";
import { percent } from "../lib/format";
import { icons } from "../lib/icons";
import { t } from "../lib/text";

export type Tone = "busy" | "good" | "bad" | "calm";

const TONES: Readonly<Record<ClipState, Tone>> = {
  received: "busy",
  scoring: "busy",
  in_review: "calm",
  accepted: "good",
  released: "good",
  rejected: "bad",
  set_aside: "bad",
  unusable: "bad",
  paused: "calm",
  held: "calm",
  kept: "calm",
  withdrawn: "busy",
  erased: "calm",
};

const TONE_ICONS = {
  busy: icons.waiting,
  good: icons.check,
  bad: icons.cross,
  calm: nothing,
} as const;

/** Whether the server is still at work on `clip`, so that asking again is worth while. */
export function isUnsettled(clip: Clip): boolean {
  return TONES[clip.state] === "busy";
}

/** The clip as it is from the moment on that it is taken back. */
export function asTakenBack<C extends Clip>(clip: C): C {
  const gone = { ...clip, withdrawable: false, releases: [] };
  if (clip.held_since) {
    const label = t("Taken back. Nobody can hear it; a legal hold keeps its audio for now.");
    return { ...gone, state: "kept", state_label: label };
  }
  const label = t("Taken back. Nobody can hear it; its audio is being erased.");
  return { ...gone, state: "withdrawn", state_label: label };
}

/**
 * Those of `known` that were being erased and that the server, asked for `asked`, has not told of:
 * they are erased, and from then on nobody's.
 */
export function erasedMeanwhile<C extends Clip>(
  known: readonly C[],
  asked: readonly string[],
  told: readonly Clip[],
): C[] {
  const ids = new Set(told.map(({ id }) => id));
  const gone = known.filter(({ id, state }) => state === "withdrawn" && asked.includes(id) && !ids.has(id));
  const label = t("Taken back, and erased.");
  return gone.map((clip) => ({ ...clip, state: "erased", state_label: label, withdrawable: false }));
}

/** A short text with a tone, which never stands in the colour alone. */
export function badge(tone: Tone, text: string): TemplateResult {
  return html`<span class="badge" data-tone=${tone}>${TONE_ICONS[tone]} ${text}</span>`;
}

export function stateBadge(clip: Clip): TemplateResult {
  return badge(TONES[clip.state], clip.state_label);
}

/** What was to be said, also where there was nothing to say. */
export function promptText(prompt: Prompt | null): string {
  return prompt?.text || t("Background noise");
}

/** How well the machine found the prompt in the recording, or nothing. */
export function matchText(clip: Clip): TemplateResult | typeof nothing {
  const match = clip.pre_score?.match ?? null;
  if (match === null) return nothing;
  return html`<span class="muted">${t("matches {share}", { share: percent(match) })}</span>`;
}
