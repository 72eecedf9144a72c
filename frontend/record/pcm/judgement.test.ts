import { describe, expect, it } from "vitest";
import { isClipped, judge, judgeNoise, type Trouble } from "./judgement";
import type { PcmTake } from "./take-buffer";

const RATE_HZ = 16_000;
const FLOOR_DBFS = -60;

/** A tone of 300 Hz in pieces: amplitude (0 to 1) for a duration in seconds. */
function take(...pieces: readonly (readonly [amplitude: number, duration_s: number])[]): PcmTake {
  const samples = pieces.flatMap(([amplitude, duration_s]) =>
    Array.from({ length: Math.round(duration_s * RATE_HZ) }, (_, i) =>
      Math.round(32_767 * amplitude * Math.sin((2 * Math.PI * 300 * i) / RATE_HZ)),
    ),
  );
  return { channels: [Int16Array.from(samples)], sampling_rate_hz: RATE_HZ, gaps: 0 };
}

const ROOM = [0.0005, 0.3] as const;

describe("a take", () => {
  it.each<[string, PcmTake, Trouble | null]>([
    ["good", take(ROOM, [0.3, 0.5], ROOM), null],
    ["all zeros", take([0, 1]), "silent"],
    ["only the room", take([0.0005, 1]), "unheard"],
    ["a click", take(ROOM, [0.5, 0.01], ROOM), "unheard"],
    ["very quiet", take(ROOM, [0.012, 0.5], ROOM), "quiet"],
    ["begun too late", take([0.3, 0.5], ROOM), "cut-start"],
    ["ended too early", take(ROOM, [0.3, 0.5]), "cut-end"],
  ])("that is %s", (_, made, trouble) => {
    expect(judge(made, FLOOR_DBFS).trouble).toBe(trouble);
  });

  it("is clipped when several samples in a row stand at full scale, and not by one peak", () => {
    expect(isClipped(Int16Array.of(0, 32_767, 32_767, 32_767, 32_767, 0))).toBe(true);
    expect(isClipped(Int16Array.of(0, -32_768, -32_768, -32_768, -32_768, 0))).toBe(true);
    expect(isClipped(Int16Array.of(0, 32_767, 0, 32_767, 0, 32_767, 0, 32_767))).toBe(false);
    expect(judge(clipped(), FLOOR_DBFS).trouble).toBe("clipped");
  });

  it("is marked a little outside of where speech is", () => {
    const { marks } = judge(take(ROOM, [0.3, 0.5], ROOM), FLOOR_DBFS);
    expect(marks!.start_s).toBeGreaterThan(0.15);
    expect(marks!.start_s).toBeLessThan(0.25);
    expect(marks!.end_s).toBeGreaterThan(0.85);
    expect(marks!.end_s).toBeLessThanOrEqual(1.1);
  });

  it("has no marks where nobody speaks, and none outside of itself", () => {
    expect(judge(take([0.0005, 1]), FLOOR_DBFS).marks).toBeNull();
    const { marks } = judge(take([0.3, 0.5]), FLOOR_DBFS);
    expect(marks).toEqual({ start_s: 0, end_s: 0.5 });
  });

  it("is noisy where the voice stands little out of the room", () => {
    expect(judge(take(ROOM, [0.3, 0.5], ROOM), -27).noisy).toBe(true);
    expect(judge(take(ROOM, [0.3, 0.5], ROOM), FLOOR_DBFS).noisy).toBe(false);
  });

  it("of the room is good unless the microphone is dead", () => {
    expect(judgeNoise(take([0.0005, 1])).trouble).toBeNull();
    expect(judgeNoise(take([0, 1])).trouble).toBe("silent");
  });
});

function clipped(): PcmTake {
  const { channels, ...rest } = take(ROOM, [0.9, 0.5], ROOM);
  return { ...rest, channels: [channels[0]!.map((s) => Math.max(-32_768, Math.min(32_767, 2 * s)))] };
}
