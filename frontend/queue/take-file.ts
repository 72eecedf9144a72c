import { delay } from "../lib/time";
import type { QueuedTake } from "../upload/store";

const EXTENSIONS: Readonly<Record<string, string>> = {
  "audio/flac": "flac",
  "audio/wav": "wav",
  "audio/webm": "webm",
  "audio/mp4": "m4a",
  "audio/ogg": "ogg",
};

/** A name by which its speaker finds the take again: what was said, and a piece of the id. */
export function fileName(take: Pick<QueuedTake, "id" | "prompt" | "content_type">): string {
  const said = take.prompt.text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  const words = said.slice(0, 40).replace(/^-+|-+$/g, "") || take.prompt.kind;
  const type = take.content_type.split(";")[0]!.trim();
  return `choir-${words}-${take.id.slice(0, 8)}.${EXTENSIONS[type] ?? "audio"}`;
}

/** Hands `bytes` to the browser as a download. */
export function saveFile(name: string, bytes: ArrayBuffer, content_type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: content_type }));
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click has returned.
  void delay(60_000).then(() => URL.revokeObjectURL(link.href));
}
