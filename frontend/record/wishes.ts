import type { Campaign, OfferedPrompt, RecordingWishes } from "../api/types";

const DEFAULTS: RecordingWishes = {
  room_tone_s: 2,
  room_tone_prompt: null,
  silence_keyword_s: 0.4,
  silence_sentence_s: 0.8,
  longest_take_s: 60,
  prompts_per_set: 20,
  show_heard: false,
};

/** A word that goes on longer than this is not a word: something else holds the take open. */
const LONGEST_KEYWORD_S = 6;

/** How the campaign wants to be recorded; a campaign kept from before it could say so says nothing. */
export function wishesOf(campaign: Campaign | null): RecordingWishes {
  return { ...DEFAULTS, ...campaign?.recording };
}

/** The silence after which a take of `prompt` ends by itself, in seconds. */
export function silenceAfter(prompt: OfferedPrompt, wishes: RecordingWishes): number {
  return prompt.kind === "keyword" ? wishes.silence_keyword_s : wishes.silence_sentence_s;
}

/** The longest take of `prompt`, in seconds; `by_voice` when it began by itself. */
export function longestTake(prompt: OfferedPrompt, wishes: RecordingWishes, by_voice: boolean): number {
  if (prompt.kind === "noise") return prompt.seconds ?? 5;
  const keyword = by_voice && prompt.kind === "keyword";
  return keyword ? Math.min(LONGEST_KEYWORD_S, wishes.longest_take_s) : wishes.longest_take_s;
}
