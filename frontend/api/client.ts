/** The API, one function per endpoint. Every function throws a `Problem` when refused. */

import { request } from "./http";
import { asSpeaker, storePhrase } from "./identity";
import type {
  AgreedBy,
  Campaign,
  Capture,
  Clip,
  Consent,
  ConsentText,
  OfferedPrompt,
  Page,
  ReportReason,
} from "./types";

export function getCampaign(slug: string): Promise<Campaign> {
  return request("GET", `campaigns/${slug}`);
}

/**
 * Agrees to `text`, as an adult or as the speaker's guardian, and opts into `purposes`. A recovery
 * phrase that comes back is kept on the device at once.
 */
export async function giveConsent(
  slug: string,
  text: ConsentText,
  by: AgreedBy = "adult",
  purposes: readonly string[] = [],
): Promise<Consent> {
  const { version, sha256, wordings_sha256 } = text;
  const json = { version, sha256, wordings_sha256, purposes, [by]: true };
  const consent = await request<Consent>("POST", `campaigns/${slug}/consent`, { json });
  if (consent.recovery_phrase) storePhrase(consent.recovery_phrase);
  return consent;
}

/** The `limit` prompts that the campaign needs most; `first`, where given, at their head. */
export function getPrompts(
  slug: string,
  limit: number,
  first: string | null = null,
): Promise<OfferedPrompt[]> {
  const query = { limit, ...(first ? { first } : {}) };
  return asSpeaker(() => request("GET", `campaigns/${slug}/prompts`, { query }));
}

/** Remembers that this speaker would rather not record the prompt. */
export function skipPrompt(id: string): Promise<null> {
  return asSpeaker(() => request("POST", `prompts/${id}/skip`, { json: {} }));
}

/** Takes a skip back. */
export function unskipPrompt(id: string): Promise<null> {
  return asSpeaker(() => request("DELETE", `prompts/${id}/skip`));
}

/** Tells the curators that something is wrong with a prompt; nobody is offered it until then. */
export function reportPrompt(id: string, reason: ReportReason, note: string): Promise<null> {
  const json = { reason, ...(note ? { note } : {}) };
  return asSpeaker(() => request("POST", `prompts/${id}/report`, { json }));
}

/** What `putClip` sends: the bytes as recorded, and what is known about them. */
export interface ClipUpload {
  id: string;
  prompt_id: string;
  /** Who made it, where the device has remembered that: perhaps not who speaks now. */
  speaker_id?: string;
  bytes: ArrayBuffer;
  content_type: string;
  content_digest: string;
  capture: Capture;
}

/**
 * Sends a clip; the answer waits up to three seconds for its measurements (RFC 7240). The same
 * again is harmless: the id was made here, once.
 */
export function putClip(upload: ClipUpload): Promise<Clip> {
  const headers = {
    Prefer: "wait=3",
    "Content-Type": upload.content_type,
    "Content-Digest": upload.content_digest,
    "Choir-Capture": JSON.stringify(upload.capture),
  };
  const { prompt_id, speaker_id } = upload;
  const query = { prompt: prompt_id, ...(speaker_id ? { speaker: speaker_id } : {}) };
  const options = { query, bytes: upload.bytes, headers };
  return asSpeaker(() => request("PUT", `clips/${upload.id}`, options));
}

export function getClips(ids: readonly string[]): Promise<Page<Clip>> {
  return asSpeaker(() => request("GET", "clips", { query: { ids: ids.join(",") } }));
}

export function withdrawClip(id: string): Promise<Clip> {
  return asSpeaker(() => request("POST", `clips/${id}/withdraw`, { json: {} }));
}

/** Where the speaker's own audio is. */
export function clipAudioUrl(id: string): string {
  return `/api/v1/clips/${id}/audio`;
}
