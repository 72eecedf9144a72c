/** Numbers and times as people read them, in the language of the page. */

function language(): string {
  return document.documentElement.lang || "en";
}

/** A share of 1 as a whole percentage: 0.974 becomes "97 %" in the page's own way. */
export function percent(share: number): string {
  return new Intl.NumberFormat(language(), { style: "percent" }).format(share);
}

/** A duration in seconds with one decimal and its unit. */
export function seconds(duration_s: number): string {
  const options = { style: "unit", unit: "second", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language(), options).format(duration_s);
}

/** An ISO 8601 time as a date and a time of day in the reader's own zone. */
export function moment(iso: string): string {
  const options = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(language(), options).format(new Date(iso));
}

/** A day in UTC, as the server keeps of what was taken back, as a date. */
export function day(iso: string): string {
  const options = { dateStyle: "medium", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(language(), options).format(new Date(iso));
}

/** A number of bytes in kilobytes, or megabytes from a thousand of those on. */
export function fileSize(num_bytes: number): string {
  const [value, unit] = num_bytes < 1e6 ? [num_bytes / 1e3, "kilobyte"] : [num_bytes / 1e6, "megabyte"];
  const options = { style: "unit", unit, maximumSignificantDigits: 2 } as const;
  return new Intl.NumberFormat(language(), options).format(value);
}
