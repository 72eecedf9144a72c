/** The API of taking clips back, at every size, and of pausing them. */

import { request } from "./http";
import { asSpeaker } from "./identity";

/** Which of one's clips: these, a campaign's, one speaker's, or all. */
export type ClipScope =
  | { clips: readonly string[] }
  | { campaign: string }
  | { speaker: string }
  | { everything: true };

export interface Held {
  release: string;
  name: string;
  num_clips: number;
}

/** What a withdrawal would do. */
export interface Foreseen {
  num_clips: number;
  num_held: number;
  releases: Held[];
}

/** What became of a withdrawal; `url` is its page, which needs no sign-in. */
export interface Receipt {
  id: string;
  url: string;
  num_clips: number;
  num_erased: number;
  num_held: number;
  requested_at: string;
  completed_at: string | null;
}

export function foresee(scope: ClipScope): Promise<Foreseen> {
  return asSpeaker(() => request("POST", "withdrawals/foreseen", { json: scope }));
}

/** Takes clips back under an id made here: the same again is harmless. */
export function withdrawAll(id: string, scope: ClipScope, reason: string): Promise<Receipt> {
  const json = { ...scope, ...(reason ? { reason } : {}) };
  return asSpeaker(() => request("PUT", `withdrawals/${id}`, { json }));
}

export function pauseClips(scope: ClipScope): Promise<{ num_clips: number }> {
  return asSpeaker(() => request("POST", "clips/pause", { json: scope }));
}

export function resumeClips(scope: ClipScope): Promise<{ num_clips: number }> {
  return asSpeaker(() => request("POST", "clips/resume", { json: scope }));
}
