/** What this device remembers of how its speaker likes to record. */

export type Preference = "hands_free" | "single_keys";

const keyOf = (name: Preference): string => `choir.${name}`;

/** Whether `name` is on; both are until somebody switches them off. */
export function prefers(name: Preference): boolean {
  try {
    return localStorage.getItem(keyOf(name)) !== "off";
  } catch {
    // Storage switched off is the same to us as storage that is empty.
    return true;
  }
}

export function remember(name: Preference, on: boolean): void {
  try {
    localStorage.setItem(keyOf(name), on ? "on" : "off");
  } catch (error) {
    console.warn("This device does not remember how you like to record:", error);
  }
}
