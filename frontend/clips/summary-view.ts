import { html, nothing, type TemplateResult } from "lit";
import type { CampaignShare, Summary } from "../api/my-clips";
import { t, tn } from "../lib/text";

/**
 * Thanks, what came of the clips, and the days on which somebody recorded. Days are told and
 * never demanded: a pause is not spoken of, and nothing is lost by it.
 */
export function summaryView(summary: Summary): TemplateResult | typeof nothing {
  if (summary.campaigns.length === 0) return nothing;
  const used = summary.campaigns.reduce((sum, { mine_used }) => sum + mine_used, 0);
  return html`
    <section class="card summary" aria-labelledby="summary-title">
      <h2 id="summary-title">${t("Thank you for your voice")}</h2>
      <p>${usedText(used)} ${daysText(summary.days)}</p>
      <ul class="shares">
        ${summary.campaigns.map(shareView)}
      </ul>
    </section>
  `;
}

function usedText(used: number): string {
  if (used === 0) return t("Your clips wait for people to listen to them.");
  return tn("{count} clip of yours is used.", "{count} clips of yours are used.", used);
}

/** On how many days of the last week, and how many in a row; nothing where that is nothing. */
export function daysText({ in_a_row, last_week }: Summary["days"]): string {
  if (last_week === 0) return "";
  const week = tn(
    "You recorded on {count} day in the last week.",
    "You recorded on {count} days in the last week.",
    last_week,
  );
  if (in_a_row < 2) return week;
  return `${week} ${tn("That is {count} day in a row.", "That is {count} days in a row.", in_a_row)}`;
}

function shareView(share: CampaignShare): TemplateResult {
  const label = t("Progress of {name} towards its goal", { name: share.name });
  return html`
    <li class="campaign-progress">
      <a href="/c/${share.slug}/">${share.name}</a>
      <progress max=${share.goal} value=${share.accepted} aria-label=${label}></progress>
      <p class="muted small">
        ${t("{accepted} of {goal} clips", { accepted: share.accepted, goal: share.goal })} ·
        ${tn("{count} of them is yours", "{count} of them are yours", share.mine_used)}
      </p>
    </li>
  `;
}
