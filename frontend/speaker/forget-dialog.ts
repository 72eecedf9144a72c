import { ConfirmDialog, type Question } from "../lib/confirm-dialog";
import { t, tn } from "../lib/text";

/** `<choir-forget-dialog>`: before what was said about a voice is deleted. */
export class ForgetDialog extends ConfirmDialog {
  #clips = 0;

  ask(clips: number): Promise<void> {
    this.#clips = clips;
    return this.open();
  }

  protected override question(): Question {
    const carried = tn(
      "{count} clip carries it, and loses it.",
      "{count} clips carry it, and lose it.",
      this.#clips,
    );
    return {
      title: t("Delete what you said about your voice?"),
      points: [
        ...(this.#clips > 0 ? [carried] : []),
        t("Your recordings stay as they are."),
        t("Copies that researchers downloaded before keep what they held."),
      ],
      yes: t("Delete it"),
      no: t("Keep it"),
    };
  }
}

customElements.define("choir-forget-dialog", ForgetDialog);

declare global {
  interface HTMLElementTagNameMap {
    "choir-forget-dialog": ForgetDialog;
  }
}
