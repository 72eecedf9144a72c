import type { AccountSpeaker } from "../api/speakers";
import { ConfirmDialog, type Question } from "../lib/confirm-dialog";
import { t } from "../lib/text";
import { speakerName } from "./speaker-name";

/** `<choir-remove-dialog>`: before an account lets go of a speaker. */
export class RemoveDialog extends ConfirmDialog {
  speaker: AccountSpeaker | null = null;

  ask(speaker: AccountSpeaker): Promise<void> {
    this.speaker = speaker;
    return this.open();
  }

  protected override question(): Question {
    return {
      title: t("Take {name} out of your account?", { name: speakerName(this.speaker) }),
      points: [
        t("No recording is deleted: they stay theirs, and stay where they are."),
        t("From then on only their recovery phrase leads back to them. If nobody has it, make a new one first."),
      ],
      yes: t("Take out"),
      no: t("Keep"),
    };
  }
}

customElements.define("choir-remove-dialog", RemoveDialog);

declare global {
  interface HTMLElementTagNameMap {
    "choir-remove-dialog": RemoveDialog;
  }
}
