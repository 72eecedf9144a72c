import { html, nothing, type TemplateResult } from "lit";
import type { ReviewPolicy, ReviewQuestion, ReviewTag } from "../../api/types";
import { icons } from "../../lib/icons";
import { t } from "../../lib/text";
import { nextQuestion } from "../cards";
import type { PreparedCase } from "../prepared";

/** The tags that the machine proposes and the reviewer has not taken. */
export function openProposals({ item, tags }: PreparedCase): string[] {
  return item.proposed_tags.filter((code) => !tags.has(code));
}

/** The campaign's words for what is heard, as buttons that stay down. */
export function tagsView(
  policy: ReviewPolicy,
  prepared: PreparedCase,
  toggle: (code: string) => void,
  takeProposals: () => void,
): TemplateResult | typeof nothing {
  const tags = policy.tags.filter(({ kind }) => kind === "quality");
  if (tags.length === 0) return nothing;
  return html`
    <section class="tags" aria-labelledby="tags-title">
      <h2 id="tags-title">${t("Tags")}</h2>
      <div class="tag-buttons">${tags.map((tag) => tagButton(tag, prepared, toggle))}</div>
      ${openProposals(prepared).length === 0
        ? nothing
        : html`<button type="button" class="button" data-look="small" data-action="take-tags" @click=${takeProposals}>
            ${icons.ear}<span>${t("Take what the machine proposes")}</span><kbd>M</kbd>
          </button>`}
    </section>
  `;
}

function tagButton(
  { code, label, key }: ReviewTag,
  { tags, item }: PreparedCase,
  toggle: (code: string) => void,
): TemplateResult {
  const is_on = tags.has(code);
  const is_proposed = item.proposed_tags.includes(code);
  return html`
    <button
      type="button"
      class="tag-button"
      aria-pressed=${is_on}
      data-tag=${code}
      ?data-proposed=${is_proposed}
      @click=${() => toggle(code)}
    >
      ${is_on ? icons.check : is_proposed ? icons.ear : nothing}
      <span>${label}</span>
      ${is_proposed ? html`<span class="proposed">${t("machine")}</span>` : nothing}
      ${key ? html`<kbd>${key}</kbd>` : nothing}
    </button>
  `;
}

/** The question whose turn it is; null when all are answered. */
export function cardView(
  policy: ReviewPolicy,
  prepared: PreparedCase,
  choose: (question: ReviewQuestion, code: string) => void,
): TemplateResult | null {
  const question = nextQuestion(policy.questions, prepared.tags);
  if (!question) return null;
  const place = policy.questions.indexOf(question) + 1;
  return html`
    <section class="question" aria-labelledby="question-title" data-question=${question.code}>
      <p class="muted small">
        ${t("Question {place} of {count}", { place, count: policy.questions.length })}
      </p>
      <h2 id="question-title">${question.label}</h2>
      <div class="answers">
        ${question.options.map(
          ({ code, label }, i) => html`
            <button type="button" class="button" data-answer=${code} @click=${() => choose(question, code)}>
              <span>${label}</span><kbd>${i + 1}</kbd>
            </button>
          `,
        )}
      </div>
    </section>
  `;
}
