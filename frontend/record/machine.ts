/**
 * The recorder as a pure state machine. The element turns gestures and outcomes into events,
 * and does what entering a state calls for; nothing here touches the browser.
 */

import type { OfferedPrompt } from "../api/types";
import type { MicrophoneFault } from "./microphone/microphone";

/** Where a set stands: its prompts, the one at hand, and how many takes were accepted. */
export interface RecordingSet {
  readonly prompts: readonly OfferedPrompt[];
  readonly index: number;
  readonly accepted: number;
}

export type Fault = MicrophoneFault | "lost" | "no-prompts" | "server";

export type State =
  | { name: "loading" }
  | { name: "consent" }
  | { name: "welcome" }
  | { name: "opening"; resume: RecordingSet | null }
  | {
      name: "fault";
      fault: Fault;
      detail: string;
      /** Where trying again goes on: nobody reaches the microphone around the consent. */
      retry: "loading" | "opening";
      resume: RecordingSet | null;
    }
  | { name: "ready"; set: RecordingSet }
  | { name: "recording"; set: RecordingSet }
  | { name: "ending"; set: RecordingSet }
  | { name: "take"; set: RecordingSet }
  | { name: "finished"; set: RecordingSet };

export type Event =
  | { type: "loaded"; consented: boolean }
  | { type: "begin" }
  | { type: "opened"; prompts: readonly OfferedPrompt[] }
  | { type: "failed"; fault: Fault; detail?: string }
  | { type: "start" }
  | { type: "stop" }
  | { type: "cancel" }
  | { type: "taken" }
  | { type: "accept" }
  | { type: "again" }
  | { type: "skip" }
  | { type: "finish" };

export const INITIAL: State = { name: "loading" };

export function currentPrompt(set: RecordingSet): OfferedPrompt {
  return set.prompts[set.index]!;
}

/** The set that a state is in the middle of, or will go back to. */
export function setOf(state: State): RecordingSet | null {
  if ("resume" in state) return state.resume;
  return "set" in state && state.name !== "finished" ? state.set : null;
}

function advance(set: RecordingSet, accepted: number): State {
  const next = { ...set, accepted: set.accepted + accepted, index: set.index + 1 };
  return { name: next.index < next.prompts.length ? "ready" : "finished", set: next };
}

function opened(resume: RecordingSet | null, prompts: readonly OfferedPrompt[]): State {
  if (resume) return { name: "ready", set: resume };
  if (prompts.length > 0) return { name: "ready", set: { prompts, index: 0, accepted: 0 } };
  return { name: "fault", fault: "no-prompts", detail: "", retry: "opening", resume: null };
}

/** What may happen in each state; an event that is not named there changes nothing. */
function step(state: State, event: Event): State {
  switch (state.name) {
    case "loading":
      return event.type === "loaded"
        ? { name: event.consented ? "welcome" : "consent" }
        : state;
    case "consent":
    case "welcome":
    case "finished":
      return event.type === "begin" ? { name: "opening", resume: setOf(state) } : state;
    case "fault":
      if (event.type !== "begin") return state;
      return state.retry === "loading" ? INITIAL : { name: "opening", resume: state.resume };
    case "opening":
      return event.type === "opened" ? opened(state.resume, event.prompts) : state;
    case "ready":
      if (event.type === "start") return { name: "recording", set: state.set };
      return event.type === "skip" ? advance(state.set, 0) : state;
    case "recording":
      if (event.type === "stop") return { name: "ending", set: state.set };
      return event.type === "cancel" ? { name: "ready", set: state.set } : state;
    case "ending":
      return event.type === "taken" ? { name: "take", set: state.set } : state;
    case "take":
      if (event.type === "accept") return advance(state.set, 1);
      if (event.type === "again") return { name: "ready", set: state.set };
      return event.type === "skip" ? advance(state.set, 0) : state;
  }
}

/** The state that follows `state` upon `event`. Never throws; a late event is no error. */
export function transition(state: State, event: Event): State {
  const set = setOf(state);
  if (event.type === "failed") {
    const { fault, detail = "" } = event;
    const early = state.name === "loading" || state.name === "consent";
    return { name: "fault", fault, detail, retry: early ? "loading" : "opening", resume: set };
  }
  if (event.type === "finish" && set) return { name: "finished", set };
  return step(state, event);
}
