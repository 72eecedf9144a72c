import { html, nothing, type TemplateResult } from "lit";
import { actionButton, type Action } from "../../lib/actions";
import { icons } from "../../lib/icons";
import { t, tn } from "../../lib/text";
import type { Desk } from "../desk";

/** Where there is no clip to judge: why, and what can be done. */
export function endScreen(title: string, text: string, actions: readonly Action[]): TemplateResult {
  return html`
    <section class="card">
      <h2>${title}</h2>
      <p>${text}</p>
      <div class="actions">${actions.map(actionButton)}</div>
    </section>
  `;
}

/** How far this sitting has come: calm, and nothing to compete in. */
export function paceView({ pace, session }: Desk): TemplateResult {
  const per_hour = pace.perHour(Date.now());
  const judged = tn("{count} clip judged in this session", "{count} clips judged in this session", pace.judged);
  return html`
    <p class="pace muted small" role="status">
      ${pace.judged > 0 ? html`<span>${judged}</span>` : nothing}
      ${per_hour === null ? nothing : html`<span>${t("about {rate} an hour", { rate: per_hour })}</span>`}
      ${todayText(session?.votes_today ?? 0, pace.judged)}
      ${trainingText(session?.training ?? null)}
    </p>
  `;
}

/** For who comes back: what they had done before is not forgotten. */
function todayText(today: number, judged: number): TemplateResult | typeof nothing {
  if (today <= judged) return nothing;
  return html`<span>${tn("{count} today", "{count} today", today)}</span>`;
}

function trainingText(training: { done: number; of: number } | null): TemplateResult | typeof nothing {
  if (!training || training.done >= training.of) return nothing;
  const { done, of } = training;
  return html`<span class="training">
    ${t("Practice: clip {place} of {of}. You are told what is right.", { place: done + 1, of })}
  </span>`;
}

/** What has not reached the server yet. */
export function unsentView({ outbox }: Desk): TemplateResult | typeof nothing {
  if (!outbox.stuck || outbox.waiting === 0) return nothing;
  return html`
    <p class="hint unsent" role="alert">
      ${icons.waiting}
      <span>
        ${tn("{count} verdict is not sent yet.", "{count} verdicts are not sent yet.", outbox.waiting)}
        ${outbox.stuck.message} ${t("It is tried again by itself; keep this page open.")}
      </span>
      <button type="button" class="button" data-look="small" data-action="retry" @click=${() => outbox.retry()}>
        ${t("Try now")}
      </button>
    </p>
  `;
}

/** What a training clip answers. */
export function feedbackView(desk: Desk, goOn: () => void): TemplateResult | typeof nothing {
  const { feedback } = desk;
  if (!feedback) return nothing;
  if (feedback === "pending") return html`<p class="muted" role="status">${t("One moment…")}</p>`;
  return html`
    <section class="feedback" data-right=${feedback.right} role="status">
      <h2>
        ${feedback.right ? icons.check : icons.cross}
        ${feedback.right ? t("That is right") : t("That is not what the curators say")}
      </h2>
      <p dir="auto">${feedback.explanation}</p>
      <button type="button" class="button" data-look="primary" data-action="go-on" @click=${goOn}>
        <span>${t("Next clip")}</span><kbd>Enter</kbd>
      </button>
    </section>
  `;
}
