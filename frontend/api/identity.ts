import { request } from "./http";
import { Problem } from "./problem";

const PHRASE_KEY = "choir.recovery_phrase";

/** The recovery phrase kept on this device, if any. */
export function storedPhrase(): string | null {
  try {
    return localStorage.getItem(PHRASE_KEY);
  } catch {
    // Storage switched off is the same to us as storage that is empty.
    return null;
  }
}

/** Keeps `phrase` on this device. Returns whether the device let us. */
export function storePhrase(phrase: string): boolean {
  try {
    localStorage.setItem(PHRASE_KEY, phrase);
    return true;
  } catch {
    return false;
  }
}

/** Forgets the phrase here: an account leads back to its speaker from now on. */
export function forgetPhrase(): void {
  try {
    localStorage.removeItem(PHRASE_KEY);
  } catch {
    // Storage switched off holds no phrase.
  }
}

/** `phrase` as the server knows it: lower case, single spaces. */
export function normalisePhrase(phrase: string): string {
  return phrase.normalize("NFC").trim().toLowerCase().split(/\s+/).join(" ");
}

/** Makes this session the speaker's whose phrase it is, and keeps the phrase unless told not to. */
export async function recover(phrase: string, { keep = true } = {}): Promise<void> {
  const words = normalisePhrase(phrase);
  await request("POST", "speakers/recover", { json: { recovery_phrase: words } });
  if (keep) storePhrase(words);
}

let recovering: Promise<void> | null = null;

/** One recovery for all who need it at the same time. */
function recoverOnce(phrase: string): Promise<void> {
  recovering ??= recover(phrase).finally(() => (recovering = null));
  return recovering;
}

/**
 * Does `call`; when the session has forgotten the speaker but the device has not, recovers
 * the speaker and does it once more.
 */
export async function asSpeaker<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const phrase = storedPhrase();
    if (!(error instanceof Problem) || error.code !== "speaker_unknown" || !phrase) throw error;
    await recoverOnce(phrase).catch(ignoreUnknownPhrase);
    return call();
  }
}

/**
 * Brings back the speaker whose phrase this device holds, if the session has lost them: who
 * comes back after a year must not become a second person by agreeing once more.
 */
export async function restoreSpeaker(): Promise<void> {
  const phrase = storedPhrase();
  if (!phrase) return;
  try {
    await request("GET", "speakers/me");
  } catch (error) {
    if (!(error instanceof Problem) || ![403, 404].includes(error.status)) throw error;
    await recoverOnce(phrase).catch(ignoreUnknownPhrase);
  }
}

function ignoreUnknownPhrase(error: unknown): void {
  if (!(error instanceof Problem) || error.code !== "recovery_phrase_unknown") throw error;
}
