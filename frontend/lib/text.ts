/** Interface texts. English stands in the source; Django's JavaScript catalogue translates it. */

// From the catalogue, where a page has loaded it.
declare global {
  var gettext: ((msgid: string) => string) | undefined;
  var ngettext: ((singular: string, plural: string, count: number) => string) | undefined;
}

type Values = Readonly<Record<string, string | number>>;

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The translation of `text`, with each `{name}` replaced by the value of that name. */
export function t(text: string, values: Values = {}): string {
  return fill(globalThis.gettext?.(text) ?? text, values);
}

/** As `t`, for a text that depends on `count`, which is also available as `{count}`. */
export function tn(singular: string, plural: string, count: number, values: Values = {}): string {
  const english = count === 1 ? singular : plural;
  const text = globalThis.ngettext?.(singular, plural, count) ?? english;
  return fill(text, { count, ...values });
}
