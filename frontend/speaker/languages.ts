/** Languages by name and by BCP 47 tag, in the language of the page. */

// The two-letter codes of ISO 639 for languages that people grow up with.
const CODES =
  "af ak am ar as av ay az ba be bg bm bn bo br bs ca ce co cs cv cy da de dv dz ee el en es et eu fa " +
  "ff fi fo fr fy ga gd gl gn gu gv ha he hi hr ht hu hy id ig ii is it iu ja jv ka kg ki kk kl km kn " +
  "ko ks ku kw ky lb lg ln lo lt lu lv mg mi mk ml mn mr ms mt my nb nd ne nl nn nr ny oc om or os pa " +
  "pl ps pt qu rm rn ro ru rw sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl " +
  "tn to tr ts tt ty ug uk ur uz ve vi wo xh yi yo za zh zu";
const TAG = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i;

export interface Language {
  tag: string;
  name: string;
}

function names(): Intl.DisplayNames {
  return new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" });
}

/** The name of a tag's language, or the tag itself where nobody knows a name. */
export function languageName(tag: string): string {
  try {
    return names().of(tag) ?? tag;
  } catch {
    // Not a tag that this browser can read: shown as it is.
    return tag;
  }
}

/** Languages to choose from, by name. */
export function knownLanguages(): Language[] {
  const named = CODES.split(" ").map((tag) => ({ tag, name: languageName(tag) }));
  return named.sort((one, other) => one.name.localeCompare(other.name));
}

/** The tag that was meant by a language's name or by a tag; null for neither. */
export function tagOf(typed: string, languages: readonly Language[]): string | null {
  const wanted = typed.trim().toLowerCase();
  const named = languages.find(({ name }) => name.toLowerCase() === wanted);
  if (named) return named.tag;
  // A name that nobody knows looks like a tag of one part: only a short one is believed.
  const [first = ""] = wanted.split("-");
  return TAG.test(wanted) && first.length <= 3 ? wanted : null;
}

/** What the browser's own settings suggest. */
export function likelyLanguages(): string[] {
  const tags = navigator.languages.map((tag) => tag.split("-")[0]!.toLowerCase());
  return [...new Set(tags)].slice(0, 3);
}
