/** The API of the review desk, one function per endpoint. */

import { request } from "./http";
import type { Ballot, ClipReportReason, ReviewCase, ReviewQueue, VoteAnswer } from "./types";

/**
 * Leases up to `count` cases to this reviewer. Those held already come first, their lease renewed;
 * none where nothing waits.
 */
export function nextCases(slug: string, count: number): Promise<ReviewQueue> {
  return request("POST", `campaigns/${slug}/review/next`, { query: { count } });
}

/** Casts a vote; the same again is harmless. */
export function castVote(caseId: string, ballot: Ballot): Promise<VoteAnswer> {
  return request("POST", `reviews/${caseId}/votes`, { json: ballot });
}

/** Takes the vote back: the case is this reviewer's again. */
export function takeBackVote(caseId: string): Promise<ReviewCase> {
  return request("DELETE", `reviews/${caseId}/votes`);
}

/** Gives the case back; it is not offered again for a day. */
export function skipCase(caseId: string): Promise<null> {
  return request("POST", `reviews/${caseId}/skip`, { json: {} });
}

/** Takes the clip out of circulation until a curator has looked. */
export function reportClip(caseId: string, reason: ClipReportReason, note: string): Promise<null> {
  const json = { reason, ...(note ? { note } : {}) };
  return request("POST", `reviews/${caseId}/report`, { json });
}
