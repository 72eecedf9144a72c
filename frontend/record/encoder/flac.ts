import type * as Flac from "libflacjs/dist/libflac.min.js";
import { interleave } from "../pcm/samples";

type FlacLibrary = typeof Flac;

const LEVEL = 5;
const BITS_PER_SAMPLE = 16;
const CHUNK_FRAMES = 65_536;
/** "fLaC", a block header, then STREAMINFO (RFC 9639, section 8.2). */
const STREAMINFO_OFFSET = 8;

/** Resolves when the library has loaded its memory image. */
export function ready(library: FlacLibrary): Promise<void> {
  if (library.isReady()) return Promise.resolve();
  return new Promise((resolve) => library.on("ready", () => resolve()));
}

/** Fills in what is only known at the end: the frame sizes and the MD5 of the samples. */
function completeStreamInfo(file: Uint8Array<ArrayBuffer>, info: Flac.StreamMetadata): void {
  const view = new DataView(file.buffer, STREAMINFO_OFFSET, 34);
  const uint24 = (offset: number, value: number): void => {
    view.setUint8(offset, value >> 16);
    view.setUint16(offset + 1, value & 0xffff);
  };
  uint24(4, info.min_framesize);
  uint24(7, info.max_framesize);
  for (let i = 0; i < 16; i++) {
    view.setUint8(18 + i, parseInt(info.md5sum.slice(2 * i, 2 * i + 2), 16));
  }
}

/** Feeds all samples to `encoder`, as 32-bit integers, as the library wants them. */
function feed(library: FlacLibrary, encoder: number, channels: readonly Int16Array[]): boolean {
  const frames = channels[0]?.length ?? 0;
  for (let start = 0; start < frames; start += CHUNK_FRAMES) {
    const part = channels.map((channel) => channel.subarray(start, start + CHUNK_FRAMES));
    const samples = Int32Array.from(interleave(part));
    const count = part[0]!.length;
    if (!library.FLAC__stream_encoder_process_interleaved(encoder, samples, count)) return false;
  }
  return library.FLAC__stream_encoder_finish(encoder);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** A FLAC file, 16-bit, of planar `channels`. Throws when the library refuses. */
export function encodeFlac(
  library: FlacLibrary,
  channels: readonly Int16Array[],
  sampling_rate_hz: number,
): ArrayBuffer {
  const frames = channels[0]?.length ?? 0;
  const encoder = library.create_libflac_encoder(
    sampling_rate_hz, channels.length, BITS_PER_SAMPLE, LEVEL, frames, false, 0,
  );
  if (encoder === 0) throw new Error("out of memory for the FLAC encoder");
  const parts: Uint8Array[] = [];
  let info: Flac.StreamMetadata | undefined;
  try {
    const status = library.init_encoder_stream(
      encoder,
      (bytes) => void parts.push(bytes.slice()),
      (metadata) => void (info = metadata),
    );
    if (status !== 0) throw new Error(`FLAC cannot hold ${sampling_rate_hz} Hz (${status})`);
    if (!feed(library, encoder, channels)) throw new Error("the FLAC encoder failed");
  } finally {
    library.FLAC__stream_encoder_delete(encoder);
  }
  const file = join(parts);
  if (info) completeStreamInfo(file, info);
  return file.buffer;
}
