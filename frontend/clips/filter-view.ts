import { html, nothing, type TemplateResult } from "lit";
import type { Filters, Shelf, Summary } from "../api/my-clips";
import type { AccountSpeaker } from "../api/speakers";
import { t } from "../lib/text";

/** What there is to choose from. */
export interface Choices {
  summary: Summary;
  speakers: readonly AccountSpeaker[];
}

const ALL: Filters = { shelf: "", campaign: "", speaker: "" };

function isShelf(text: string): text is Shelf {
  return ["waiting", "used", "not_used", "paused", "taken_back"].includes(text);
}

/** The filters that an address names, such as `?shelf=used`; what it does not know is no filter. */
export function filtersOf(search: string): Filters {
  const query = new URLSearchParams(search);
  const shelf = query.get("shelf") ?? "";
  return {
    shelf: isShelf(shelf) ? shelf : "",
    campaign: query.get("campaign") ?? "",
    speaker: query.get("speaker") ?? "",
  };
}

/** The address's part that names these filters, or blank for all clips. */
export function searchOf(filters: Filters): string {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ""));
  return query.size > 0 ? `?${query}` : "";
}

/** The form that sifts the clips; `change` is called with what is chosen then. */
export function filterView(
  filters: Filters,
  { summary, speakers }: Choices,
  change: (filters: Filters) => void,
): TemplateResult {
  const pick = (part: Partial<Filters>): void => change({ ...ALL, ...filters, ...part });
  const { shelves, campaigns } = summary;
  const total = Object.values(shelves).reduce((sum, count) => sum + count, 0);
  const radio = (shelf: Filters["shelf"], label: string, count: number): TemplateResult => html`
    <label class="shelf">
      <input
        type="radio"
        name="shelf"
        value=${shelf}
        .checked=${filters.shelf === shelf}
        @change=${() => pick({ shelf })}
      />
      <span>${label} <span class="count">${count}</span></span>
    </label>
  `;
  return html`
    <form class="filters" aria-label=${t("Which clips")} @submit=${(event: Event) => event.preventDefault()}>
      <fieldset class="shelves">
        <legend class="visually-hidden">${t("What became of them")}</legend>
        ${radio("", t("All"), total)} ${radio("waiting", t("On their way"), shelves.waiting)}
        ${radio("used", t("Used"), shelves.used)} ${radio("not_used", t("Not used"), shelves.not_used)}
        ${shelves.paused > 0 || filters.shelf === "paused" ? radio("paused", t("Paused"), shelves.paused) : nothing}
        ${radio("taken_back", t("Taken back"), shelves.taken_back)}
      </fieldset>
      ${select(
        t("Campaign"),
        campaigns.map(({ slug, name }) => [slug, name]),
        filters.campaign,
        (campaign) => pick({ campaign }),
      )}
      ${select(
        t("Speaker"),
        speakers.map(({ id, label }) => [id, label || t("Speaker without a name")]),
        filters.speaker,
        (speaker) => pick({ speaker }),
      )}
    </form>
  `;
}

function select(
  label: string,
  options: readonly (readonly [string, string])[],
  chosen: string,
  change: (value: string) => void,
): TemplateResult | typeof nothing {
  if (options.length < 2) return nothing;
  return html`
    <label class="sift">
      <span class="muted small">${label}</span>
      <select @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${chosen === ""}>${t("All")}</option>
        ${options.map(
          ([value, name]) =>
            html`<option value=${value} ?selected=${chosen === value}>${name}</option>`,
        )}
      </select>
    </label>
  `;
}
