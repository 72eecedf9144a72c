/** The screen on which prompts are recorded, judged and passed. */

import { html, nothing, type TemplateResult } from "lit";
import { promptText } from "../../clips/clip-view";
import { actionButton, type Action } from "../../lib/actions";
import { seconds } from "../../lib/format";
import { icons } from "../../lib/icons";
import { t } from "../../lib/text";
import { currentPrompt, type RecordingSet, type State } from "../machine";
import type { Session } from "../session";
import type { FinishedTake } from "../take";
import { handsFreeSwitch } from "./switches";
import { instruction, takeHint, troubleText } from "./texts";

export type StageState = Extract<
  State,
  { name: "quiet" | "ready" | "recording" | "ending" | "take" }
>;

export function isOnStage(state: State): state is StageState {
  return ["quiet", "ready", "recording", "ending", "take"].includes(state.name);
}

function progressOf(set: RecordingSet): TemplateResult {
  const total = set.prompts.length;
  const label = t("{number} of {total}", { number: set.outcomes.length + 1, total });
  return html`
    <div class="set-progress">
      <progress
        max=${total}
        value=${set.outcomes.length}
        aria-label=${t("Progress through the set")}
      ></progress>
      <span>${label}</span>
    </div>
  `;
}

function takeView(take: FinishedTake): TemplateResult {
  const hint = takeHint(take.judgement);
  return html`
    <choir-player
      .src=${take.url}
      .shape=${take.shape}
      .marks=${take.marks}
      shortcut="P"
    ></choir-player>
    <p class=${hint ? "hint" : "muted"} role=${hint ? "alert" : nothing}>
      ${hint ? icons.warning : nothing} ${hint ?? (take.duration_s === null ? nothing : seconds(take.duration_s))}
    </p>
  `;
}

function soundView(session: Session, state: StageState): TemplateResult {
  if (state.name === "take" && session.take) return takeView(session.take);
  return html`<choir-level
    .floor_dbfs=${session.ear.floor_dbfs}
    ?speaking=${state.name === "recording"}
  ></choir-level>`;
}

/** What goes on now, in a few words: where hands are free there is no button that says it. */
function cueView(session: Session, state: StageState): TemplateResult | typeof nothing {
  if (state.name === "quiet") {
    const duration = seconds(session.wishes.room_tone_s);
    return cue("quiet", t("Shh… {duration} of silence", { duration }));
  }
  if (!session.hands_free) return nothing;
  const noise = currentPrompt(state.set).kind === "noise";
  if (state.name === "ready") {
    return noise ? cue("quiet", t("Stay silent…")) : cue("listening", t("Just say it"));
  }
  if (state.name === "recording" && state.by === "voice") return cue("recording", t("Recording"));
  return state.name === "ending" && state.by === "voice" ? cue("recording", t("Recording")) : nothing;
}

function cue(kind: string, text: string): TemplateResult {
  return html`<p class="cue" data-cue=${kind}>
    ${kind === "recording" ? icons.microphone : icons.ear}<span>${text}</span>
  </p>`;
}

function promptView(session: Session, state: StageState): TemplateResult {
  if (state.name === "quiet") {
    const why = t("We listen to your room, so that we can tell your voice from it.");
    return html`
      <p class="instruction">${state.again ? t("That was not quite silent: once more.") : why}</p>
      <p class="prompt muted" id="prompt">${t("Be silent for a moment")}</p>
    `;
  }
  const prompt = currentPrompt(state.set);
  return html`
    <p class="instruction">${instruction(prompt)}</p>
    <p class="prompt" id="prompt" dir="auto" lang=${session.campaign?.language ?? nothing}>
      ${promptText(prompt)}
    </p>
  `;
}

function troubleView(state: StageState): TemplateResult | typeof nothing {
  if (state.name !== "ready" || !state.trouble) return nothing;
  return html`<p class="hint" role="alert">${icons.warning} ${troubleText(state.trouble)}</p>`;
}

/** `main` stands large on the stage, `tools` small below it. */
export function stageScreen(
  session: Session,
  state: StageState,
  main: readonly Action[],
  tools: readonly Action[],
): TemplateResult {
  const kind = state.name === "quiet" ? "noise" : currentPrompt(state.set).kind;
  return html`
    <section
      class="card stage"
      data-kind=${kind}
      ?data-hands-free=${session.hands_free}
      aria-labelledby="prompt"
    >
      <div class="stage-head">${progressOf(state.set)} ${handsFreeSwitch(session)}</div>
      ${promptView(session, state)}
      <div class="sound">${soundView(session, state)}</div>
      ${troubleView(state)} ${cueView(session, state)}
      <div class="actions">${main.map(actionButton)}</div>
      ${session.notice ? html`<p class="hint" role="alert">${session.notice}</p>` : nothing}
      <div class="stage-tools">${tools.map(actionButton)}</div>
    </section>
  `;
}
