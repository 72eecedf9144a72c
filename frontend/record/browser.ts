/** The short names under which browsers go in their user agent, the more special ones first. */
const NAMES: readonly [RegExp, string][] = [
  [/\bEdg(?:A|iOS)?\/(\d+)/, "Edge"],
  [/\bSamsungBrowser\/(\d+)/, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/, "Chromium"],
  [/\bVersion\/(\d+)[.\d]* .*Safari\//, "Safari"],
];

/** Name and major version, such as "Safari 18", or "other". Told with each take, and no more. */
export function browserName(user_agent: string): string {
  for (const [pattern, name] of NAMES) {
    const version = pattern.exec(user_agent)?.[1];
    if (version) return `${name} ${version}`;
  }
  return "other";
}

/** Browsers inside of other apps, most of which may not record. */
const IN_APP = /FBAN|FBAV|Instagram|Line\/|MicroMessenger|TikTok|musical_ly|Snapchat|; wv\)/;

export function isInApp(user_agent: string): boolean {
  return IN_APP.test(user_agent);
}
