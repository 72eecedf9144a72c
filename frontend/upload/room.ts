/** Whether this device has room, asked before anybody speaks. */

import { openDB } from "idb";
import { isQuotaExceeded } from "./store";

/** Two takes of a minute each as WAV (48 kHz, 16 bits, mono), which no usual take comes near. */
const NEEDED_BYTES = 12_000_000;

/** A try this large is answered by the disk itself; it holds a minute and a half of FLAC. */
const TRIED_BYTES = 4_000_000;
/** `getRandomValues` fills no more than that at once. */
const RANDOM_BYTES = 65_536;
const TRY_EVERY_MS = 60_000;

let lastSuccess_ms = -Infinity;

/**
 * Whether the device can keep a few more takes. True where nothing tells: then only the attempt
 * to keep one (`DeviceFull`) will. `tryToWrite` is the disk; tests bring their own.
 */
export async function roomForTakes(tryToWrite = writeAndDelete): Promise<boolean> {
  if (!(await estimatedRoom())) return false;
  // Chromium's estimate says 10 GiB whatever the disk has left, so that sites cannot recognise
  // people by it. Hence the try, though not before every word of a quick set.
  if (performance.now() - lastSuccess_ms < TRY_EVERY_MS) return true;
  const fits = await tryToWrite();
  if (fits) lastSuccess_ms = performance.now();
  return fits;
}

async function estimatedRoom(): Promise<boolean> {
  if (!canAskStorage("estimate")) return true;
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined || quota - usage >= NEEDED_BYTES;
  } catch (error) {
    console.warn("The browser does not say how much room there is:", error);
    return true;
  }
}

async function writeAndDelete(): Promise<boolean> {
  try {
    const database = await openDB("choir-room", 1, {
      upgrade: (db) => void db.createObjectStore("tries"),
    });
    try {
      await database.put("tries", noise(), "try");
      return true;
    } finally {
      await database.clear("tries");
      database.close();
    }
  } catch (error) {
    if (isQuotaExceeded(error)) return false;
    console.warn("Whether there is room could not be tried:", error);
    return true;
  }
}

/** Random, as browsers compress what they store. */
function noise(): Uint8Array {
  const bytes = new Uint8Array(TRIED_BYTES);
  for (let at = 0; at < TRIED_BYTES; at += RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES));
  }
  return bytes;
}

/**
 * Asks the browser not to clear what Choir keeps when the disk runs low. Returns whether it
 * promised. Firefox asks the person, so this belongs after a gesture, such as the first consent.
 */
export async function askToPersist(): Promise<boolean> {
  if (!canAskStorage("persist")) return false;
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch (error) {
    console.warn("The browser makes no promise to keep takes:", error);
    return false;
  }
}

/** Pages that are not secure have no `navigator.storage`, whatever the types say. */
function canAskStorage(what: keyof StorageManager): boolean {
  return "storage" in navigator && what in navigator.storage;
}
