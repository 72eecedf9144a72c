import { describe, expect, it } from "vitest";
import { Problem } from "../api/problem";
import * as queue from "./queue";

const problem = (status: number): Problem => new Problem(status, `http_${status}`, "Because.");
const waiting = (id: string, not_before = 0): queue.Queued => ({
  id,
  progress: { status: "waiting", attempts: 0, not_before },
});
const sending = (id: string): queue.Queued => ({ id, progress: { status: "sending", attempts: 1 } });

describe("what may be tried again", () => {
  it.each([0, 408, 425, 429, 500, 502, 503, 504])("status %i", (status) => {
    expect(queue.isTransient(problem(status))).toBe(true);
  });

  it.each([400, 401, 403, 404, 409, 411, 413, 415, 422])("not status %i", (status) => {
    expect(queue.isTransient(problem(status))).toBe(false);
  });

  it("not a defect of our own", () => {
    expect(queue.isTransient(Problem.of(new TypeError("x is undefined")))).toBe(false);
  });
});

describe("the back-off", () => {
  it("doubles from one second to a minute, with jitter downwards", () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((n) => queue.backoff_ms(n, 1));
    expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(queue.backoff_ms(3, 0)).toBe(2000);
    expect(queue.backoff_ms(3, 0.5)).toBe(3000);
  });
});

describe("the queue", () => {
  it("sends three at a time, the oldest first", () => {
    const items = ["a", "b", "c", "d"].map((id) => waiting(id));
    expect(queue.due(items, 0).map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(queue.due([sending("x"), sending("y"), ...items], 0).map(({ id }) => id)).toEqual(["a"]);
    expect(queue.due([sending("x"), sending("y"), sending("z"), ...items], 0)).toEqual([]);
  });

  it("lets those wait whose time has not come, and knows when it comes", () => {
    const items = [waiting("later", 500), waiting("soon", 200)];
    expect(queue.due(items, 100)).toEqual([]);
    expect(queue.nextDue_ms(items)).toBe(200);
    expect(queue.due(items, 200).map(({ id }) => id)).toEqual(["soon"]);
    expect(queue.nextDue_ms([sending("x")])).toBeNull();
  });

  it("waits after a transient problem and ends with the reason after a final one", () => {
    const first = queue.sending(queue.START);
    expect(queue.afterProblem(first, problem(503), 10_000, 1)).toEqual({
      status: "waiting",
      attempts: 1,
      not_before: 11_000,
    });
    expect(queue.afterProblem(first, problem(403), 10_000, 1)).toEqual({
      status: "failed",
      attempts: 1,
      reason: "Because.",
    });
  });

  it("tries again after a reload what was under way, but not what was refused", () => {
    expect(queue.revived({ status: "sending", attempts: 2 })).toMatchObject({ status: "waiting", not_before: 0 });
    expect(queue.revived({ status: "waiting", attempts: 2, not_before: 9e15 })).toMatchObject({ not_before: 0 });
    const failed: queue.Progress = { status: "failed", attempts: 1, reason: "Because." };
    expect(queue.revived(failed)).toEqual(failed);
  });
});
