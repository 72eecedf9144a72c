import { describe, expect, it } from "vitest";
import { gainFor, peakOf, readPeaks, type Peaks } from "./peaks";

function file(pairs: number[], num_samples = 16_000): ArrayBuffer {
  const bytes = new ArrayBuffer(16 + pairs.length);
  new Uint8Array(bytes).set([67, 72, 80, 75]);
  const view = new DataView(bytes);
  view.setUint16(4, 1, true);
  view.setUint16(6, 16, true);
  view.setUint32(8, num_samples, true);
  view.setUint32(12, 20, true);
  new Int8Array(bytes, 16).set(pairs);
  return bytes;
}

const level = (height: number, count = 100): Peaks => ({
  pairs: Int8Array.from({ length: 2 * count }, (_, i) => (i % 2 ? height : -height)),
  duration_s: 1,
});

describe("peaks", () => {
  it("are read with their duration", () => {
    const peaks = readPeaks(file([-64, 32, -1, 1], 24_000));
    expect([...peaks.pairs]).toEqual([-64, 32, -1, 1]);
    expect(peaks.duration_s).toBe(1.5);
    expect(peakOf(peaks)).toBe(0.5);
  });

  it.each([new ArrayBuffer(0), new ArrayBuffer(64)])("are refused where they are none", (bytes) => {
    expect(() => readPeaks(bytes)).toThrow("no file of peaks");
  });
});

describe("the gain for the ear", () => {
  it.each([
    ["leaves a clip of the right level", 45, 1],
    ["lifts a quiet one", 9, 5],
    ["lifts a nearly silent one only so far", 1, 16],
    ["lowers a loud one", 120, 0.5],
  ])("%s", (_, height, expected) => {
    expect(gainFor(level(height))).toBeCloseTo(expected, 0);
  });

  it("never clips: a loud click in a quiet clip holds it down", () => {
    const peaks = level(6);
    peaks.pairs[1] = 127;
    expect(gainFor(peaks) * peakOf(peaks)).toBeLessThanOrEqual(0.96);
  });
});
