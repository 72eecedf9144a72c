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
import { instruction, levelHint } from "./texts";

export type StageState = Extract<State, { name: "ready" | "recording" | "ending" | "take" }>;

export function isOnStage(state: State): state is StageState {
  return ["ready", "recording", "ending", "take"].includes(state.name);
}

/** What the speaker can do now, the main thing first. `play` plays or stops the take. */
export function stageActions(session: Session, play: () => void): Action[] {
  const send = session.dispatch.bind(session);
  const skip: Action = {
    name: "skip", label: t("Skip"), key: "S", icon: icons.skip, look: "quiet",
    run: () => send({ type: "skip" }),
  };
  switch (session.state.name) {
    case "ready":
      return [
        {
          name: "record", label: t("Record"), key: "Space", icon: icons.microphone,
          look: "record", run: () => send({ type: "start" }),
        },
        skip,
      ];
    case "recording":
      return [
        {
          name: "stop", label: t("Stop"), key: "Space", icon: icons.stop,
          look: "record", run: () => send({ type: "stop" }),
        },
        {
          name: "cancel", label: t("Again"), key: "R", icon: icons.again, look: "quiet",
          run: () => send({ type: "cancel" }),
        },
      ];
    case "take":
      return [
        {
          name: "accept", label: t("Accept"), key: "Enter", icon: icons.check,
          look: "primary", run: () => void session.accept(),
        },
        {
          name: "again", label: t("Again"), key: "R", icon: icons.again,
          run: () => send({ type: "again" }),
        },
        skip,
        { name: "play", label: t("Play"), key: "P", run: play },
      ];
    case "ending":
      // It keeps the place of the button that was pressed, so that nothing jumps.
      return [
        {
          name: "ending", label: t("One moment…"), look: "record", disabled: true,
          run: () => {},
        },
      ];
    default:
      return [];
  }
}

function progressOf(set: RecordingSet): TemplateResult {
  const total = set.prompts.length;
  const label = t("{number} of {total}", { number: set.index + 1, total });
  return html`
    <div class="set-progress">
      <progress max=${total} value=${set.index} aria-label=${t("Progress through the set")}></progress>
      <span>${label}</span>
    </div>
  `;
}

function takeView(take: FinishedTake, hint: string | null): TemplateResult {
  return html`
    <choir-player .src=${take.url} .shape=${take.shape} shortcut="P"></choir-player>
    <p class=${hint ? "hint" : "muted"} role=${hint ? "alert" : nothing}>
      ${hint ?? (take.duration_s === null ? nothing : seconds(take.duration_s))}
    </p>
  `;
}

function soundView(session: Session, state: StageState): TemplateResult {
  const { take } = session;
  if (state.name === "take" && take) {
    return takeView(take, levelHint(take.level, currentPrompt(state.set)));
  }
  return html`<choir-level ?speaking=${state.name === "recording"}></choir-level>`;
}

export function stageScreen(
  session: Session,
  state: StageState,
  actions: readonly Action[],
): TemplateResult {
  const prompt = currentPrompt(state.set);
  const buttons = actions.filter((action) => action.name !== "play");
  return html`
    <section class="card stage" data-kind=${prompt.kind} aria-labelledby="prompt">
      ${progressOf(state.set)}
      <p class="instruction">${instruction(prompt)}</p>
      <p class="prompt" id="prompt" lang=${session.campaign?.language ?? nothing}>
        ${promptText(prompt)}
      </p>
      <div class="sound">${soundView(session, state)}</div>
      <div class="actions">${buttons.map(actionButton)}</div>
      ${session.notice ? html`<p class="hint" role="alert">${session.notice}</p>` : nothing}
    </section>
  `;
}
