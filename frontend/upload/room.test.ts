import { afterEach, describe, expect, it, vi } from "vitest";
import { askToPersist, roomForTakes } from "./room";

const withStorage = (storage: object | undefined): void => {
  vi.stubGlobal("navigator", storage ? { storage } : {});
};

afterEach(() => vi.unstubAllGlobals());

const written = (): Promise<boolean> => Promise.resolve(true);

describe("room for a few more takes", () => {
  it.each([
    [{ quota: 20e6, usage: 1e6 }, true],
    [{ quota: 13e6, usage: 1e6 }, true],
    [{ quota: 12e6, usage: 1e6 }, false],
    [{ quota: 5e6, usage: 6e6 }, false],
    [{}, true],
  ])("%j", async (estimate, expected) => {
    withStorage({ estimate: () => Promise.resolve(estimate) });
    expect(await roomForTakes(written)).toBe(expected);
  });

  it("is assumed where the browser does not tell", async () => {
    withStorage(undefined);
    expect(await roomForTakes(written)).toBe(true);
    vi.spyOn(console, "warn").mockImplementation(() => {});
    withStorage({ estimate: () => Promise.reject(new TypeError("private")) });
    expect(await roomForTakes(written)).toBe(true);
  });
});

describe("a disk that is fuller than the browser says", () => {
  it("is found out by trying, again each time until it has room, and then not for a minute", async () => {
    vi.useFakeTimers({ now: 10_000_000, toFake: ["performance"] });
    withStorage({ estimate: () => Promise.resolve({ quota: 10e9, usage: 0 }) });
    vi.advanceTimersByTime(100_000);
    const write = vi.fn<() => Promise<boolean>>().mockResolvedValueOnce(false);
    write.mockResolvedValueOnce(false).mockResolvedValue(true);
    expect(await roomForTakes(write)).toBe(false);
    expect(await roomForTakes(write)).toBe(false);
    expect(await roomForTakes(write)).toBe(true);
    expect(await roomForTakes(write)).toBe(true);
    expect(write).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(61_000);
    expect(await roomForTakes(write)).toBe(true);
    expect(write).toHaveBeenCalledTimes(4);
    vi.useRealTimers();
  });
});

describe("the browser's promise to keep takes", () => {
  it.each([
    [true, false, true],
    [false, true, true],
    [false, false, false],
  ])("persisted before: %s, granted: %s", async (before, granted, expected) => {
    const persist = vi.fn(() => Promise.resolve(granted));
    withStorage({ persisted: () => Promise.resolve(before), persist });
    expect(await askToPersist()).toBe(expected);
    expect(persist).toHaveBeenCalledTimes(before ? 0 : 1);
  });

  it("is none where it cannot be asked for", async () => {
    withStorage(undefined);
    expect(await askToPersist()).toBe(false);
  });
});
