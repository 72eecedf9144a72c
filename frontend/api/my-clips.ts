/** The API of one's own clips: a page of them, and what came of all. */

import { request } from "./http";
import { asSpeaker } from "./identity";
import type { Clip, Page } from "./types";

export type Shelf = "waiting" | "used" | "not_used" | "paused" | "taken_back";

/** A clip in its speaker's own list. */
export interface MyClip extends Clip {
  /** Absent in the answer to a withdrawal. */
  speaker?: string;
  advice?: string;
  redo_url?: string | null;
  findings?: { code: string; label: string; advice: string }[];
}

/** Which clips to list; blank is all. */
export interface Filters {
  shelf: Shelf | "";
  campaign: string;
  speaker: string;
}

export interface CampaignShare {
  slug: string;
  name: string;
  goal: number;
  accepted: number;
  mine: number;
  mine_used: number;
}

export interface Summary {
  shelves: Record<Shelf, number>;
  days: { in_a_row: number; last_week: number };
  campaigns: CampaignShare[];
}

export function getMyClips(page: number, filters: Filters): Promise<Page<MyClip>> {
  const given = Object.entries(filters).filter(([, value]) => value !== "");
  const query = { page, ...(Object.fromEntries(given) as Partial<Filters>) };
  return asSpeaker(() => request("GET", "clips", { query }));
}

/**
 * What came of all clips; the shelves' counts are those of the filters' campaign and speaker.
 * Days are counted in the reader's own time zone.
 */
export function getSummary({ campaign, speaker }: Filters): Promise<Summary> {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const chosen = { ...(campaign ? { campaign } : {}), ...(speaker ? { speaker } : {}) };
  const query = { time_zone: timeZone, ...chosen };
  return asSpeaker(() => request("GET", "clips/summary", { query }));
}
