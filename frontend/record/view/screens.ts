/** The screens around the recording itself: consent, waiting, faults, thanks. */

import { html, nothing, type TemplateResult } from "lit";
import type { Campaign } from "../../api/types";
import { actionButton, type Action } from "../../lib/actions";
import { t, tn } from "../../lib/text";
import type { Fault, RecordingSet } from "../machine";
import { faultText } from "./texts";

export function loadingScreen(): TemplateResult {
  return html`<p class="muted" role="status">${t("One moment…")}</p>`;
}

export function consentScreen(campaign: Campaign, agree: Action): TemplateResult {
  const { body, language, version } = campaign.consent;
  return html`
    <section class="card consent" aria-labelledby="consent-title">
      <h2 id="consent-title">${t("Before you lend your voice")}</h2>
      <div class="consent-text" lang=${language}>${body}</div>
      <div class="actions">${actionButton(agree)}</div>
      <p class="muted small">
        ${t("Version {version} of this text. You can take back any clip, at any time.", { version })}
      </p>
    </section>
  `;
}

export function welcomeScreen(begin: Action): TemplateResult {
  return html`
    <section class="card">
      <h2>${t("Welcome back")}</h2>
      <p>${t("Find a quiet place, and hold the phone as for a call. Ten prompts make a set.")}</p>
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

export function faultScreen(fault: Fault, detail: string, retry: Action): TemplateResult {
  const { title, remedy } = faultText(fault, detail);
  return html`
    <section class="card" data-fault=${fault}>
      <h2>${title}</h2>
      <p>${remedy}</p>
      <div class="actions">${actionButton(retry)}</div>
    </section>
  `;
}

export function finishedScreen(set: RecordingSet, another: Action, clipsUrl: string): TemplateResult {
  const thanks = tn(
    "You lent your voice to {count} prompt.",
    "You lent your voice to {count} prompts.",
    set.accepted,
  );
  return html`
    <section class="card finished">
      <h2>${set.accepted > 0 ? t("Thank you!") : t("Another time, then")}</h2>
      <p class="lead">${set.accepted > 0 ? thanks : t("Nothing was recorded in this set.")}</p>
      <div class="actions">
        ${actionButton(another)}
        ${clipsUrl ? html`<a class="button" href=${clipsUrl}>${t("My clips")}</a>` : nothing}
      </div>
      <choir-phrase></choir-phrase>
    </section>
  `;
}
