/** The API around who speaks: what they say of themselves, and the speakers of an account. */

import { request } from "./http";
import { asSpeaker } from "./identity";

/** What may be said of oneself; blank where nothing is. */
export interface Answers {
  age_band: string;
  gender: string;
  accent: string;
  first_languages: string[];
  environment: string;
  device: string;
}

export interface Choice {
  value: string;
  label: string;
}

export type Chosen = "age_band" | "gender" | "environment" | "device";

export interface About extends Answers {
  /** How many of the speaker's clips carry an answer. */
  clips: number;
  choices: Record<Chosen, Choice[]>;
}

/** One speaker of an account. */
export interface AccountSpeaker {
  id: string;
  label: string;
  created_at: string;
  clips: number;
  selected: boolean;
}

export function getAbout(): Promise<About> {
  return asSpeaker(() => request("GET", "speakers/me/about"));
}

/** Says this of oneself; blank answers say that one would rather not. */
export function putAbout(answers: Partial<Answers>): Promise<About> {
  return asSpeaker(() => request("PUT", "speakers/me/about", { json: answers }));
}

/** Forgets all that was said, with every clip that carries it. */
export function deleteAbout(): Promise<null> {
  return asSpeaker(() => request("DELETE", "speakers/me/about"));
}

export function getSpeakers(): Promise<AccountSpeaker[]> {
  return request("GET", "speakers");
}

export function addSpeaker(
  label: string,
): Promise<{ speaker: AccountSpeaker; recovery_phrase: string }> {
  return request("POST", "speakers", { json: { label } });
}

export function nameSpeaker(id: string, label: string): Promise<AccountSpeaker> {
  return request("PATCH", `speakers/${id}`, { json: { label } });
}

export function selectSpeaker(id: string): Promise<AccountSpeaker> {
  return request("POST", `speakers/${id}/select`, { json: {} });
}

export function removeSpeaker(id: string): Promise<null> {
  return request("DELETE", `speakers/${id}`);
}

/** A new recovery phrase for a speaker of the account; the one before ends. */
export function renewPhrase(id: string): Promise<{ recovery_phrase: string }> {
  return request("POST", `speakers/${id}/phrase`, { json: {} });
}

/** Takes into the account whoever speaks in this session or, with a phrase, the phrase's speaker. */
export function adoptSpeaker(label: string, recovery_phrase?: string): Promise<AccountSpeaker> {
  const json = recovery_phrase ? { label, recovery_phrase } : { label };
  return request("POST", "speakers/adopt", { json });
}
