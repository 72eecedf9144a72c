/** The recorder's sentences, one place each. */

import type { OfferedPrompt } from "../../api/types";
import { seconds } from "../../lib/format";
import { t } from "../../lib/text";
import { promptText } from "../../clips/clip-view";
import { currentPrompt, type Fault, type State } from "../machine";
import type { LevelWord } from "../pcm/level";

/** What to do with a prompt. */
export function instruction(prompt: OfferedPrompt): string {
  if (prompt.kind === "keyword") return t("Say this word");
  if (prompt.kind === "sentence") return t("Read this sentence aloud");
  return t("Stay silent: we record the room for {duration}", {
    duration: seconds(prompt.seconds ?? 5),
  });
}

/** What is wrong and what helps. `detail` is the server's own sentence. */
export function faultText(fault: Fault, detail: string): { title: string; remedy: string } {
  switch (fault) {
    case "refused":
      return {
        title: t("The microphone is blocked"),
        remedy: t("Allow it in your browser: tap the icon beside the address, then try again."),
      };
    case "missing":
      return {
        title: t("No microphone was found"),
        remedy: t("Plug one in or switch it on, then try again."),
      };
    case "busy":
      return {
        title: t("The microphone is busy"),
        remedy: t("Another app may be using it. Close that app, then try again."),
      };
    case "unsupported":
      return {
        title: t("This browser cannot record"),
        remedy: t("Open this page in Firefox, Chrome or Safari, over https."),
      };
    case "lost":
      return {
        title: t("The microphone went away"),
        remedy: t("Your accepted takes are safe. Connect it again, then go on."),
      };
    case "broken":
      return { title: t("The microphone gives no sound"), remedy: t("Try again, or reload the page.") };
    case "no-prompts":
      return {
        title: t("There is nothing to record just now"),
        remedy: t("You have recorded all that this campaign asks for. Thank you!"),
      };
    case "server":
      return { title: t("That did not work"), remedy: detail };
  }
}

/** What a finished take's level tells its speaker, or null when all is well. */
export function levelHint(level: LevelWord | null, prompt: OfferedPrompt): string | null {
  if (level === "silent") return t("Nothing at all was heard. Is the microphone muted?");
  if (prompt.kind === "noise") return null;
  if (level === "quiet") return t("This is very quiet. Come closer and record it again.");
  if (level === "loud") return t("This is too loud and distorted. Move back and record it again.");
  return null;
}

/** What a screen reader says upon entering `state`. */
export function announcement(state: State): string {
  switch (state.name) {
    case "opening":
      return t("Opening the microphone");
    case "ready": {
      const { set } = state;
      return t("Prompt {number} of {total}: {text}", {
        number: set.index + 1,
        total: set.prompts.length,
        text: promptText(currentPrompt(set)),
      });
    }
    case "recording":
      return t("Recording");
    case "take":
      return t("Recorded. Play it, accept it, or record it again.");
    case "finished":
      return t("The set is finished. Thank you!");
    case "fault": {
      const { title, remedy } = faultText(state.fault, state.detail);
      return `${title}. ${remedy}`;
    }
    default:
      return "";
  }
}
