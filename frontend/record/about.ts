/** The questions about oneself, which come after the first set, and only then over the wire. */
export async function loadAbout(): Promise<void> {
  await import("../speaker/choir-about");
}
