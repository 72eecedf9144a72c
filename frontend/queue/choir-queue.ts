import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { badge, promptText } from "../clips/clip-view";
import { actionButton, type Action } from "../lib/actions";
import { ChoirElement } from "../lib/element";
import { fileSize, moment } from "../lib/format";
import { icons } from "../lib/icons";
import { t, tn } from "../lib/text";
import { isHeldUp } from "../upload/queue";
import { sharedUploader } from "../upload/shared";
import type { QueuedTake } from "../upload/store";
import type { Uploader } from "../upload/uploader";
import { DiscardDialog } from "./discard-dialog";
import { fileName, saveFile } from "./take-file";

const MOST_ROWS = 50;
const LOOK_EVERY_MS = 5_000;

/**
 * `<choir-queue>`: the takes that are still on this device, why, and what can be done about
 * each. Shows nothing while all goes well.
 */
export class ChoirQueue extends ChoirElement {
  static override properties = {
    takes: { state: true },
    online: { state: true },
  };

  declare takes: readonly QueuedTake[];
  declare online: boolean;
  /** The page's uploader, once it is open. */
  uploader: Uploader | null = null;
  #hadTakes = false;

  constructor() {
    super();
    this.takes = [];
    this.online = true;
  }

  protected override connected(): void {
    this.#followConnection();
    this.scope.listen(window, "online", () => this.#followConnection());
    this.scope.listen(window, "offline", () => this.#followConnection());
    void this.#follow();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.takes.length === 0) {
      return this.#hadTakes ? html`<p class="message" role="status">${t("All takes are sent. Thank you!")}</p>` : nothing;
    }
    const shown = this.takes.slice(0, MOST_ROWS);
    return html`
      <section class="card queue" id="queue" aria-labelledby="queue-title">
        <h2 id="queue-title">${t("On this device")}</h2>
        <p role="status">${this.#summary()}</p>
        ${lastTry(this.takes)}
        <ul class="rows">
          ${repeat(shown, (take) => take.id, (take) => this.#row(take))}
        </ul>
        ${this.#more(this.takes.length - shown.length)}
      </section>
      <choir-discard-dialog @confirmed=${this.#discard}></choir-discard-dialog>
    `;
  }

  async #follow(): Promise<void> {
    const uploader = await sharedUploader();
    this.uploader = uploader;
    this.scope.own(uploader.watch(() => this.#look()));
    this.#lookAgainLater();
    this.#look();
  }

  /** A take that nothing happens to becomes worth a word by the time alone. */
  #lookAgainLater(): void {
    this.scope.timeout(LOOK_EVERY_MS, () => {
      this.#look();
      this.#lookAgainLater();
    });
  }

  #look(): void {
    const now_ms = Date.now();
    this.takes = (this.uploader?.takes ?? []).filter((take) => isHeldUp(take, now_ms));
    this.#hadTakes ||= this.takes.length > 0;
  }

  #followConnection(): void {
    this.online = navigator.onLine;
  }

  #summary(): string {
    const failed = this.takes.filter(({ progress }) => progress.status === "failed").length;
    const waiting = this.takes.length - failed;
    const parts = [];
    if (waiting > 0) parts.push(this.#waitingText(waiting));
    if (failed > 0) {
      parts.push(tn("{count} take could not be sent.", "{count} takes could not be sent.", failed));
    }
    return parts.join(" ");
  }

  #waitingText(count: number): string {
    if (!this.online) {
      return tn(
        "You are offline. {count} take is safe here, and goes out by itself once you are back.",
        "You are offline. {count} takes are safe here, and go out by themselves once you are back.",
        count,
      );
    }
    return tn(
      "{count} take is safe here, and goes out by itself.",
      "{count} takes are safe here, and go out by themselves.",
      count,
    );
  }

  #row(take: QueuedTake): TemplateResult {
    return html`
      <li class="row" data-take=${take.id} data-status=${take.progress.status}>
        <span class="row-title">${promptText(take.prompt)}</span>
        <span class="row-facts">
          ${statusBadge(take)}
          <time class="muted" datetime=${new Date(take.accepted_at).toISOString()}>
            ${moment(new Date(take.accepted_at).toISOString())}
          </time>
          <span class="muted">${fileSize(take.num_bytes)}</span>
          ${refusal(take)}
        </span>
        <span class="row-actions">${this.#actions(take).map(actionButton)}</span>
      </li>
    `;
  }

  #actions(take: QueuedTake): Action[] {
    const save = { icon: icons.save, look: "quiet", run: () => void this.#save(take) } as const;
    const named = { ...save, name: "save", label: t("Save") };
    if (take.progress.status !== "failed") return [named];
    const retry = (): void => void this.uploader?.retry(take.id);
    const ask = (): void => void this.querySelector<DiscardDialog>("choir-discard-dialog")?.ask(take);
    return [
      { name: "retry", label: t("Try again"), icon: icons.again, run: retry },
      named,
      { name: "discard", label: t("Discard"), icon: icons.bin, look: "quiet", run: ask },
    ];
  }

  #more(count: number): TemplateResult | typeof nothing {
    const waits = this.takes.some(({ progress }) => progress.status === "waiting");
    const hurry: Action = {
      name: "hurry",
      label: t("Send now"),
      icon: icons.again,
      run: () => this.uploader?.hurry(),
    };
    return html`
      ${count > 0 ? html`<p class="muted">${tn("And {count} more.", "And {count} more.", count)}</p>` : nothing}
      ${waits && this.online ? html`<div class="actions">${actionButton(hurry)}</div>` : nothing}
    `;
  }

  async #save(take: QueuedTake): Promise<void> {
    const bytes = await this.uploader?.bytes(take.id);
    if (bytes) saveFile(fileName(take), bytes, take.content_type);
  }

  async #discard(event: Event): Promise<void> {
    const { take } = event.target as DiscardDialog;
    if (take) await this.uploader?.discard(take.id);
  }
}

function statusBadge({ progress }: QueuedTake): TemplateResult {
  if (progress.status === "failed") return badge("bad", t("Not sent"));
  return badge("busy", progress.status === "sending" ? t("Sending") : t("Waits to be sent"));
}

function refusal({ progress }: QueuedTake): TemplateResult | typeof nothing {
  return progress.status === "failed" ? html`<span class="reason">${progress.reason}</span>` : nothing;
}

/** Said once: what keeps one take from being sent keeps them all. */
function lastTry(takes: readonly QueuedTake[]): TemplateResult | typeof nothing {
  const reasons = takes.map(({ progress }) => (progress.status === "waiting" ? progress.reason : null));
  const reason = reasons.find((text) => text !== null);
  return reason ? html`<p class="muted small">${t("Last try: {reason}", { reason })}</p>` : nothing;
}

customElements.define("choir-queue", ChoirQueue);
