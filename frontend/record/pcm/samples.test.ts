import { describe, expect, it } from "vitest";
import { PeakHold, SILENCE_DBFS, meterShare, peakDbfs, wordFor } from "./level";
import { concatenate, interleave, peaks, toInt16, withoutCopies } from "./samples";

const int16 = (...samples: number[]): Int16Array => Int16Array.from(samples);

describe("toInt16", () => {
  it("gives back every 16-bit integer that a device can have given", () => {
    const all = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
    expect(toInt16(Float32Array.from(all, (sample) => sample / 32_768))).toEqual(all);
  });

  it("rounds to the nearest and clamps what is beyond full scale", () => {
    const floats = Float32Array.of(0.4 / 32_768, 0.6 / 32_768, -0.6 / 32_768, 1, 1.7, -1.2);
    expect(toInt16(floats)).toEqual(int16(0, 1, -1, 32_767, 32_767, -32_768));
  });
});

describe("withoutCopies", () => {
  it("keeps one of two channels that are alike", () => {
    expect(withoutCopies([int16(1, 2, 3), int16(1, 2, 3)])).toEqual([int16(1, 2, 3)]);
  });

  it("keeps both when a single sample differs, also the last", () => {
    const channels = [int16(1, 2, 3), int16(1, 2, 4)];
    expect(withoutCopies(channels)).toEqual(channels);
  });

  it("keeps what is mono or empty", () => {
    expect(withoutCopies([int16(5)])).toEqual([int16(5)]);
    expect(withoutCopies([])).toEqual([]);
  });
});

describe("joining samples", () => {
  it("interleaves and concatenates", () => {
    expect(interleave([int16(1, 2), int16(3, 4)])).toEqual(int16(1, 3, 2, 4));
    expect(concatenate([int16(1), int16(), int16(2, 3)])).toEqual(int16(1, 2, 3));
  });

  it("draws the largest magnitude of each stretch", () => {
    expect([...peaks(int16(0, -16_384, 8_192, 0), 2)]).toEqual([0.5, 0.25]);
  });
});

describe("levels", () => {
  it("are peaks in dBFS over all channels", () => {
    expect(peakDbfs([int16(0, 0), int16(0, -32_768)])).toBe(0);
    expect(peakDbfs([int16(16_384)])).toBeCloseTo(-6.02, 2);
    expect(peakDbfs([int16(0, 0)])).toBe(SILENCE_DBFS);
    expect(peakDbfs([])).toBe(SILENCE_DBFS);
  });

  it("say in words what a speaker should know", () => {
    expect([SILENCE_DBFS, -50, -12, -0.5].map(wordFor)).toEqual(["silent", "quiet", "good", "loud"]);
  });

  it("stand on a meter of 60 dB", () => {
    expect([-90, -60, -30, 0].map(meterShare)).toEqual([0, 0, 0.5, 1]);
  });

  it("fall slowly after a peak", () => {
    const hold = new PeakHold();
    hold.update(-6, 0.01);
    expect(hold.update(-80, 1)).toBe(-21);
    expect(hold.update(-10, 0.01)).toBe(-10);
  });
});
