/**
 * An address that carries a recovery phrase in its fragment, which browsers keep to themselves:
 * no server, log or referrer ever sees it.
 */

const RECOVER_PATH = "/me/recover/";

/** Where `phrase` leads back to its speaker; for a QR code, and for nothing that is sent. */
export function phraseLink(origin: string, phrase: string): string {
  return `${origin}${RECOVER_PATH}#${phrase.split(" ").map(encodeURIComponent).join("-")}`;
}

/** The phrase in a fragment such as `#abandon-ability-able`, or blank. */
export function phraseOfFragment(hash: string): string {
  try {
    return decodeURIComponent(hash.replace(/^#/, "")).replace(/[-+\s]+/g, " ").trim();
  } catch {
    // A fragment that was cut short inside an escape is no phrase.
    return "";
  }
}
