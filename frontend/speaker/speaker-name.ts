import type { AccountSpeaker } from "../api/speakers";
import { t } from "../lib/text";

/** What the account calls a speaker, also where it never said. */
export function speakerName(speaker: AccountSpeaker | null): string {
  return speaker?.label || t("Speaker without a name");
}
