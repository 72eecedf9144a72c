/** What this device remembers of how its reviewer likes to listen. */

import type { ReviewMode } from "../api/types";

export type ReviewSwitch = "play_on_arrival" | "even_volume" | "single_keys";

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

function stored(name: string): string | null {
  try {
    return localStorage.getItem(`choir.review.${name}`);
  } catch {
    // Storage switched off is the same to us as storage that is empty.
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(`choir.review.${name}`, value);
  } catch (error) {
    console.warn("This device does not remember how you like to listen:", error);
  }
}

/** All are on until somebody switches them off. */
export function isOn(name: ReviewSwitch): boolean {
  return stored(name) !== "off";
}

export function turn(name: ReviewSwitch, on: boolean): void {
  store(name, on ? "on" : "off");
}

export function storedRate(): number {
  const rate = Number(stored("rate"));
  return (RATES as readonly number[]).includes(rate) ? rate : 1;
}

/** The next rate up or down, remembered; at the end of the range the same. */
export function stepRate(rate: number, by: 1 | -1): number {
  const at = (RATES as readonly number[]).indexOf(rate);
  const next = RATES[Math.max(0, Math.min(RATES.length - 1, at + by))] ?? 1;
  store("rate", String(next));
  return next;
}

export function storedMode(): ReviewMode | null {
  const mode = stored("mode");
  return mode === "desk" || mode === "cards" ? mode : null;
}

export function rememberMode(mode: ReviewMode): void {
  store("mode", mode);
}
