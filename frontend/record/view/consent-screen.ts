/** The screen before the first take: the text, and the purposes that it asks about. */

import { html, nothing, type TemplateResult } from "lit";
import type { ConsentText, PurposeAsked, TextChange } from "../../api/types";
import { actionButton, type Action } from "../../lib/actions";
import { t } from "../../lib/text";

/**
 * `ways` are those to agree: for oneself, and for a child. The base is agreed to by either, all
 * else by a box of its own that nobody ticked beforehand; `opted_into` is filled with those.
 */
export function consentScreen(
  text: ConsentText,
  ways: readonly Action[],
  opted_into: Set<string>,
): TemplateResult {
  const { language, version, changes, purposes } = text;
  const base = purposes.filter(({ is_base }) => is_base);
  const optional = purposes.filter(({ is_base }) => !is_base);
  const is_new = changes.length > 0;
  return html`
    <section class="card consent" aria-labelledby="consent-title">
      <h2 id="consent-title">
        ${is_new ? t("The text has changed") : t("Before you lend your voice")}
      </h2>
      ${is_new ? html`<p>${t("What is new is marked. The recordings you lent before stay under the text that you agreed to.")}</p>` : nothing}
      ${base.map(({ wording }) => html`<p>${t("By agreeing:")} <strong>${wording}</strong></p>`)}
      ${optional.length > 0 ? optIns(optional, opted_into) : nothing}
      <div class="consent-text" lang=${language}>${is_new ? changes.map(marked) : text.body}</div>
      <div class="actions">${ways.map(actionButton)}</div>
      <p class="muted small">
        ${t("Version {version} of this text. You can take back any clip, at any time.", { version })}
      </p>
    </section>
  `;
}

function optIns(purposes: readonly PurposeAsked[], opted_into: Set<string>): TemplateResult {
  return html`
    <fieldset class="opt-ins">
      <legend>${t("If you like, also:")}</legend>
      ${purposes.map((asked) => optIn(asked, opted_into))}
    </fieldset>
  `;
}

function optIn({ purpose, wording }: PurposeAsked, opted_into: Set<string>): TemplateResult {
  const change = ({ target }: Event): void => {
    if ((target as HTMLInputElement).checked) opted_into.add(purpose);
    else opted_into.delete(purpose);
  };
  return html`
    <label class="check">
      <input type="checkbox" name=${purpose} ?checked=${opted_into.has(purpose)} @change=${change} />
      <span>${wording}</span>
    </label>
  `;
}

function marked({ kind, text }: TextChange): TemplateResult {
  if (kind === "added") return html`<ins>${text}</ins>`;
  return kind === "removed" ? html`<del>${text}</del>` : html`${text}`;
}
