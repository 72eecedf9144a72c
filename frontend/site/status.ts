import type { Scope } from "../lib/scope";
import { t, tn } from "../lib/text";
import { isHeldUp } from "../upload/queue";
import type { QueuedTake } from "../upload/store";
import type { Uploader } from "../upload/uploader";

const LOOK_EVERY_MS = 5_000;

export interface Status {
  tone: "bad" | "busy" | "calm";
  text: string;
}

/** What every page says at its head, or null while there is nothing to say. */
export function statusOf(
  takes: readonly QueuedTake[],
  online: boolean,
  now_ms: number,
): Status | null {
  const heldUp = takes.filter((take) => isHeldUp(take, now_ms));
  const failed = heldUp.filter(({ progress }) => progress.status === "failed").length;
  if (failed > 0) return { tone: "bad", text: tn("{count} take not sent", "{count} takes not sent", failed) };
  const count = heldUp.length;
  if (!online) {
    if (count === 0) return { tone: "calm", text: t("Offline") };
    return { tone: "busy", text: tn("Offline · {count} waits", "Offline · {count} wait", count) };
  }
  if (count === 0) return null;
  return { tone: "busy", text: tn("{count} take waits", "{count} takes wait", count) };
}

/** Shows the status in `place`, as a link to the queue, as long as `scope` lives. */
export function showStatus(scope: Scope, place: HTMLElement, uploader: Uploader): void {
  const link = document.createElement("a");
  link.className = "badge";
  link.href = `${place.dataset["queueUrl"] ?? "/"}#queue`;
  const show = (): void => {
    const status = statusOf(uploader.takes, navigator.onLine, Date.now());
    if (status) link.dataset["tone"] = status.tone;
    // Said anew only when it has changed: a live region repeats whatever is written into it.
    if (link.textContent !== (status?.text ?? "")) link.textContent = status?.text ?? "";
    if (status && !link.isConnected) place.append(link);
    if (!status) link.remove();
  };
  const again = (): void => {
    show();
    scope.timeout(LOOK_EVERY_MS, again);
  };
  scope.own(uploader.watch(show));
  scope.listen(window, "online", show);
  scope.listen(window, "offline", show);
  again();
}
