import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { badge, matchText, promptText, stateBadge } from "../../clips/clip-view";
import type { Clip } from "../../api/types";
import { seconds } from "../../lib/format";
import { t } from "../../lib/text";
import type { Progress } from "../../upload/queue";
import type { QueuedTake } from "../../upload/store";
import type { LoggedTake, TakeLog } from "../take-log";

function queueText(progress: Progress): string {
  if (progress.status === "sending") return t("Sending");
  return progress.attempts === 0 ? t("Waits to be sent") : t("Safe on this device; will be sent");
}

function failedView(log: TakeLog, id: string, reason: string): TemplateResult {
  const { uploader } = log;
  return html`
    ${badge("bad", t("Not sent"))}
    <span class="reason">${reason}</span>
    <span class="row-actions">
      <button type="button" class="button" data-look="small" @click=${() => uploader.retry(id)}>
        ${t("Try again")}
      </button>
      <button type="button" class="button" data-look="small" @click=${() => uploader.discard(id)}>
        ${t("Discard")}
      </button>
    </span>
  `;
}

function queuedView(log: TakeLog, { id, progress }: QueuedTake): TemplateResult {
  if (progress.status === "failed") return failedView(log, id, progress.reason);
  return badge("busy", queueText(progress));
}

/** What the server measured: the length, and what it noticed with what would help. */
function measured(clip: Clip): TemplateResult {
  const { measurements, findings = [] } = clip;
  return html`
    ${measurements ? html`<span class="muted">${seconds(measurements.duration_s)}</span>` : nothing}
    ${findings.map(
      ({ code, label, advice }) => html`
        <span class="finding" data-finding=${code}>${badge("calm", label)} ${advice}</span>
      `,
    )}
  `;
}

/** The API tells what was heard only where the campaign allows it. */
function heard({ pre_score }: Clip): TemplateResult | typeof nothing {
  if (!pre_score?.heard) return nothing;
  const { heard } = pre_score;
  return html`<span class="muted">${t("We heard: “{heard}”", { heard })}</span>`;
}

function outcome(log: TakeLog, take: LoggedTake, show_heard: boolean): TemplateResult | typeof nothing {
  const { clip } = take;
  if (clip) {
    const reason = clip.problem ? html`<span class="reason">${clip.problem}</span>` : nothing;
    return html`
      ${stateBadge(clip)} ${matchText(clip)} ${show_heard ? heard(clip) : nothing}
      ${measured(clip)} ${reason}
    `;
  }
  const queued = log.uploader.takes.find(({ id }) => id === take.id);
  return queued ? queuedView(log, queued) : nothing;
}

/** The takes of this visit, each with what became of it. */
export function takeList(log: TakeLog, show_heard: boolean): TemplateResult | typeof nothing {
  if (log.takes.length === 0) return nothing;
  return html`
    <section class="takes" aria-labelledby="takes-title">
      <h2 id="takes-title">${t("Your takes")}</h2>
      ${log.notice ? html`<p class="hint" role="alert">${log.notice}</p>` : nothing}
      <ul class="rows">
        ${repeat(
          log.takes,
          (take) => take.id,
          (take) => html`
            <li class="row" data-clip=${take.id} data-state=${take.clip?.state ?? "queued"}>
              <span class="row-title">${promptText(take.prompt)}</span>
              <span class="row-facts">${outcome(log, take, show_heard)}</span>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
