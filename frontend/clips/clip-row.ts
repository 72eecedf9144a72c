import { html, nothing, type TemplateResult } from "lit";
import { clipAudioUrl } from "../api/client";
import type { MyClip } from "../api/my-clips";
import { moment } from "../lib/format";
import { icons } from "../lib/icons";
import { t } from "../lib/text";
import { matchText, promptText, stateBadge } from "./clip-view";

/** What can be done with a clip of the list. */
export interface RowActions {
  isChosen: boolean;
  choose: (isChosen: boolean) => void;
  takeBack: () => void;
}

/** One clip of the list: what it says, what became of it, and what can be done with it. */
export function clipRow(clip: MyClip, speaker: string, actions: RowActions): TemplateResult {
  const isGone = ["kept", "withdrawn", "erased"].includes(clip.state);
  return html`
    <li class="row" data-clip=${clip.id} data-state=${clip.state}>
      <span class="row-title">${clip.withdrawable ? choice(clip, actions) : promptText(clip.prompt)}</span>
      <span class="row-facts">
        ${stateBadge(clip)} ${matchText(clip)}
        <time class="muted" datetime=${clip.uploaded_at}>${moment(clip.uploaded_at)}</time>
        ${speaker ? html`<span class="muted">${speaker}</span>` : nothing}
        ${clip.releases.map((release) => html`<span class="tag">${release}</span>`)}
      </span>
      ${holdView(clip)} ${helpView(clip)}
      <span class="row-actions">
        ${isGone ? nothing : html`<choir-player .src=${clipAudioUrl(clip.id)}></choir-player>`}
        ${clip.redo_url && !isUsed(clip) ? redoLink(clip, clip.redo_url) : nothing}
        ${clip.withdrawable ? withdrawButton(clip, actions.takeBack) : nothing}
      </span>
    </li>
  `;
}

function choice(clip: MyClip, { isChosen, choose }: RowActions): TemplateResult {
  const change = (event: Event): void => choose((event.target as HTMLInputElement).checked);
  return html`
    <label class="choice">
      <input type="checkbox" .checked=${isChosen} @change=${change} />
      <span>${promptText(clip.prompt)}</span>
    </label>
  `;
}

/** That the law keeps a clip, since when, and what that means for whoever lent it. */
function holdView({ held_since, state }: MyClip): TemplateResult | typeof nothing {
  if (!held_since) return nothing;
  const since = { since: moment(held_since) };
  const said =
    state === "kept"
      ? t("Under a legal hold since {since}: the law demands that it be kept. It is in no download and no review, nobody uses it, and it is erased the moment the hold is lifted.", since)
      : t("Under a legal hold since {since}: the law demands that it be kept. Until the hold is lifted it is in no download and no review, and nobody uses it. You may take it back all the same: then it is erased the moment the hold is lifted.", since);
  return html`<p class="row-help">${said}</p>`;
}

/** Why a clip was not used, and what would help next time: the plainest that is known. */
function helpView(clip: MyClip): TemplateResult | typeof nothing {
  if (!isTurnedDown(clip)) return nothing;
  const findings = (clip.findings ?? []).map(({ advice }) => advice);
  const lines = [clip.problem ?? "", ...findings];
  // What was found in this very clip says more than what helps in general.
  if (findings.length === 0) lines.push(clip.advice ?? "");
  const said = lines.filter(Boolean);
  return said.length > 0 ? html`<p class="row-help">${said.join(" ")}</p>` : nothing;
}

/** Another try is worth while. */
function isTurnedDown({ state }: MyClip): boolean {
  return state === "rejected" || state === "set_aside" || state === "unusable";
}

/** What people accepted needs no second try. */
function isUsed({ state }: MyClip): boolean {
  return state === "accepted" || state === "released";
}

function redoLink(clip: MyClip, url: string): TemplateResult {
  const isWanted = isTurnedDown(clip);
  return html`
    <a class="button" data-look=${isWanted ? nothing : "quiet"} data-action="redo" href=${url}>
      ${icons.again}
      <span>${t("Record again")}<span class="visually-hidden">: ${promptText(clip.prompt)}</span></span>
    </a>
  `;
}

function withdrawButton(clip: MyClip, takeBack: () => void): TemplateResult {
  return html`
    <button type="button" class="button" data-look="quiet" data-action="withdraw" @click=${takeBack}>
      <span>${t("Take back")}<span class="visually-hidden">: ${promptText(clip.prompt)}</span></span>
    </button>
  `;
}
