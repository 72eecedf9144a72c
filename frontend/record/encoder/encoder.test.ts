import { createRequire } from "node:module";
import type * as Flac from "libflacjs/dist/libflac.min.js";
import { describe, expect, it } from "vitest";
import { encodeFlac, ready } from "./flac";
import { encodeWav } from "./wav";

const RATE_HZ = 48_000;

/** Something like speech: a gliding tone with pauses and noise, `duration_s` long. */
function speechLike(duration_s: number, seed: number): Int16Array {
  let state = seed;
  return Int16Array.from({ length: Math.round(duration_s * RATE_HZ) }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const time_s = i / RATE_HZ;
    const tone = Math.sin(2 * Math.PI * (120 + 40 * Math.sin(time_s)) * time_s);
    const voiced = Math.sin(3 * time_s) > 0 ? 12_000 : 0;
    return Math.round(voiced * tone + (state / 2 ** 32 - 0.5) * 300);
  });
}

async function library(): Promise<typeof Flac> {
  const require = createRequire(import.meta.url);
  const loaded = require("libflacjs/dist/libflac.min.js") as typeof Flac;
  await ready(loaded);
  return loaded;
}

/** The samples of `file`, planar, by the library's decoder with its MD5 check switched on. */
function decode(flac: typeof Flac, file: ArrayBuffer): { channels: number[][]; md5Agrees: boolean } {
  const bytes = new Uint8Array(file);
  const channels: number[][] = [];
  let offset = 0;
  const decoder = flac.create_libflac_decoder(true);
  flac.init_decoder_stream(
    decoder,
    (wanted) => {
      const part = bytes.subarray(offset, offset + wanted);
      offset += part.length;
      return { buffer: part, readDataLength: part.length, error: false };
    },
    (planes) => {
      planes.forEach((plane, c) => {
        const view = new DataView(plane.buffer, plane.byteOffset, plane.byteLength);
        const channel = (channels[c] ??= []);
        for (let i = 0; i < plane.byteLength; i += 2) channel.push(view.getInt16(i, true));
      });
    },
    (code, description) => {
      throw new Error(`${code} ${description}`);
    },
  );
  flac.FLAC__stream_decoder_process_until_end_of_stream(decoder);
  // Typed as a boolean, but a C one: 0 or 1.
  const md5Agrees = Number(flac.FLAC__stream_decoder_finish(decoder)) === 1;
  flac.FLAC__stream_decoder_delete(decoder);
  return { channels, md5Agrees };
}

describe("encodeFlac", () => {
  it("keeps every sample of 25 seconds", { timeout: 30_000 }, async () => {
    const flac = await library();
    const samples = speechLike(25, 1);
    const file = encodeFlac(flac, [samples], RATE_HZ);
    const { channels, md5Agrees } = decode(flac, file);
    expect(channels).toHaveLength(1);
    expect(Int16Array.from(channels[0]!)).toEqual(samples);
    expect(md5Agrees).toBe(true);
    expect(file.byteLength).toBeLessThan(samples.byteLength);
  });

  it("keeps two channels that differ, and full scale", async () => {
    const flac = await library();
    const left = Int16Array.from({ length: 10_000 }, (_, i) => (i % 2 === 0 ? 32_767 : -32_768));
    const right = speechLike(10_000 / RATE_HZ, 2);
    const { channels, md5Agrees } = decode(flac, encodeFlac(flac, [left, right], 44_100));
    expect(Int16Array.from(channels[0]!)).toEqual(left);
    expect(Int16Array.from(channels[1]!)).toEqual(right);
    expect(md5Agrees).toBe(true);
  });

  it("writes an MD5 that a decoder holds it to", async () => {
    const flac = await library();
    const file = encodeFlac(flac, [speechLike(1, 4)], RATE_HZ);
    const firstByteOfMd5 = new Uint8Array(file, 26, 1);
    firstByteOfMd5[0]! ^= 1;
    expect(decode(flac, file).md5Agrees).toBe(false);
  });

  it("says in its header what it holds (RFC 9639, section 8.2)", async () => {
    const samples = speechLike(1.5, 3);
    const view = new DataView(encodeFlac(await library(), [samples], RATE_HZ));
    const packed = view.getBigUint64(18);
    expect(Number(packed >> 44n)).toBe(RATE_HZ);
    expect(Number((packed >> 41n) & 7n) + 1).toBe(1);
    expect(Number((packed >> 36n) & 31n) + 1).toBe(16);
    expect(Number(packed & 0xf_ffff_ffffn)).toBe(samples.length);
  });

  it("refuses a rate that FLAC cannot hold", async () => {
    const flac = await library();
    expect(() => encodeFlac(flac, [Int16Array.of(1)], 1_500_000)).toThrow("FLAC cannot hold");
  });
});

describe("encodeWav", () => {
  it("can be read back by the chunks of its header", () => {
    const channels = [Int16Array.of(1, -2, 32_767), Int16Array.of(-32_768, 5, 0)];
    const file = encodeWav(channels, 44_100);
    const view = new DataView(file);
    const ascii = (at: number): string => String.fromCharCode(...new Uint8Array(file, at, 4));
    expect([ascii(0), ascii(8), ascii(12), ascii(36)]).toEqual(["RIFF", "WAVE", "fmt ", "data"]);
    expect(view.getUint32(4, true)).toBe(file.byteLength - 8);
    expect(view.getUint16(22, true)).toBe(2);
    expect(view.getUint32(24, true)).toBe(44_100);
    expect(view.getUint32(28, true)).toBe(44_100 * 4);
    expect(view.getUint32(40, true)).toBe(12);
    expect([...new Int16Array(file, 44)]).toEqual([1, -32_768, -2, 5, 32_767, 0]);
  });
});
