import { html, type TemplateResult } from "lit";
import { switchButton } from "../../lib/switch-button";
import { t } from "../../lib/text";
import { prefers } from "../preferences";

function keys(): readonly [string, string][] {
  return [
    [t("Space"), t("Record, and stop")],
    ["Enter", t("Accept the take")],
    ["R", t("Record it again")],
    ["P", t("Play the take")],
    ["S", t("Skip the prompt")],
    ["U", t("Undo: back to the prompt before, and its take is taken back")],
    ["H", t("Hands-free, or by hand")],
    ["?", t("This help")],
  ];
}

/** How to record, and all keys. `toggleKeys` switches the single keys on and off. */
export function helpDialog(toggleKeys: () => void, onclose: () => void): TemplateResult {
  return html`
    <dialog class="help" aria-labelledby="help-title" @close=${onclose}>
      <h2 id="help-title">${t("How to record")}</h2>
      <p>
        ${t("Hands-free, a take begins when you speak and ends when you are silent; then comes the next prompt. What is too quiet, too loud or cut off is asked for again.")}
      </p>
      <p class="muted small">
        ${t("With a screen reader, wear headphones, or record by hand: otherwise it is heard, too.")}
      </p>
      <dl class="keys">
        ${keys().map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}
      </dl>
      ${switchButton("single-keys", t("Use these keys"), prefers("single_keys"), toggleKeys)}
      <form method="dialog" class="actions">
        <button class="button" data-look="primary" autofocus>${t("Close")}</button>
      </form>
    </dialog>
  `;
}
