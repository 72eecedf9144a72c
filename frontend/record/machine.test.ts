import { describe, expect, it } from "vitest";
import type { OfferedPrompt } from "../api/types";
import { INITIAL, acceptedIn, currentPrompt, transition, type Event, type State } from "./machine";

const prompt = (id: string): OfferedPrompt => ({ id, kind: "keyword", text: id, seconds: null });
const TWO = [prompt("one"), prompt("two")];

const run = (state: State, ...events: Event[]): State => events.reduce(transition, state);
const ready = (): State =>
  run(INITIAL, { type: "loaded", consented: true }, { type: "begin" }, { type: "opened", prompts: TWO }, { type: "measured" });

const START: Event = { type: "start", by: "hand" };
const VOICE: Event = { type: "start", by: "voice" };
const TAKE: Event[] = [START, { type: "stop" }, { type: "taken" }];
const accept = (take_id: string): Event => ({ type: "accept", take_id });
const PASSED = { kind: "passed" };

describe("the recorder", () => {
  it("asks for consent first, and only who agreed comes to the microphone", () => {
    const asked = run(INITIAL, { type: "loaded", consented: false });
    expect(asked.name).toBe("consent");
    expect(run(asked, { type: "opened", prompts: TWO }).name).toBe("consent");
    expect(run(asked, { type: "begin" }).name).toBe("opening");
  });

  it("goes through a set, counting what was accepted", () => {
    const end = run(ready(), ...TAKE, accept("a"), ...TAKE, accept("b"));
    expect(end.name === "finished" && acceptedIn(end.set)).toBe(2);
  });

  it("stays at a prompt when it is recorded again, and passes it when it is skipped", () => {
    const again = run(ready(), ...TAKE, { type: "again" });
    expect(again).toMatchObject({ name: "ready", set: { outcomes: [] } });
    const skipped = run(again, { type: "skip" });
    expect(skipped.name === "ready" && currentPrompt(skipped.set).id).toBe("two");
    expect(run(skipped, ...TAKE, { type: "skip" })).toMatchObject({
      name: "finished",
      set: { outcomes: [PASSED, PASSED] },
    });
  });

  it("forgets a recording that is cancelled", () => {
    const state = run(ready(), START, { type: "cancel" });
    expect(state).toMatchObject({ name: "ready", set: { outcomes: [] } });
    expect(run(state, { type: "taken" })).toBe(state);
  });

  it.each<Event>([
    { type: "stop" },
    accept("a"),
    { type: "again" },
    { type: "troubled", trouble: "quiet" },
    { type: "measured" },
    { type: "undo" },
    { type: "taken" },
    { type: "cancel" },
    { type: "begin" },
    { type: "loaded", consented: false },
  ])("changes nothing upon $type before a take", (event) => {
    const state = ready();
    expect(transition(state, event)).toBe(state);
  });

  it("cannot accept twice", () => {
    const once = run(ready(), ...TAKE, accept("a"));
    expect(run(once, accept("a"))).toBe(once);
  });

  it("goes on where it was after the microphone went away", () => {
    const second = run(ready(), ...TAKE, accept("a"), START);
    const lost = run(second, { type: "failed", fault: "lost" });
    expect(lost).toMatchObject({ name: "fault", fault: "lost", retry: "opening" });
    const fresh = [prompt("three")];
    expect(run(lost, { type: "begin" }, { type: "opened", prompts: fresh })).toMatchObject({
      name: "quiet",
      set: { outcomes: [{ take_id: "a" }], prompts: TWO },
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
    expect(again).toMatchObject({ name: "quiet", set: { outcomes: [] } });
  });
});

describe("the recorder without hands", () => {
  it("goes to the next prompt by itself when a take is good", () => {
    const next = run(ready(), VOICE, { type: "stop" }, accept("a"));
    expect(next).toMatchObject({ name: "ready", trouble: null, set: { outcomes: [{ take_id: "a" }] } });
  });

  it("stays at the prompt and says why when a take is not", () => {
    const repeated = run(ready(), VOICE, { type: "stop" }, { type: "troubled", trouble: "quiet" });
    expect(repeated).toMatchObject({ name: "ready", trouble: "quiet", set: { outcomes: [] } });
    expect(run(repeated, VOICE, { type: "troubled", trouble: "clipped" })).toMatchObject({
      name: "ready",
      trouble: "clipped",
    });
  });

  it("waits for a quiet room before the first prompt", () => {
    const quiet = run(INITIAL, { type: "loaded", consented: true }, { type: "begin" }, { type: "opened", prompts: TWO });
    expect(quiet).toMatchObject({ name: "quiet", again: false });
    expect(run(quiet, VOICE)).toBe(quiet);
    expect(run(quiet, { type: "disturbed" })).toMatchObject({ name: "quiet", again: true });
  });
});

describe("undo", () => {
  it.each<[string, Event[]]>([
    ["a take", [...TAKE, accept("a")]],
    ["a skip", [{ type: "skip" }]],
    ["a take, from within the next recording", [...TAKE, accept("a"), START]],
    ["a take, while the next one is judged", [...TAKE, accept("a"), ...TAKE]],
  ])("goes back to the prompt before: %s", (_, events) => {
    const state = run(ready(), ...events, { type: "undo" });
    expect(state).toMatchObject({ name: "ready", set: { outcomes: [] } });
  });

  it("opens the microphone again after the last prompt of a set", () => {
    const state = run(ready(), { type: "skip" }, { type: "skip" }, { type: "undo" });
    expect(state).toMatchObject({ name: "opening", resume: { outcomes: [PASSED] } });
  });

  it("waits until a take that is ending is whole", () => {
    const ending = run(ready(), { type: "skip" }, VOICE, { type: "stop" });
    expect(run(ending, { type: "undo" })).toBe(ending);
  });
});
