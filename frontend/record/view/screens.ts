/** The screens around the recording itself: waiting, faults, thanks. */

import { html, nothing, type TemplateResult } from "lit";
import type { Campaign } from "../../api/types";
import { actionButton, type Action } from "../../lib/actions";
import { t, tn } from "../../lib/text";
import { acceptedIn, type Fault, type RecordingSet } from "../machine";
import { faultText } from "./texts";

export function loadingScreen(): TemplateResult {
  return html`<p class="muted" role="status">${t("One moment…")}</p>`;
}

export function welcomeScreen(begin: Action, prompts_per_set: number): TemplateResult {
  const set = tn("{count} prompt makes a set.", "{count} prompts make a set.", prompts_per_set);
  return html`
    <section class="card">
      <h2>${t("Welcome back")}</h2>
      <p>${t("Find a quiet place, and hold the phone as for a call.")} ${set}</p>
      <div class="actions">${actionButton(begin)}</div>
    </section>
  `;
}

export function openingScreen(): TemplateResult {
  return html`
    <section class="card stage">
      <h2>${t("Opening the microphone…")}</h2>
      <p class="muted">${t("Your browser may ask you to allow it.")}</p>
    </section>
  `;
}

/** `copy` copies the page's address where another browser is what helps. */
export function faultScreen(
  fault: Fault,
  detail: string,
  retry: Action,
  copy: Action,
): TemplateResult {
  const { title, remedy } = faultText(fault, detail);
  const elsewhere = fault === "unsupported";
  return html`
    <section class="card" data-fault=${fault}>
      <h2>${title}</h2>
      <p>${remedy}</p>
      ${elsewhere ? html`<p class="page-address" translate="no">${location.href}</p>` : nothing}
      <div class="actions">${actionButton(elsewhere ? copy : retry)}</div>
    </section>
  `;
}

function campaignProgress({ progress, name }: Campaign): TemplateResult | typeof nothing {
  if (progress.goal <= 0 || progress.clips === 0) return nothing;
  const { clips, goal, speakers } = progress;
  const voices = tn("{count} voice", "{count} voices", speakers);
  return html`
    <div class="campaign-progress">
      <progress max=${goal} value=${Math.min(clips, goal)} aria-label=${t("Progress of the campaign")}></progress>
      <p class="muted">
        ${t("{clips} of {goal} clips by {voices}: {name} is growing.", { clips, goal, voices, name })}
      </p>
    </div>
  `;
}

export function finishedScreen(
  set: RecordingSet,
  campaign: Campaign | null,
  [again, ...others]: readonly [Action, ...Action[]],
  clipsUrl: string,
): TemplateResult {
  const count = acceptedIn(set);
  const thanks = tn(
    "You lent your voice to {count} prompt.",
    "You lent your voice to {count} prompts.",
    count,
  );
  return html`
    <section class="card finished">
      <h2>${count > 0 ? t("Thank you!") : t("Another time, then")}</h2>
      <p class="lead">${count > 0 ? thanks : t("Nothing was recorded in this set.")}</p>
      ${campaign ? campaignProgress(campaign) : nothing}
      <div class="actions">
        ${actionButton(again)}
        ${clipsUrl ? html`<a class="button" href=${clipsUrl}>${t("My clips")}</a>` : nothing}
        ${others.map(actionButton)}
      </div>
      <choir-phrase></choir-phrase>
    </section>
  `;
}
