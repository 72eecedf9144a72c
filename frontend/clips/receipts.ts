/**
 * The receipts that this browser remembers: what is erased is in no list of one's clips any more,
 * because nobody knows whose it was. They name nobody, so they may stay on any device.
 */

import type { Receipt } from "../api/withdrawals";

const KEY = "choir.receipts";
const MOST = 50;

export interface KeptReceipt {
  url: string;
  requested_at: string;
  num_clips: number;
}

/** The receipts kept here, the newest first. */
export function keptReceipts(): KeptReceipt[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isReceipt) : [];
  } catch {
    // Storage that is switched off, or that holds something else, keeps no receipt.
    return [];
  }
}

export function keepReceipt({ url, requested_at, num_clips }: Receipt | KeptReceipt): void {
  const others = keptReceipts().filter((each) => each.url !== url);
  const kept = [{ url, requested_at, num_clips }, ...others].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // The page shows the address all the same.
  }
}

/** The ids of the receipts kept here, the newest first. */
export function keptIds(): string[] {
  return keptReceipts().map(({ url }) => url.split("/")[2] ?? "");
}

function isReceipt(each: unknown): each is KeptReceipt {
  const { url, requested_at, num_clips } = (each ?? {}) as Partial<KeptReceipt>;
  const isOurs = typeof url === "string" && /^\/withdrawals\/[0-9a-f-]{36}\/$/.test(url);
  return isOurs && typeof requested_at === "string" && typeof num_clips === "number";
}
