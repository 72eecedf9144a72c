/** Whether this device has room, asked before anybody speaks. */

/** Two takes of a minute each as WAV (48 kHz, 16 bits, mono), which no usual take comes near. */
const NEEDED_BYTES = 12_000_000;

/**
 * Whether the device can keep a few more takes. True where the browser does not tell: then only
 * the attempt to keep one (`DeviceFull`) will.
 */
export async function roomForTakes(): Promise<boolean> {
  if (!canAskStorage("estimate")) return true;
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined || quota - usage >= NEEDED_BYTES;
  } catch (error) {
    console.warn("The browser does not say how much room there is:", error);
    return true;
  }
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
