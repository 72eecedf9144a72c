// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import { Scope } from "../lib/scope";
import { Outbox, type Letter } from "./outbox";

let scope: Scope;
let outbox: Outbox;
beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope();
  outbox = new Outbox(scope, () => {});
});
afterEach(() => {
  scope.dispose();
  vi.useRealTimers();
});

const sent: string[] = [];
beforeEach(() => sent.splice(0));

function letter(name: string, ...failures: Problem[]): Letter {
  return {
    matters: true,
    send: () => {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      sent.push(name);
      return Promise.resolve();
    },
    refused: ({ code }) => sent.push(`${name}: ${code}`),
  };
}

it("sends what does not arrive again, and nothing overtakes it", async () => {
  outbox.add(letter("vote", Problem.unreachable(), new Problem(503, "busy", "Busy.")));
  outbox.add(letter("undo"));
  await vi.advanceTimersByTimeAsync(500);
  expect([sent, outbox.waiting, outbox.stuck?.code]).toEqual([[], 2, "unreachable"]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect([sent, outbox.waiting, outbox.stuck]).toEqual([["vote", "undo"], 0, null]);
});

it("does not insist on what is refused", async () => {
  outbox.add(letter("vote", new Problem(409, "lease_lost", "Lost.")));
  outbox.add(letter("next"));
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(["vote: lease_lost", "next"]);
});

it("tries at once when the connection is back", async () => {
  outbox.add(letter("vote", Problem.unreachable()));
  await vi.advanceTimersByTimeAsync(10);
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual(["vote"]);
});

it("forgets what was not tried yet, and only that", async () => {
  const first = letter("first");
  const second = letter("second");
  outbox.add(first);
  outbox.add(second);
  expect([outbox.drop(first), outbox.drop(second)]).toEqual([false, true]);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(["first"]);
});
