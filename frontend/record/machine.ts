/**
 * The recorder as a pure state machine. The element turns gestures and outcomes into events,
 * and does what entering a state calls for; nothing here touches the browser.
 */

import type { OfferedPrompt } from "../api/types";
import type { MicrophoneFault } from "./microphone/microphone";
import type { Trouble } from "./pcm/judgement";

/** What became of a prompt that is done: the take that was accepted, or that it was passed. */
export type Outcome = { kind: "accepted"; take_id: string } | { kind: "passed" };

/** Where a set stands: its prompts, and what became of those that are done. */
export interface RecordingSet {
  readonly prompts: readonly OfferedPrompt[];
  readonly outcomes: readonly Outcome[];
}

export type Fault =
  | MicrophoneFault
  | "lost"
  | "interrupted"
  | "away"
  | "silent"
  | "full"
  | "no-prompts"
  | "server";

/** Who began a take: a key or button, or the voice itself. */
export type StartedBy = "hand" | "voice";

export type State =
  | { name: "loading" }
  /** Asked again in the middle of a set, it goes on there. */
  | { name: "consent"; resume: RecordingSet | null }
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
  /** Two seconds of room tone. `again` says that it was not quiet before. */
  | { name: "quiet"; set: RecordingSet; again: boolean }
  /** `trouble` says why the last take of this prompt was not good enough. */
  | { name: "ready"; set: RecordingSet; trouble: Trouble | null }
  | { name: "recording"; set: RecordingSet; by: StartedBy }
  | { name: "ending"; set: RecordingSet; by: StartedBy }
  | { name: "take"; set: RecordingSet }
  | { name: "finished"; set: RecordingSet };

export type Event =
  | { type: "loaded"; consented: boolean }
  | { type: "asked" }
  | { type: "begin" }
  | { type: "opened"; prompts: readonly OfferedPrompt[] }
  | { type: "failed"; fault: Fault; detail?: string }
  | { type: "measured" }
  | { type: "disturbed" }
  | { type: "start"; by: StartedBy }
  | { type: "stop" }
  | { type: "cancel" }
  | { type: "taken" }
  | { type: "troubled"; trouble: Trouble }
  | { type: "accept"; take_id: string }
  | { type: "again" }
  | { type: "skip" }
  | { type: "undo" }
  | { type: "finish" };

export const INITIAL: State = { name: "loading" };

export function currentPrompt(set: RecordingSet): OfferedPrompt {
  return set.prompts[set.outcomes.length]!;
}

export function acceptedIn(set: RecordingSet): number {
  return set.outcomes.filter(({ kind }) => kind === "accepted").length;
}

/** The set that a state is in the middle of, or will go back to. */
export function setOf(state: State): RecordingSet | null {
  if ("resume" in state) return state.resume;
  return "set" in state && state.name !== "finished" ? state.set : null;
}

function ready(set: RecordingSet, trouble: Trouble | null = null): State {
  return { name: "ready", set, trouble };
}

function advance(set: RecordingSet, outcome: Outcome): State {
  const next = { ...set, outcomes: [...set.outcomes, outcome] };
  return next.outcomes.length < next.prompts.length ? ready(next) : { name: "finished", set: next };
}

function opened(resume: RecordingSet | null, prompts: readonly OfferedPrompt[]): State {
  if (resume) return { name: "quiet", set: resume, again: false };
  if (prompts.length > 0) return { name: "quiet", set: { prompts, outcomes: [] }, again: false };
  return { name: "fault", fault: "no-prompts", detail: "", retry: "opening", resume: null };
}

/** Back to the prompt before; a finished set needs its microphone again. */
function undone(state: State): State {
  if (!("set" in state) || state.name === "ending" || state.set.outcomes.length === 0) return state;
  const set = { ...state.set, outcomes: state.set.outcomes.slice(0, -1) };
  if (state.name === "quiet") return { ...state, set };
  return state.name === "finished" ? { name: "opening", resume: set } : ready(set);
}

/** What may happen in each state; an event that is not named there changes nothing. */
function step(state: State, event: Event): State {
  switch (state.name) {
    case "loading":
      if (event.type !== "loaded") return state;
      return event.consented ? { name: "welcome" } : { name: "consent", resume: null };
    case "consent":
    case "welcome":
    case "finished":
      return event.type === "begin" ? { name: "opening", resume: setOf(state) } : state;
    case "fault":
      if (event.type !== "begin") return state;
      return state.retry === "loading" ? INITIAL : { name: "opening", resume: state.resume };
    case "opening":
      return event.type === "opened" ? opened(state.resume, event.prompts) : state;
    case "quiet":
      if (event.type === "disturbed") return { ...state, again: true };
      return event.type === "measured" ? ready(state.set) : state;
    case "ready":
      if (event.type === "start") return { name: "recording", set: state.set, by: event.by };
      return event.type === "skip" ? advance(state.set, { kind: "passed" }) : state;
    case "recording":
      if (event.type === "stop") return { ...state, name: "ending" };
      if (event.type === "troubled") return ready(state.set, event.trouble);
      return event.type === "cancel" ? ready(state.set) : state;
    case "ending":
      return ended(state.set, event) ?? state;
    case "take":
      if (event.type === "again") return ready(state.set);
      if (event.type === "skip") return advance(state.set, { kind: "passed" });
      return event.type === "accept" ? accepted(state.set, event.take_id) : state;
  }
}

function accepted(set: RecordingSet, take_id: string): State {
  return advance(set, { kind: "accepted", take_id });
}

/** A take is whole: to be judged by its speaker, or accepted or refused by itself. */
function ended(set: RecordingSet, event: Event): State | null {
  if (event.type === "taken") return { name: "take", set };
  if (event.type === "troubled") return ready(set, event.trouble);
  return event.type === "accept" ? accepted(set, event.take_id) : null;
}

/** The campaign's text has changed meanwhile: nothing more is recorded until it is agreed to. */
function askedAgain(state: State): State {
  if (state.name === "loading" || state.name === "consent") return state;
  return { name: "consent", resume: setOf(state) };
}

/** The state that follows `state` upon `event`. Never throws; a late event is no error. */
export function transition(state: State, event: Event): State {
  const set = setOf(state);
  if (event.type === "failed") {
    const { fault, detail = "" } = event;
    const early = state.name === "loading" || state.name === "consent";
    return { name: "fault", fault, detail, retry: early ? "loading" : "opening", resume: set };
  }
  if (event.type === "asked") return askedAgain(state);
  if (event.type === "undo") return undone(state);
  if (event.type === "finish" && set) return { name: "finished", set };
  return step(state, event);
}
