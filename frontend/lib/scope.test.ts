import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Poller } from "./poller";
import { Scope } from "./scope";
import { within } from "./time";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("Scope", () => {
  it("ends listeners and timers when it is disposed of", () => {
    const scope = new Scope();
    const target = new EventTarget();
    const heard = vi.fn();
    scope.listen(target, "x", heard);
    scope.timeout(10, heard);
    target.dispatchEvent(new Event("x"));
    scope.dispose();
    target.dispatchEvent(new Event("x"));
    vi.runAllTimers();
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("cleans up once each, the latest first, and at once when it is over already", () => {
    const scope = new Scope();
    const order: string[] = [];
    scope.own(() => order.push("first"));
    const early = scope.own(() => order.push("early"));
    scope.own(() => order.push("last"));
    early();
    scope.dispose();
    scope.dispose();
    scope.own(() => order.push("late"));
    expect(order).toEqual(["early", "last", "first", "late"]);
  });
});

describe("within", () => {
  it("rejects what takes too long and leaves no timer behind otherwise", async () => {
    const never = within(new Promise(() => {}), 50, "too slow");
    const caught = expect(never).rejects.toThrow("too slow");
    await vi.advanceTimersByTimeAsync(50);
    await caught;
    await expect(within(Promise.resolve(7), 50, "too slow")).resolves.toBe(7);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("Poller", () => {
  it("asks more and more slowly while nothing changes, and stops when nothing is awaited", async () => {
    vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: false }));
    const times: number[] = [];
    const start = Date.now();
    let open = true;
    const poller = new Poller(
      new Scope(),
      () => {
        times.push(Date.now() - start);
        return Promise.resolve(times.length === 3);
      },
      () => open,
    );
    poller.wake();
    await vi.advanceTimersByTimeAsync(9_000);
    // 1.5 s, then half as much again each time, and quick again after the third has news.
    expect(times).toEqual([1500, 3750, 7125, 8625]);
    open = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times).toHaveLength(5);
  });
});
