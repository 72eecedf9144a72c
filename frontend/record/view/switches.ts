import { html, type TemplateResult } from "lit";
import { switchButton } from "../../lib/switch-button";
import { t } from "../../lib/text";
import type { Session } from "../session";

export function handsFreeSwitch(session: Session): TemplateResult {
  if (!session.can_be_hands_free) {
    return html`<p class="muted small">${t("This browser records by hand only.")}</p>`;
  }
  const on = session.hands_free;
  return switchButton("hands-free", t("Hands-free"), on, () => session.setHandsFree(!on), "H");
}
