import { describe, expect, it } from "vitest";
import type { OfferedPrompt } from "../api/types";
import { INITIAL, currentPrompt, transition, type Event, type State } from "./machine";

const prompt = (id: string): OfferedPrompt => ({ id, kind: "keyword", text: id, seconds: null });
const TWO = [prompt("one"), prompt("two")];

const run = (state: State, ...events: Event[]): State => events.reduce(transition, state);
const ready = (): State =>
  run(INITIAL, { type: "loaded", consented: true }, { type: "begin" }, { type: "opened", prompts: TWO });

const TAKE: Event[] = [{ type: "start" }, { type: "stop" }, { type: "taken" }];

describe("the recorder", () => {
  it("asks for consent first, and only who agreed comes to the microphone", () => {
    const asked = run(INITIAL, { type: "loaded", consented: false });
    expect(asked.name).toBe("consent");
    expect(run(asked, { type: "opened", prompts: TWO }).name).toBe("consent");
    expect(run(asked, { type: "begin" }).name).toBe("opening");
  });

  it("goes through a set, counting what was accepted", () => {
    const end = run(ready(), ...TAKE, { type: "accept" }, ...TAKE, { type: "accept" });
    expect(end).toMatchObject({ name: "finished", set: { accepted: 2 } });
  });

  it("stays at a prompt when it is recorded again, and passes it when it is skipped", () => {
    const again = run(ready(), ...TAKE, { type: "again" });
    expect(again).toMatchObject({ name: "ready", set: { index: 0, accepted: 0 } });
    const skipped = run(again, { type: "skip" });
    expect(skipped.name === "ready" && currentPrompt(skipped.set).id).toBe("two");
    expect(run(skipped, ...TAKE, { type: "skip" })).toMatchObject({
      name: "finished",
      set: { accepted: 0 },
    });
  });

  it("forgets a recording that is cancelled", () => {
    const state = run(ready(), { type: "start" }, { type: "cancel" });
    expect(state).toMatchObject({ name: "ready", set: { index: 0 } });
    expect(run(state, { type: "taken" })).toBe(state);
  });

  it.each<Event>([
    { type: "stop" },
    { type: "accept" },
    { type: "again" },
    { type: "taken" },
    { type: "cancel" },
    { type: "begin" },
    { type: "loaded", consented: false },
  ])("changes nothing upon $type before a take", (event) => {
    const state = ready();
    expect(transition(state, event)).toBe(state);
  });

  it("cannot accept twice", () => {
    const once = run(ready(), ...TAKE, { type: "accept" });
    expect(run(once, { type: "accept" })).toBe(once);
  });

  it("goes on where it was after the microphone went away", () => {
    const second = run(ready(), ...TAKE, { type: "accept" }, { type: "start" });
    const lost = run(second, { type: "failed", fault: "lost" });
    expect(lost).toMatchObject({ name: "fault", fault: "lost", retry: "opening" });
    const fresh = [prompt("three")];
    expect(run(lost, { type: "begin" }, { type: "opened", prompts: fresh })).toMatchObject({
      name: "ready",
      set: { index: 1, accepted: 1, prompts: TWO },
    });
  });

  it("never goes around the consent by way of a fault", () => {
    for (const early of [INITIAL, run(INITIAL, { type: "loaded", consented: false })]) {
      const failed = run(early, { type: "failed", fault: "server", detail: "offline" });
      expect(run(failed, { type: "begin" })).toEqual(INITIAL);
    }
  });

  it("says so when there is nothing to record, and starts a new set after one", () => {
    const opening = run(INITIAL, { type: "loaded", consented: true }, { type: "begin" });
    expect(run(opening, { type: "opened", prompts: [] })).toMatchObject({ fault: "no-prompts" });
    const done = run(ready(), { type: "finish" });
    expect(done.name).toBe("finished");
    const again = run(done, { type: "begin" }, { type: "opened", prompts: TWO });
    expect(again).toMatchObject({ name: "ready", set: { index: 0, accepted: 0 } });
  });
});
