import { afterEach, describe, expect, it, vi } from "vitest";
import { t, tn } from "./text";
import { uuid4 } from "./uuid";

afterEach(() => vi.unstubAllGlobals());

describe("texts", () => {
  it("are English without a catalogue, with their values filled in", () => {
    expect(t("{number} of {total}", { number: 3, total: 10 })).toBe("3 of 10");
    expect(t("{unknown} stays")).toBe("{unknown} stays");
    expect(tn("{count} clip", "{count} clips", 1)).toBe("1 clip");
    expect(tn("{count} clip", "{count} clips", 0)).toBe("0 clips");
  });

  it("are translated before their values are filled in", () => {
    vi.stubGlobal("gettext", (text: string) => (text === "{n} of {m}" ? "{n} von {m}" : text));
    vi.stubGlobal("ngettext", (_: string, __: string, count: number) => (count === 1 ? "ein Clip" : "{count} Clips"));
    expect(t("{n} of {m}", { n: 1, m: 2 })).toBe("1 von 2");
    expect(tn("{count} clip", "{count} clips", 5)).toBe("5 Clips");
  });
});

describe("uuid4", () => {
  it("makes valid and different ids", () => {
    const ids = Array.from({ length: 500 }, uuid4);
    expect(new Set(ids).size).toBe(500);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});
