import { html, nothing, type TemplateResult } from "lit";
import { day } from "../lib/format";
import { t, tn } from "../lib/text";
import type { KeptReceipt } from "./receipts";

/** The way back to receipts; nothing where this browser remembers none. */
export function receiptsView(receipts: readonly KeptReceipt[]): TemplateResult | typeof nothing {
  if (receipts.length === 0) return nothing;
  return html`
    <details class="receipts">
      <summary>${tn("{count} receipt of what you took back", "{count} receipts of what you took back", receipts.length)}</summary>
      <ul>
        ${receipts.map(
          ({ url, requested_at, num_clips }) =>
            html`<li>
              <a href=${url}>${day(requested_at)}</a>
              <span class="muted">${tn("{count} clip", "{count} clips", num_clips)}</span>
            </li>`,
        )}
      </ul>
      <p class="muted small">${t("This browser remembers them. They name nobody.")}</p>
    </details>
  `;
}
