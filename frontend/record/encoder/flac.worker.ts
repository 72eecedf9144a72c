/** Encodes FLAC away from the page, so that the page stays smooth. */

import memoryUrl from "libflacjs/dist/libflac.min.js.mem?url";
import { encodeFlac, ready } from "./flac";

export interface FlacRequest {
  id: number;
  channels: Int16Array[];
  sampling_rate_hz: number;
}

export type FlacReply = { id: number; bytes: ArrayBuffer } | { id: number; error: string };

// The library looks for its memory image under this name, and it does so when it is loaded.
Object.assign(globalThis, { FLAC_SCRIPT_LOCATION: { "libflac.min.js.mem": memoryUrl } });
const loading = import("libflacjs/dist/libflac.min.js").then(async ({ default: library }) => {
  await ready(library);
  return library;
});

async function answer({ id, channels, sampling_rate_hz }: FlacRequest): Promise<FlacReply> {
  try {
    return { id, bytes: encodeFlac(await loading, channels, sampling_rate_hz) };
  } catch (error) {
    return { id, error: String(error) };
  }
}

globalThis.onmessage = async (event: MessageEvent<FlacRequest>) => {
  postMessage(await answer(event.data));
};
