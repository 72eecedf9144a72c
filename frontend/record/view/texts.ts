/** The recorder's sentences, one place each. */

import type { OfferedPrompt } from "../../api/types";
import { seconds } from "../../lib/format";
import { t } from "../../lib/text";
import { promptText } from "../../clips/clip-view";
import { currentPrompt, type Fault, type State } from "../machine";
import { isInApp } from "../browser";
import type { Judgement, Trouble } from "../pcm/judgement";

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
      return unsupportedText();
    case "lost":
      return {
        title: t("The microphone went away"),
        remedy: t("Your accepted takes are safe. Connect it again, then go on."),
      };
    case "interrupted":
      return {
        title: t("The microphone was interrupted"),
        remedy: t("A call or another app took it. Your accepted takes are safe: go on when you like."),
      };
    case "away":
      return {
        title: t("Paused while you were away"),
        remedy: t("Nobody listened meanwhile. Your accepted takes are safe: go on when you like."),
      };
    case "silent":
      return {
        title: t("The microphone gives no sound at all"),
        remedy: t("It may be muted, or asleep since you left the page. Unmute it, then open it again."),
      };
    case "full":
      return {
        title: t("This device is full"),
        remedy: t("It has no room for another take. Free some space, or let the takes below be sent first."),
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

/** Why there can be no microphone here, and where there can be one. */
function unsupportedText(): { title: string; remedy: string } {
  if (isInApp(navigator.userAgent)) {
    return {
      title: t("This app’s own browser cannot record"),
      remedy: t("Copy the link, and open it in Safari, Chrome or Firefox."),
    };
  }
  if (!window.isSecureContext) {
    return {
      title: t("Recording needs a secure address"),
      remedy: t("Open this page by an address that begins with https."),
    };
  }
  return {
    title: t("This browser cannot record"),
    remedy: t("Copy the link, and open it in a current Firefox, Chrome or Safari."),
  };
}

/** What is wrong with a take, and what to do. */
export function troubleText(trouble: Trouble): string {
  switch (trouble) {
    case "silent":
      return t("Nothing at all was heard. Is the microphone muted?");
    case "clipped":
      return t("That was too loud and is distorted. Move back a little, and say it again.");
    case "unheard":
      return t("Nobody was heard. Come closer, and say it again.");
    case "quiet":
      return t("That was very quiet. Come closer, and say it again.");
    case "cut-start":
      return t("The beginning is cut off. Wait a moment before you speak, and say it again.");
    case "cut-end":
      return t("The end is cut off. Wait a moment after you spoke, and say it again.");
  }
}

/** What a take's judgement tells its speaker, or null when all is well. */
export function takeHint({ trouble, noisy }: Judgement): string | null {
  if (trouble) return troubleText(trouble);
  return noisy ? t("The room is loud beside your voice. Come closer, or find a quieter place.") : null;
}

/** What a screen reader says upon entering `state`. */
export function announcement(state: State, hands_free: boolean): string {
  switch (state.name) {
    case "opening":
      return t("Opening the microphone");
    case "quiet":
      return t("Please be silent for a moment: we listen to the room");
    case "ready":
      return readyAnnouncement(state, hands_free);
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

function readyAnnouncement(state: Extract<State, { name: "ready" }>, hands_free: boolean): string {
  const { set, trouble } = state;
  const prompt = t("Prompt {number} of {total}: {text}", {
    number: set.outcomes.length + 1,
    total: set.prompts.length,
    text: promptText(currentPrompt(set)),
  });
  if (trouble) return `${troubleText(trouble)} ${prompt}`;
  const kept = set.outcomes.at(-1)?.kind === "accepted" && hands_free;
  return kept ? `${t("Kept.")} ${prompt}` : prompt;
}
