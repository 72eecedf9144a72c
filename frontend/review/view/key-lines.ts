import { t } from "../../lib/text";
import type { KeyLine } from "./dialogs";

/** All keys of the desk, as the help shows them. */
export function keyLines(): readonly KeyLine[] {
  return [
    [[t("Space"), "K"], t("Play, and pause")],
    [["P"], t("Play from the start")],
    [["A"], t("Accept")],
    [["R", "X"], t("Reject")],
    [["U"], t("Unsure")],
    [["1", "…", "9"], t("Set a tag, or answer the card")],
    [["M"], t("Take the tags that the machine proposes")],
    [["Z", "⌫"], t("Undo: the verdict is taken back, and the clip is here again")],
    [["S"], t("Skip: somebody else judges it")],
    [["["  , "]"], t("Slower, and faster; also , and .")],
    [["L"], t("Loop")],
    [["I", "O"], t("Begin and end of what is looped; or draw over the waveform")],
    [["←", "→"], t("Half a second back, and on")],
    [["Esc"], t("Play all of it again")],
    [["T"], t("Correct the words; Ctrl and Enter accept with them")],
    [["C"], t("One question a card, or all at once")],
    [["!"], t("Report the clip")],
    [["G"], t("How to judge")],
    [["?"], t("This help")],
  ];
}
