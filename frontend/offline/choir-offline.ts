import { html, nothing, type TemplateResult } from "lit";
import { ChoirElement } from "../lib/element";
import { icons } from "../lib/icons";
import { t, tn } from "../lib/text";
import { keptSets, type KeptSet } from "../upload/prompt-store";

/**
 * `<choir-offline>`: the campaigns that can be recorded for without a signal. Opens the page that
 * was asked for as soon as the device is back online.
 */
export class ChoirOffline extends ChoirElement {
  static override properties = { sets: { state: true } };

  declare sets: readonly KeptSet[] | null;

  constructor() {
    super();
    this.sets = null;
  }

  protected override connected(): void {
    this.scope.listen(window, "online", () => this.#leave());
    void this.#load();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.sets) return nothing;
    if (this.sets.length === 0) {
      return html`<p class="empty">${t("No prompts were fetched ahead on this device. Once you have recorded here, you can go on without a signal.")}</p>`;
    }
    return html`
      <h2>${t("You can still record")}</h2>
      <ul class="campaigns">${this.sets.map(campaignCard)}</ul>
    `;
  }

  async #load(): Promise<void> {
    this.sets = await keptSets();
  }

  /** Who came to this page by its own address has nothing to go back to. */
  #leave(): void {
    if (location.pathname !== "/offline/") location.reload();
  }
}

function campaignCard({ slug, campaign, prompts }: KeptSet): TemplateResult {
  return html`
    <li class="card campaign-card">
      <h3><a href="/c/${slug}/record/">${campaign.name}</a></h3>
      <p class="muted">
        ${tn("{count} prompt is on this device.", "{count} prompts are on this device.", prompts.length)}
      </p>
      <a class="button" data-look="primary" href="/c/${slug}/record/">
        ${icons.microphone}<span>${t("Lend your voice")}</span>
      </a>
    </li>
  `;
}

customElements.define("choir-offline", ChoirOffline);
