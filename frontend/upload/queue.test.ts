import { describe, expect, it } from "vitest";
import { Problem } from "../api/problem";
import * as queue from "./queue";

const problem = (status: number, retry_after_ms: number | null = null): Problem =>
  new Problem(status, `http_${status}`, "Because.", retry_after_ms);
const waiting = (id: string, not_before = 0): queue.Queued => ({
  id,
  progress: { ...queue.START, not_before },
});
const sending = (id: string): queue.Queued => ({ id, progress: { status: "sending", attempts: 1 } });

describe("what may be tried again", () => {
  it.each([0, 408, 425, 429, 500, 502, 503, 504])("status %i", (status) => {
    expect(queue.isTransient(problem(status))).toBe(true);
  });

  it.each([400, 401, 403, 404, 409, 411, 413, 415, 422])("not status %i", (status) => {
    expect(queue.isTransient(problem(status))).toBe(false);
  });

  it.each(["speaker_unknown", "csrf_failed"])("%s: who asks is unclear, the take is not at fault", (code) => {
    expect(queue.isTransient(new Problem(403, code, "Who?"))).toBe(true);
  });

  it("maker_absent: its maker may be back", () => {
    expect(queue.isTransient(new Problem(403, "maker_absent", "Gone."))).toBe(true);
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
    expect(queue.due(items, queue.NO_REST, 0).map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(queue.due([sending("x"), sending("y"), ...items], queue.NO_REST, 0).map(({ id }) => id)).toEqual(["a"]);
    expect(queue.due([sending("x"), sending("y"), sending("z"), ...items], queue.NO_REST, 0)).toEqual([]);
  });

  it("lets those wait whose time has not come, and knows when it comes", () => {
    const items = [waiting("later", 500), waiting("soon", 200)];
    expect(queue.due(items, queue.NO_REST, 100)).toEqual([]);
    expect(queue.nextDue_ms(items, queue.NO_REST)).toBe(200);
    expect(queue.due(items, queue.NO_REST, 200).map(({ id }) => id)).toEqual(["soon"]);
    expect(queue.nextDue_ms([sending("x")], queue.NO_REST)).toBeNull();
  });

  it("lets a take wait for its maker, and nobody else's with it", () => {
    const absent = new Problem(403, "maker_absent", "Gone.");
    expect(queue.restAfter(queue.NO_REST, absent, 10_000, 1)).toEqual(queue.NO_REST);
    expect(queue.afterProblem(queue.sending(queue.START), absent, 10_000, 1)).toEqual({
      status: "waiting",
      attempts: 1,
      not_before: 310_000,
      reason: "Gone.",
    });
  });

  it("waits after a transient problem and ends with the reason after a final one", () => {
    const first = queue.sending(queue.START);
    expect(queue.afterProblem(first, problem(503), 10_000, 1)).toEqual({
      status: "waiting",
      attempts: 1,
      not_before: 11_000,
      reason: "Because.",
    });
    expect(queue.afterProblem(first, problem(403), 10_000, 1)).toEqual({
      status: "failed",
      attempts: 1,
      reason: "Because.",
    });
  });

  it("tries again after a reload what was under way, but not what was refused", () => {
    expect(queue.revived({ status: "sending", attempts: 2 })).toMatchObject({ status: "waiting", not_before: 0 });
    expect(queue.revived({ status: "waiting", attempts: 2, not_before: 9e15, reason: "Busy." })).toMatchObject({ not_before: 0 });
    const failed: queue.Progress = { status: "failed", attempts: 1, reason: "Because." };
    expect(queue.revived(failed)).toEqual(failed);
  });
});

describe("the queue's rest", () => {
  const down = problem(503);

  it("grows with failures in a row, and counts those together as one", () => {
    const first = queue.restAfter(queue.NO_REST, down, 10_000, 1);
    expect(first).toEqual({ failures: 1, until: 11_000, ordered: false });
    expect(queue.restAfter(first, down, 10_500, 1)).toEqual(first);
    expect(queue.restAfter(first, down, 11_000, 1)).toMatchObject({ failures: 2, until: 13_000 });
  });

  it("keeps every take waiting, also one that has never been tried", () => {
    const rest = queue.restAfter(queue.NO_REST, down, 0, 1);
    expect(queue.due([waiting("a")], rest, 500)).toEqual([]);
    expect(queue.nextDue_ms([waiting("a")], rest)).toBe(1000);
    expect(queue.due([waiting("a")], rest, 1000)).toHaveLength(1);
  });

  it("lasts as long as the server asks, and nothing but time ends that", () => {
    const asked = queue.restAfter(queue.NO_REST, problem(429, 60_000), 0, 1);
    expect(asked).toEqual({ failures: 1, until: 60_000, ordered: true });
    expect(queue.hurried(asked)).toBe(asked);
    expect(queue.restAfter(asked, down, 100, 1)).toEqual(asked);
    expect(queue.hurried(queue.restAfter(asked, down, 60_000, 1))).toEqual(queue.NO_REST);
  });

  it("does not come from a take's own refusal", () => {
    expect(queue.restAfter(queue.NO_REST, problem(422), 0, 1)).toBe(queue.NO_REST);
  });

  it("holds the take itself at least as long", () => {
    const after = queue.afterProblem(queue.sending(queue.START), problem(503, 60_000), 0, 1);
    expect(after).toMatchObject({ status: "waiting", not_before: 60_000 });
  });
});

describe("what is held up", () => {
  const at = (progress: queue.Progress): queue.Queued & { accepted_at: number } => ({
    id: "a",
    accepted_at: 1000,
    progress,
  });

  it.each<[string, queue.Progress, number, boolean]>([
    ["has just been accepted", queue.START, 1500, false],
    ["is being sent for the first time", { status: "sending", attempts: 1 }, 1500, false],
    ["is being sent once more", { status: "sending", attempts: 2 }, 1500, true],
    ["was tried in vain", { ...queue.START, attempts: 1 }, 1500, true],
    ["was refused", { status: "failed", attempts: 1, reason: "No." }, 1500, true],
    ["has been here for long", queue.START, 11_001, true],
  ])("a take that %s", (_, progress, now_ms, expected) => {
    expect(queue.isHeldUp(at(progress), now_ms)).toBe(expected);
  });
});
