/** What the speaker can do on the stage, as buttons and as keys. */

import type { Action } from "../../lib/actions";
import { icons } from "../../lib/icons";
import { t } from "../../lib/text";
import type { Session } from "../session";

/** What is done outside of the session: playing the take, and opening the dialogs. */
export interface StageDoings {
  play(): void;
  help(): void;
  report(): void;
}

const skip = (session: Session): Action => ({
  name: "skip", label: t("Skip"), key: "S", icon: icons.skip, look: "quiet",
  run: () => session.skip(),
});

function readyActions(session: Session): Action[] {
  return [
    {
      name: "record", label: t("Record"), key: "Space", icon: icons.microphone,
      look: session.hands_free ? "quiet" : "record",
      run: () => session.dispatch({ type: "start", by: "hand" }),
    },
    skip(session),
  ];
}

function recordingActions(session: Session, by_voice: boolean): Action[] {
  return [
    {
      name: "stop", label: t("Stop"), key: "Space", icon: icons.stop,
      look: by_voice ? "quiet" : "record", run: () => session.dispatch({ type: "stop" }),
    },
    {
      name: "cancel", label: t("Again"), key: "R", icon: icons.again, look: "quiet",
      run: () => session.dispatch({ type: "cancel" }),
    },
  ];
}

function takeActions(session: Session): Action[] {
  return [
    {
      name: "accept", label: t("Accept"), key: "Enter", icon: icons.check, look: "primary",
      run: () => void session.accept(),
    },
    {
      name: "again", label: t("Again"), key: "R", icon: icons.again,
      run: () => session.dispatch({ type: "again" }),
    },
    skip(session),
  ];
}

/** The main things to do now, the first of them first. */
export function mainActions(session: Session): Action[] {
  const { state } = session;
  if (state.name === "ready") return readyActions(session);
  if (state.name === "take") return takeActions(session);
  if (state.name === "recording") return recordingActions(session, state.by === "voice");
  if (state.name !== "ending" || state.by === "voice") return [];
  // It keeps the place of the button that was pressed, so that nothing jumps.
  return [
    { name: "ending", label: t("One moment…"), look: "record", disabled: true, run: () => {} },
  ];
}

/** What is wanted now and then. */
export function toolActions(session: Session, doings: StageDoings): Action[] {
  return [
    {
      name: "undo", label: t("Undo"), key: "U", icon: icons.undo, look: "quiet",
      disabled: !session.can_undo, run: () => session.undo(),
    },
    {
      name: "report", label: t("Report"), icon: icons.flag, look: "quiet",
      disabled: session.state.name === "quiet", run: doings.report,
    },
    { name: "help", label: t("Help"), key: "?", icon: icons.unsure, look: "quiet", run: doings.help },
  ];
}

/** What only keys do: their buttons are the player's and the switch. */
export function silentActions(session: Session, doings: StageDoings): Action[] {
  const toggle = (): void => session.setHandsFree(!session.hands_free);
  const play: Action = { name: "play", label: t("Play"), key: "P", run: doings.play };
  const switching: Action = { name: "hands-free", label: t("Hands-free"), key: "H", run: toggle };
  return [
    ...(session.state.name === "take" ? [play] : []),
    ...(session.can_be_hands_free ? [switching] : []),
  ];
}
