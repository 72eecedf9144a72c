/**
 * What the API says, as it says it. Field names are the wire's. A test holds each interface
 * against the schema that it names.
 */

export type PromptKind = "keyword" | "sentence" | "noise";

/** {@schema PromptOut} */
export interface Prompt {
  id: string;
  kind: PromptKind;
  text: string;
}

/** A prompt on offer; `seconds` says how long a noise take lasts. {@schema PromptOut} */
export interface OfferedPrompt extends Prompt {
  seconds: number | null;
}

/** {@schema ConsentQuestionOut} */
export interface ConsentText {
  version: number;
  language: string;
  body: string;
  sha256: string;
  purposes: PurposeAsked[];
  /** Of the purposes' words as they are shown; sent back with the answer. */
  wordings_sha256: string;
  /** What is new to somebody who agreed to an earlier text; otherwise empty. */
  changes: TextChange[];
}

/** One purpose that a campaign asks about; the base is agreed to with the text itself. {@schema PurposeOut} */
export interface PurposeAsked {
  purpose: string;
  wording: string;
  is_base: boolean;
}

/** {@schema ChangeOut} */
export interface TextChange {
  kind: "same" | "added" | "removed";
  text: string;
}

/** {@schema ProgressOut} */
export interface Progress {
  clips: number;
  accepted: number;
  speakers: number;
  goal: number;
}

/** How a campaign wants its takes recorded. {@schema RecordingOut} */
export interface RecordingWishes {
  /** How long the room is listened to before a set, and the prompt under which that is kept. */
  room_tone_s: number;
  room_tone_prompt: string | null;
  /** A silence that long ends a take that began by itself. */
  silence_keyword_s: number;
  silence_sentence_s: number;
  longest_take_s: number;
  prompts_per_set: number;
  /** Whether a speaker may see what the machine heard. */
  show_heard: boolean;
}

/** {@schema CampaignOut} */
export interface Campaign {
  slug: string;
  name: string;
  description: string;
  language: string;
  consent: ConsentText;
  consented: boolean;
  progress: Progress;
  recording?: Partial<RecordingWishes>;
  /** Null before the first consent. */
  speaker: { id: string; asked_about_themselves: boolean } | null;
}

/** Who agrees: the speaker, of age, or the guardian of a child. */
export type AgreedBy = "adult" | "guardian";

/** {@schema ConsentOut} */
export interface Consent {
  id: string;
  given_at: string;
  recovery_phrase: string | null;
  speaker_id: string;
}

export type ClipState =
  | "received"
  | "scoring"
  | "in_review"
  | "accepted"
  | "rejected"
  | "set_aside"
  | "released"
  | "unusable"
  | "paused"
  | "held"
  | "kept"
  | "withdrawn"
  | "erased";

/** The machine's opinion: `match` (0 to 1) of what it heard with the prompt. {@schema PreScoreOut} */
export interface PreScore {
  match: number | null;
  heard: string;
  model: string;
}

/** {@schema MeasurementsOut} */
export interface Measurements {
  duration_s: number;
  peak_dbfs: number | null;
  loudness_lufs: number | null;
  snr_db: number | null;
}

/** Something that the server noticed in a clip, and what would help. {@schema FindingOut} */
export interface Finding {
  code: string;
  label: string;
  advice: string;
}

export type ReportReason = "wrong_language" | "offensive" | "unreadable" | "mistake" | "other";

/** {@schema ClipOut} */
export interface Clip {
  id: string;
  campaign: string;
  prompt: Prompt | null;
  state: ClipState;
  state_label: string;
  /** Since when a legal hold keeps it, and out of all use; null where there is none. */
  held_since?: string | null;
  problem: string | null;
  pre_score: PreScore | null;
  measurements: Measurements | null;
  findings?: Finding[];
  uploaded_at: string;
  releases: string[];
  withdrawable: boolean;
}

export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

export type CapturePath = "track-processor" | "audio-worklet" | "media-recorder";

/** The header Choir-Capture: how the take came to be. */
export interface Capture {
  path: CapturePath;
  sampling_rate_hz: number;
  channels: number;
  /** The three processings as the device reports them; null where it does not say. */
  echo_cancellation: boolean | null;
  noise_suppression: boolean | null;
  auto_gain_control: boolean | null;
  lossy: boolean;
  gaps: number;
  encoder: "libflacjs" | "wav" | "browser";
  /** Where speech was found within the take: a proposal for cutting, which is never done here. */
  trim_start_s?: number;
  trim_end_s?: number;
  noise_floor_dbfs?: number;
  start?: "hands-free" | "by-hand";
  /** Takes of this prompt that were thrown away before, because they were clipped. */
  restarts?: number;
  browser?: string;
}

export type Verdict = "accept" | "reject" | "unsure";

/** What a machine made of a clip; `match` (0 to 1) null where it has no say. {@schema MachineOut} */
export interface MachineOpinion {
  match: number | null;
  heard: string | null;
  model: string;
}

/** A clip to judge. The addresses are open to the reviewer until the lease ends. {@schema ClipToJudgeOut} */
export interface ClipToJudge {
  id: string;
  preview_url: string;
  audio_url: string;
  peaks_url: string;
  spectrogram_url: string;
  duration_s: number;
  prompt: Prompt | null;
  language: string;
}

/** {@schema CaseOut} */
export interface ReviewCase {
  id: string;
  lease_until: string;
  clip: ClipToJudge;
  /** Null where people are to judge without the machine. */
  machine: MachineOpinion | null;
  /** Tags that the machine's findings propose. */
  proposed_tags: string[];
  is_training: boolean;
}

/** A word for what a reviewer hears: of the sound's quality, or an answer to a question. {@schema TagOut} */
export interface ReviewTag {
  code: string;
  label: string;
  key: string | null;
  kind: "quality" | "question";
  group: string;
}

/** {@schema QuestionOut} */
export interface ReviewQuestion {
  code: string;
  label: string;
  options: { code: string; label: string }[];
}

export type ReviewMode = "desk" | "cards";

/** {@schema PolicyOut} */
export interface ReviewPolicy {
  name: string;
  guidelines: string;
  tags: ReviewTag[];
  questions: ReviewQuestion[];
  mode_default: ReviewMode;
}

/** {@schema SessionOut} */
export interface ReviewSession {
  votes_today: number;
  agreement_percent: number | null;
  training: { done: number; of: number } | null;
}

/** {@schema QueueOut} */
export interface ReviewQueue {
  cases: ReviewCase[];
  policy: ReviewPolicy;
  session: ReviewSession;
}

/** All that one vote says. {@schema VoteIn} */
export interface Ballot {
  verdict: Verdict;
  tags: string[];
  transcript?: string;
  heard_s: number;
  played_to_end: boolean;
}

/** What a training clip answers. {@schema FeedbackOut} */
export interface Feedback {
  right: boolean;
  explanation: string;
}

/** {@schema VoteOut} */
export interface VoteAnswer {
  status: string;
  feedback: Feedback | null;
  can_undo_until: string;
}

export type ClipReportReason =
  | "offensive"
  | "private"
  | "wrong_language"
  | "not_a_person"
  | "prompt"
  | "other";
