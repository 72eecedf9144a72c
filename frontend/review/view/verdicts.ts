import { html, nothing, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Verdict } from "../../api/types";
import { icons } from "../../lib/icons";
import { t } from "../../lib/text";
import type { Desk } from "../desk";

interface Choice {
  verdict: Verdict;
  label: string;
  key: string;
  icon: SVGTemplateResult;
}

function choices(): readonly Choice[] {
  return [
    { verdict: "reject", label: t("Reject"), key: "R", icon: icons.cross },
    { verdict: "unsure", label: t("Unsure"), key: "U", icon: icons.unsure },
    { verdict: "accept", label: t("Accept"), key: "A", icon: icons.check },
  ];
}

/** Why the verdict cannot be given yet; empty where it can. */
export function whyAsleep(desk: Desk, verdict: Verdict): string {
  const { current } = desk;
  if (!current || desk.mayJudge(verdict)) return "";
  if (current.sound.is_unplayable) return t("What cannot be played cannot be accepted.");
  if (verdict !== "accept") return t("Listen first.");
  if (current.sound.heard.to_end) return t("Write down what is said, then accept.");
  return t("Listen to the end before you accept.");
}

/**
 * The three verdicts. One that sleeps can still be reached, and says why it sleeps: a button
 * that is switched off under somebody's finger would swallow their keys.
 */
export function verdictsView(desk: Desk, judge: (verdict: Verdict) => void): TemplateResult {
  const why = whyAsleep(desk, "accept");
  return html`
    <div class="verdicts" role="group" aria-label=${t("Your verdict")}>
      ${choices().map(
        ({ verdict, label, key, icon }) => html`
          <button
            type="button"
            class="button"
            data-action=${verdict}
            data-look=${verdict === "accept" ? "primary" : nothing}
            aria-disabled=${!desk.mayJudge(verdict)}
            aria-describedby=${why && verdict === "accept" ? "why-asleep" : nothing}
            @click=${() => judge(verdict)}
          >
            ${icon}<span>${label}</span><kbd>${key}</kbd>
          </button>
        `,
      )}
      <p class="muted small" id="why-asleep">${why}</p>
    </div>
  `;
}
