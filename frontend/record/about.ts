/** The questions about oneself, which come after the first set, and only then over the wire. */
const modules = import.meta.glob("../speaker/choir-about.ts");

/** Loads `<choir-about>`; returns whether this build has it. */
export async function loadAbout(): Promise<boolean> {
  const [load] = Object.values(modules);
  await load?.();
  return load !== undefined;
}
