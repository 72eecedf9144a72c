import { describe, expect, it } from "vitest";
import { START, type Progress } from "../upload/queue";
import type { QueuedTake } from "../upload/store";
import { statusOf } from "./status";

const take = (progress: Progress, accepted_at = 0): QueuedTake =>
  ({ id: "a", progress, accepted_at }) as QueuedTake;
const waiting = take({ ...START, attempts: 1 });
const fresh = take(START, 1000);
const failed = take({ status: "failed", attempts: 1, reason: "No." });

describe("the status at the head of a page", () => {
  it.each([
    [[], true, null],
    [[fresh], true, null],
    [[], false, { tone: "calm", text: "Offline" }],
    [[fresh], false, { tone: "calm", text: "Offline" }],
    [[waiting], true, { tone: "busy", text: "1 take waits" }],
    [[waiting, waiting], false, { tone: "busy", text: "Offline · 2 wait" }],
    [[waiting, failed], false, { tone: "bad", text: "1 take not sent" }],
  ])("%#", (takes, online, expected) => {
    expect(statusOf(takes, online, 1000)).toEqual(expected);
  });
});
