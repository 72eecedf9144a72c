import { html, type TemplateResult } from "lit";
import { switchButton } from "../../lib/switch-button";
import { t } from "../../lib/text";
import { isOn, type ReviewSwitch } from "../preferences";

/** Keys, and what they do. */
export type KeyLine = readonly [keys: readonly string[], what: string];

function keyList(lines: readonly KeyLine[]): TemplateResult {
  return html`
    <dl class="keys">
      ${lines.map(
        ([keys, what]) => html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd></div>`,
      )}
    </dl>
  `;
}

function closeForm(): TemplateResult {
  return html`
    <form method="dialog" class="actions">
      <button class="button" data-look="primary" autofocus>${t("Close")}</button>
    </form>
  `;
}

/** All keys, and what this device remembers. */
export function helpDialog(
  lines: readonly KeyLine[],
  toggle: (name: ReviewSwitch) => void,
  onclose: () => void,
): TemplateResult {
  const switches: readonly [ReviewSwitch, string][] = [
    ["play_on_arrival", t("Play each clip as it comes")],
    ["even_volume", t("Make all clips equally loud, for the ear only")],
    ["single_keys", t("Use these keys")],
  ];
  return html`
    <dialog class="help" aria-labelledby="help-title" @close=${onclose}>
      <h2 id="help-title">${t("Keys")}</h2>
      ${keyList(lines)}
      <div class="switches">
        ${switches.map(([name, label]) => switchButton(name, label, isOn(name), () => toggle(name)))}
      </div>
      ${closeForm()}
    </dialog>
  `;
}

/** What the curator asks reviewers to go by; where they say nothing, what goes for every campaign. */
export function guidelinesDialog(guidelines: string, onclose: () => void): TemplateResult {
  const usual = html`
    <ul>
      <li>${t("Accept when the words are the prompt’s and the recording is whole. An accent, a breath or a quiet room are no reason to reject.")}</li>
      <li>${t("Reject when a word is wrong, missing or cut off, or when another voice can be understood.")}</li>
      <li>${t("Unsure is a good answer too: somebody else will hear it.")}</li>
    </ul>
  `;
  return html`
    <dialog class="guidelines" aria-labelledby="guidelines-title" @close=${onclose}>
      <h2 id="guidelines-title">${t("How to judge")}</h2>
      ${guidelines ? html`<p class="guidelines-text" dir="auto">${guidelines}</p>` : usual}
      ${closeForm()}
    </dialog>
  `;
}
